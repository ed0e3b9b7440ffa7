"""Webhooks, the outbox of their deliveries, and rules.

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
compatible_with = down_revision

INSTANT = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("webhook_id", BIG_KEY, primary_key=True),
        sa.Column("uid", sa.Uuid(), nullable=False, unique=True),
        _of_user(),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("description", sa.String(200)),
        sa.Column("secret", sa.String(100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("disabled_reason", sa.String(20)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_delivered_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhooks_user", "webhooks", ["user_id"])
    _create_deliveries()
    op.create_table(
        "rules",
        sa.Column("rule_id", BIG_KEY, primary_key=True),
        sa.Column("uid", sa.Uuid(), nullable=False, unique=True),
        _of_user(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("expression", sa.String(20), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rules_user", "rules", ["user_id"])
    op.create_table(
        "rule_holds",
        sa.Column("rule_id", BIG_KEY, sa.ForeignKey("rules.rule_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("session_id", BIG_KEY, sa.ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("ix_rule_holds_session", "rule_holds", ["session_id"])


def _of_user() -> sa.Column[int]:
    return sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False)


def _create_deliveries() -> None:
    table = "webhook_deliveries"
    op.create_table(
        table,
        sa.Column("delivery_id", BIG_KEY, primary_key=True),
        sa.Column("uid", sa.Uuid(), nullable=False, unique=True),
        sa.Column("webhook_id", BIG_KEY, sa.ForeignKey("webhooks.webhook_id", ondelete="CASCADE"), nullable=False),
        sa.Column("session_id", BIG_KEY, sa.ForeignKey("sessions.session_id", ondelete="CASCADE")),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("next_try_at", INSTANT),
        sa.Column("last_status", sa.SmallInteger()),
        sa.Column("error", sa.String(40)),
        sa.Column("took_ms", sa.Integer()),
        sa.Column("delivered_at", INSTANT),
        sa.CheckConstraint("status IN ('pending', 'delivered', 'failed')", name="status"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_deliveries_webhook", table, ["webhook_id", "created_at", "delivery_id"])
    op.create_index("ix_webhook_deliveries_session", table, ["session_id"])
    op.create_index(
        "ix_webhook_deliveries_due", table, ["next_try_at"], postgresql_where=IS_PENDING, sqlite_where=IS_PENDING
    )


def downgrade() -> None:
    for table in ("rule_holds", "rules", "webhook_deliveries", "webhooks"):
        op.drop_table(table)
