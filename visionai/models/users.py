"""The tables of accounts and their logins."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, true
from sqlalchemy.orm import Mapped, mapped_column

from ..database.types import UtcDateTime, utc_now
from ..extensions import Base


class Role(StrEnum):
    """What an account may do."""

    USER = "user"
    ADMIN = "admin"


class User(Base):
    """An account.

    `predictions_erased_at` is when its predictions were last erased: a row made before that and written later (it
    waited in a queue or on the disk of some process) is not let in. One whose `deletion_requested_at` is set has no
    name any more, is being erased day by day, and goes with the last of them.
    """

    __tablename__ = "users"

    user_id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(50))
    hashed_password: Mapped[str] = mapped_column(String(72))
    role: Mapped[str] = mapped_column(String(10), default=Role.USER, server_default=Role.USER.value)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
    predictions_erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deletion_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("role IN ('user', 'admin')", name="role"),
        Index("uq_users_username_lower", func.lower(username), unique=True),
        # A deleted user's id must never be another's: rows of the first may still wait on a disk.
        {"sqlite_autoincrement": True},
    )


class AuthSession(Base):
    """A login. Both of its tokens carry its id; deleting the row ends them."""

    __tablename__ = "auth_sessions"

    session_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
