"""The table of keys for programs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..database.types import UtcDateTime, utc_now
from ..extensions import Base


class ApiKey(Base):
    """A key: what a program of a user shows in the place of a token, and what it may do.

    `key_id` is public and part of the key; of the secret there is its SHA-256. `rate` are calls a minute, `daily_quota`
    calls a day of UTC, null for as many as one likes. `used` are the calls of the day `used_on`, which processes add to
    in groups; of keys without a quota none are counted. `last_used_at` is right to the minute.
    """

    __tablename__ = "api_keys"

    key_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    secret_sha256: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rate: Mapped[int | None]
    daily_quota: Mapped[int | None]
    used_on: Mapped[date | None] = mapped_column(Date)
    used: Mapped[int] = mapped_column(default=0, server_default="0")
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
