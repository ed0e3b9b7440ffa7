"""The table of the audit log: who did what, on what, from where, when. Rows are added and not changed.

Triggers of the database hold it to that (`migrations/versions/0006_audit.py`), with two exceptions: rows older than
the mark in `audit_retention` may be deleted, and the name and address of a user who is gone may be blanked.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ..database.types import BigKey, IPAddress, UtcDateTime, utc_now
from ..extensions import Base


class AuditAction(StrEnum):
    """What is written down; these names never change."""

    LOGIN = "auth.login"
    LOGIN_FAILED = "auth.login_failed"
    LOGOUT = "auth.logout"
    USER_CREATED = "user.created"
    USER_ROLE = "user.role"
    USER_ACTIVATED = "user.activated"
    USER_DEACTIVATED = "user.deactivated"
    USER_PASSWORD_RESET = "user.password_reset"  # noqa: S105 - the name of an action
    USER_PASSWORD_CHANGED = "user.password_changed"  # noqa: S105
    USER_EXPORTED = "user.exported"
    USER_ERASED = "user.erased"
    READINGS_EXPORTED = "readings.exported"
    READINGS_ERASED = "readings.erased"
    READINGS_PRUNED = "readings.pruned"
    SESSION_EXPORTED = "session.exported"
    SESSION_DELETED = "session.deleted"
    KEY_CREATED = "key.created"
    KEY_REVOKED = "key.revoked"
    KEY_REFUSED = "key.refused"
    MODEL_REGISTERED = "model.registered"
    MODEL_ACTIVATED = "model.activated"
    MODEL_ROLLED_BACK = "model.rolled_back"
    CALIBRATION_CREATED = "calibration.created"
    CALIBRATION_ACTIVATED = "calibration.activated"
    WEBHOOK_CREATED = "webhook.created"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_DELETED = "webhook.deleted"
    WEBHOOK_SWITCHED_OFF = "webhook.switched_off"
    RULE_CREATED = "rule.created"
    RULE_CHANGED = "rule.changed"
    RULE_DELETED = "rule.deleted"
    SETTINGS_START = "settings.start"
    AUDIT_PRUNED = "audit.pruned"


class ActorKind(StrEnum):
    """Who did it: a user, the operator at the command line, the server by itself, or somebody who is not signed in."""

    USER = "user"
    COMMAND_LINE = "command_line"
    SERVER = "server"
    NOBODY = "nobody"


class TargetKind(StrEnum):
    """What it was done on."""

    USER = "user"
    SESSION = "session"
    KEY = "key"
    VERSION = "version"
    WEBHOOK = "webhook"
    RULE = "rule"


class AuditEntry(Base):
    """A row of the audit log.

    `actor_name` and `target_name` are user names as they were, and null once the user was erased, as is `source_ip`,
    of which no more is kept than SOURCE_IP says. `details` are a few plain facts. No foreign keys: a row outlives what
    it speaks of.
    """

    __tablename__ = "audit_log"

    audit_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    timestamp: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    action: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str | None] = mapped_column(String(50))
    target: Mapped[str | None] = mapped_column(String(20))
    target_id: Mapped[str | None] = mapped_column(String(200))
    target_name: Mapped[str | None] = mapped_column(String(50))
    source_ip: Mapped[str | None] = mapped_column(IPAddress)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (
        Index("ix_audit_log_time", "timestamp", "audit_id"),
        Index("ix_audit_log_action_time", "action", "timestamp", "audit_id"),
        Index("ix_audit_log_actor_time", "actor_id", "timestamp", "audit_id"),
        Index("ix_audit_log_target", "target", "target_id"),
        # An id is never given twice: a gap shows that rows were pruned, or that a transaction was taken back.
        {"sqlite_autoincrement": True},
    )


class AuditRetention(Base):
    """Up to when rows of the audit log may be deleted; a single row, none where they are kept for ever."""

    __tablename__ = "audit_retention"

    state_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pruned_before: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("state_id = 1", name="single"),)
