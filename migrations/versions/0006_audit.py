"""The audit log, to which rows are added and by triggers of the database never changed.

Revision: 0006, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import INET

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
compatible_with = down_revision

INSTANT = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ADDRESS = INET().with_variant(sa.String(45), "sqlite")

REFUSAL = "audit_log is append-only"

# What stays as it is when the name and address of an erased user are blanked.
FIXED = ("audit_id", "timestamp", "action", "actor", "actor_id", "target", "target_id")

# An update may blank names and addresses of a user who is gone, or is being erased, and do nothing else.
BLANKS = """
    (new.actor_name IS NULL OR new.actor_name IS NOT DISTINCT FROM old.actor_name)
    AND (new.target_name IS NULL OR new.target_name IS NOT DISTINCT FROM old.target_name)
    AND (new.source_ip IS NULL OR new.source_ip IS NOT DISTINCT FROM old.source_ip)
    AND ((new.actor_name IS NOT DISTINCT FROM old.actor_name AND new.source_ip IS NOT DISTINCT FROM old.source_ip)
        OR old.actor_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM users WHERE users.user_id = old.actor_id AND users.deletion_requested_at IS NULL
        ))
    AND (new.target_name IS NOT DISTINCT FROM old.target_name
        OR NOT EXISTS (
            SELECT 1 FROM users
            WHERE CAST(users.user_id AS VARCHAR) = old.target_id AND users.deletion_requested_at IS NULL
        ))
"""
SAME = "".join(f" AND new.{name} IS NOT DISTINCT FROM old.{name}" for name in FIXED)
SAME_DETAILS = " AND CAST(new.details AS VARCHAR) = CAST(old.details AS VARCHAR)"
ALLOWED_UPDATE = BLANKS + SAME + SAME_DETAILS
ALLOWED_DELETE = "old.timestamp < (SELECT pruned_before FROM audit_retention WHERE state_id = 1)"

# 23001 is restrict_violation (https://www.postgresql.org/docs/current/errcodes-appendix.html).
POSTGRESQL = f"""
CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ({ALLOWED_UPDATE}) THEN
        RETURN new;
    END IF;
    IF TG_OP = 'DELETE' AND ({ALLOWED_DELETE}) THEN
        RETURN old;
    END IF;
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = '23001';
END $$;
CREATE TRIGGER audit_log_rows BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_append_only();
CREATE TRIGGER audit_log_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only();
"""
SQLITE = (
    ("update", "UPDATE", ALLOWED_UPDATE.replace("IS NOT DISTINCT FROM", "IS")),
    ("delete", "DELETE", ALLOWED_DELETE),
)


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("audit_id", BIG_KEY, primary_key=True),
        sa.Column("timestamp", INSTANT, nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("actor_name", sa.String(50)),
        sa.Column("target", sa.String(20)),
        sa.Column("target_id", sa.String(200)),
        sa.Column("target_name", sa.String(50)),
        sa.Column("source_ip", ADDRESS),
        sa.Column("details", sa.JSON(), nullable=False),
        sqlite_autoincrement=True,
    )
    newest = ["timestamp", "audit_id"]
    op.create_index("ix_audit_log_time", "audit_log", newest)
    op.create_index("ix_audit_log_action_time", "audit_log", ["action", *newest])
    op.create_index("ix_audit_log_actor_time", "audit_log", ["actor_id", *newest])
    op.create_index("ix_audit_log_target", "audit_log", ["target", "target_id"])
    op.create_table(
        "audit_retention",
        sa.Column("state_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("pruned_before", INSTANT, nullable=False),
        sa.CheckConstraint("state_id = 1", name="single"),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
    else:
        for name, event, allowed in SQLITE:
            op.execute(
                f"CREATE TRIGGER audit_log_{name} BEFORE {event} ON audit_log "
                f"WHEN ({allowed}) IS NOT TRUE BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def downgrade() -> None:
    op.drop_table("audit_log")
    op.drop_table("audit_retention")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_log_append_only()")
