"""The table of versions of the weights."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ..database.types import UtcDateTime, utc_now
from ..extensions import Base


class VersionStatus(StrEnum):
    """Where a version stands: `seen` in predictions and never registered, `registered`, or the one that is `active`."""

    SEEN = "seen"
    REGISTERED = "registered"
    ACTIVE = "active"


class ModelVersion(Base):
    """A version of the weights; at most one is active, and every server process serves that one.

    `model_filename` is the manifest's, relative to the project's folder where it lies in it. `sha256` is that of the
    file served, `temperature` what its scores are calibrated with at even class shares, `metrics` what was measured on
    the test set.
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
