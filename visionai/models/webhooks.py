"""The tables of webhooks: who is told of what, the outbox of what is still to be told, and the rules that fire."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ..contract.webhooks import MAX_DESCRIPTION, MAX_NAME, MAX_URL, DeliveryStatus
from ..database.types import BigKey, UtcDateTime, utc_now
from ..extensions import Base

_IS_PENDING = text("status = 'pending'")


class Webhook(Base):
    """An address that is told of events by signed requests.

    `secret` signs them, so that it is kept as it is. `failures` are the tries that failed since the last that came
    through, at `last_delivered_at`.
    """

    __tablename__ = "webhooks"

    webhook_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(String(MAX_URL))
    events: Mapped[list[str]] = mapped_column(JSON)
    description: Mapped[str | None] = mapped_column(String(MAX_DESCRIPTION))
    secret: Mapped[str] = mapped_column(String(100))
    active: Mapped[bool] = mapped_column(default=True)
    disabled_reason: Mapped[str | None] = mapped_column(String(20))
    failures: Mapped[int] = mapped_column(default=0)
    last_delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    __table_args__ = (Index("ix_webhooks_user", "user_id"), {"sqlite_autoincrement": True})


class WebhookDelivery(Base):
    """The outbox: an event for one webhook, written in the transaction of its cause.

    `payload` is the body to the byte, since it is signed. Whoever sends takes a pending delivery by counting its try
    and putting `next_try_at` behind the time that sending takes: should that process die, the next try is due then.
    `error` is the class of the last failure, `last_status` what the receiver answered.
    """

    __tablename__ = "webhook_deliveries"

    delivery_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    webhook_id: Mapped[int] = mapped_column(BigKey, ForeignKey("webhooks.webhook_id", ondelete="CASCADE"))
    # What is told of a session goes with it.
    session_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("sessions.session_id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10), default=DeliveryStatus.PENDING.value)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=utc_now)
    last_status: Mapped[int | None] = mapped_column(SmallInteger)
    error: Mapped[str | None] = mapped_column(String(40))
    took_ms: Mapped[int | None]
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("status IN ('pending', 'delivered', 'failed')", name="status"),
        Index("ix_webhook_deliveries_webhook", "webhook_id", "created_at", "delivery_id"),
        Index("ix_webhook_deliveries_session", "session_id"),
        Index("ix_webhook_deliveries_due", "next_try_at", postgresql_where=_IS_PENDING, sqlite_where=_IS_PENDING),
        {"sqlite_autoincrement": True},
    )


class Rule(Base):
    """What makes `rule.fired` in the sessions of its owner.

    At least `people` persons showed `expression` in at least `share` of the last `seconds` seconds.
    """

    __tablename__ = "rules"

    rule_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    expression: Mapped[str] = mapped_column(String(20))
    share: Mapped[float]
    seconds: Mapped[int]
    people: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    __table_args__ = (Index("ix_rules_user", "user_id"), {"sqlite_autoincrement": True})


class RuleHold(Base):
    """A rule that holds in a session at present, so that it has fired there and does not again until it was not."""

    __tablename__ = "rule_holds"

    rule_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("rules.rule_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    session_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )

    __table_args__ = (Index("ix_rule_holds_session", "session_id"),)
