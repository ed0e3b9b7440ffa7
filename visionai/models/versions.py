"""The tables of versions of the weights and of the files that they are in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ..database.types import UtcDateTime, utc_now
from ..extensions import Base


class VersionStatus(StrEnum):
    """Where a version stands: `seen` in predictions and not (or no longer) kept, `registered`, or the `active` one."""

    SEEN = "seen"
    REGISTERED = "registered"
    ACTIVE = "active"


class ModelVersion(Base):
    """A version of the weights; at most one is active, and every server process serves that one.

    `model_filename` is the manifest's, relative to the project's folder where it lies in it. `manifest` is what that
    file held: it names the files of the weights by their content; null in versions from before it was kept.
    `activated_at` is when the version last came into force, null where it never did or was rolled back. `sha256` is
    that of the file served, `temperature` what its scores are calibrated with at even class shares, `metrics` what was
    measured on the test set.
    """

    __tablename__ = "model_versions"

    model_id: Mapped[int] = mapped_column(primary_key=True)
    model_version_tag: Mapped[str] = mapped_column(String(100), unique=True)
    model_filename: Mapped[str | None] = mapped_column(String(500))
    model_status: Mapped[str] = mapped_column(String(20), default=VersionStatus.REGISTERED)
    creation_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    sha256: Mapped[str | None] = mapped_column(String(64))
    total_params: Mapped[int | None]
    temperature: Mapped[float | None]
    metrics: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    manifest: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("model_status IN ('seen', 'registered', 'active')", name="model_status"),
        Index(
            "uq_model_versions_active",
            "model_status",
            unique=True,
            sqlite_where=text("model_status = 'active'"),
            postgresql_where=text("model_status = 'active'"),
        ),
    )


class WeightsPart(Base):
    """A piece of a file of weights, which has as many as it needs; `sha256` is that of the whole content."""

    __tablename__ = "weights_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
