"""The tables of recorded sessions, their people and their markers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ..contract.session_fields import MAX_LABEL, MAX_MARKER, MAX_NOTES, MAX_PARTICIPANT, MAX_TITLE, SessionStatus
from ..database.types import BigKey, UtcDateTime, utc_now
from ..extensions import Base

_IS_OPEN = text("status = 'open'")
_HAS_PARTICIPANT = text("participant IS NOT NULL")


class RecordedSession(Base):
    """A run of a stream, a video, or a set of calls that belong together.

    `seconds` (of all people together), `frames` and `people` are counted in the transactions that write its rows.
    `gaps` are pairs of milliseconds since the start, during which its client was away. `seen_at` is when its client was
    there last; `holder` names the connection that records into it. `receipt_sha256` lets a person without an account
    have what they recorded, and is null where an account owns it.
    """

    __tablename__ = "sessions"

    session_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True)
    # No cascade: deleting a user erases their sessions first (services.privacy.erasure).
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id"))
    title: Mapped[str | None] = mapped_column(String(MAX_TITLE))
    participant: Mapped[str | None] = mapped_column(String(MAX_PARTICIPANT))
    notes: Mapped[str | None] = mapped_column(String(MAX_NOTES))
    source: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default=SessionStatus.OPEN)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    seconds: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    frames: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    people: Mapped[int] = mapped_column(default=0, server_default="0")
    gaps: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    holder: Mapped[UUID | None]
    receipt_sha256: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("source IN ('camera', 'video', 'api')", name="source"),
        CheckConstraint("status IN ('open', 'ended', 'lost')", name="status"),
        Index("ix_sessions_time", "started_at", "session_id"),
        Index("ix_sessions_user_time", "user_id", "started_at", "session_id"),
        Index("ix_sessions_participant_time", "participant", "started_at", "session_id"),
        # Codes such as P-7 are used by many.
        Index(
            "ix_sessions_user_participant_time",
            "user_id",
            "participant",
            "started_at",
            "session_id",
            postgresql_where=_HAS_PARTICIPANT,
            sqlite_where=_HAS_PARTICIPANT,
        ),
        # For those whose client is gone, whose patience is that of their source.
        Index("ix_sessions_open", "source", "seen_at", postgresql_where=_IS_OPEN, sqlite_where=_IS_OPEN),
        Index("ix_sessions_user_open", "user_id", postgresql_where=_IS_OPEN, sqlite_where=_IS_OPEN),
        # An id that rows on some disk still name is never that of another session.
        {"sqlite_autoincrement": True},
    )


class SessionPerson(Base):
    """A person of a session: a face followed from its appearance to its loss. Nobody is recognised."""

    __tablename__ = "session_people"

    session_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    person: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str | None] = mapped_column(String(MAX_LABEL))
    first_offset_ms: Mapped[int] = mapped_column(BigInteger)
    last_offset_ms: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[int] = mapped_column(BigInteger)
    frames: Mapped[int] = mapped_column(BigInteger)


class SessionMarker(Base):
    """A moment of a session that somebody named."""

    __tablename__ = "session_markers"

    marker_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    session_id: Mapped[int] = mapped_column(BigKey, ForeignKey("sessions.session_id", ondelete="CASCADE"))
    offset_ms: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(MAX_MARKER))

    __table_args__ = (
        Index("ix_session_markers_session", "session_id", "offset_ms", "marker_id"),
        {"sqlite_autoincrement": True},
    )


class SessionErasure(Base):
    """A recorded session that is gone and whose rows are being erased, as `services.privacy.erasure` does."""

    __tablename__ = "session_erasures"

    session_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
