"""The tables of the prediction log and of the counters beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ..database.types import BigKey, IPAddress, Scores, UtcDateTime
from ..extensions import Base

EVERYBODY = 0
"""The `user_id` of the counters that count every prediction, whoever made it and whether or not somebody did."""


class PredictionLog(Base):
    """One row a picture, for its largest face, or a person and second of a stream: the unit of record.

    `scores` are calibrated means over `frames` frames, in the order of the emotions; `offset_ms` counts from the start
    of the session, whose `person` the row speaks of. These are null in rows from before there were any, and the
    session's three outside of one. On PostgreSQL the table is in partitions by `timestamp`, which is therefore in both
    of its keys; the migrations divide it.
    """

    __tablename__ = "predictions_log"

    predic_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    uid: Mapped[UUID]
    emotion_id: Mapped[int] = mapped_column(ForeignKey("emotion_classes.emotion_id"))
    confidence: Mapped[float]
    model_id: Mapped[int] = mapped_column(ForeignKey("model_versions.model_id"))
    processing_time_ms: Mapped[int]
    source_ip: Mapped[str | None] = mapped_column(IPAddress)
    # No cascade: deleting a user takes their share out of the counters first (services.privacy.erasure).
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id"))
    timestamp: Mapped[datetime] = mapped_column(UtcDateTime)
    # No foreign key: a session that is erased goes at once, its rows a day at a time (services.privacy.erasure).
    session_id: Mapped[int | None] = mapped_column(BigKey)
    person: Mapped[int | None]
    frames: Mapped[int | None]
    scores: Mapped[Sequence[float] | None] = mapped_column(Scores)
    uncertain: Mapped[bool | None]
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        UniqueConstraint("uid", "timestamp"),
        # On PostgreSQL that is the primary key.
        Index("ix_predictions_log_time", "timestamp", "predic_id").ddl_if(dialect="sqlite"),
        Index("ix_predictions_log_user_time", "user_id", "timestamp", "predic_id"),
        Index("ix_predictions_log_emotion_time", "emotion_id", "timestamp", "predic_id"),
        Index(
            "ix_predictions_log_session",
            "session_id",
            "offset_ms",
            "person",
            postgresql_where=text("session_id IS NOT NULL"),
            sqlite_where=text("session_id IS NOT NULL"),
        ),
        # An id that was shown to somebody is never that of another row.
        {"sqlite_autoincrement": True},
    )


class Counters:
    """How many predictions, the sum of their confidences and the last of them, by emotion and user.

    User 0 (`EVERYBODY`) counts all; a signed-in user's predictions are counted in a row of their own as well.
    """

    emotion_id: Mapped[int] = mapped_column(
        SmallInteger, ForeignKey("emotion_classes.emotion_id"), primary_key=True, autoincrement=False, sort_order=2
    )
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=3)
    count: Mapped[int] = mapped_column(BigInteger, sort_order=4)
    confidence_sum: Mapped[float] = mapped_column(sort_order=5)
    last_timestamp: Mapped[datetime] = mapped_column(UtcDateTime, sort_order=6)


class PredictionHourly(Counters, Base):
    """The counters of an hour, by the instant it begins. All other counters are sums of these."""

    __tablename__ = "prediction_hourly"

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True, sort_order=1)

    __table_args__ = (
        Index("ix_prediction_hourly_user", "user_id", "hour"),
        # A year of everybody's hours is 61,000 entries, read for days that are not those of UTC without the table.
        Index(
            "ix_prediction_hourly_everybody",
            "hour",
            "emotion_id",
            postgresql_include=["count"],
            postgresql_where=text("user_id = 0"),
            sqlite_where=text("user_id = 0"),
        ),
    )


class PredictionDaily(Counters, Base):
    """The counters of a day of UTC: what makes a year of them 365 rows an emotion, not 8,760."""

    __tablename__ = "prediction_daily"

    day: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True, sort_order=1)

    __table_args__ = (
        Index("ix_prediction_daily_user", "user_id", "day"),
        Index(
            "ix_prediction_daily_everybody",
            "day",
            "emotion_id",
            postgresql_include=["count", "confidence_sum", "last_timestamp"],
            postgresql_where=text("user_id = 0"),
            sqlite_where=text("user_id = 0"),
        ),
    )


class PredictionTotal(Counters, Base):
    """The counters of all time."""

    __tablename__ = "prediction_totals"

    __table_args__ = (Index("ix_prediction_totals_user", "user_id"),)


class LogState(Base):
    """What is to be known of the log as a whole; a single row.

    `pruned_before` is the start of an hour: rows older than that are gone and only their counters are left.
    """

    __tablename__ = "log_state"

    state_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pruned_before: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("state_id = 1", name="single"),)
