"""The table of calibrations of a version of the weights."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database.types import UtcDateTime, utc_now
from ..extensions import Base
from .versions import ModelVersion


class CalibrationStatus(StrEnum):
    """Where a calibration stands: `kept`, or the one of its version that is `active`."""

    KEPT = "kept"
    ACTIVE = "active"


class ModelCalibration(Base):
    """Operating points of a version fitted to labelled pictures; of each version at most one is active.

    `offsets` are seven, in the order of the emotions, added to those of every operating point; `temperature_factor`
    multiplies every temperature. `pictures` counts by emotion what it was fitted to, `figures` holds what
    cross-validation measured before and after. `created_by` is null for the command line and for users who are gone.
    A name is never given twice, since answers were logged under it.
    """

    __tablename__ = "model_calibrations"

    calibration_id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("model_versions.model_id"))
    name: Mapped[str] = mapped_column(String(40))
    offsets: Mapped[list[float]] = mapped_column(JSON)
    temperature_factor: Mapped[float]
    pictures: Mapped[dict[str, int]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(20), default=CalibrationStatus.KEPT)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.user_id", ondelete="SET NULL"))

    version: Mapped[ModelVersion] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        CheckConstraint("status IN ('kept', 'active')", name="status"),
        UniqueConstraint("model_id", "name"),
        Index(
            "uq_model_calibrations_active",
            "model_id",
            unique=True,
            sqlite_where=text("status = 'active'"),
            postgresql_where=text("status = 'active'"),
        ),
    )

    @property
    def tag(self) -> str:
        """The version and the name, as answers carry them."""
        return f"{self.version.model_version_tag}+{self.name}"
