"""Accounts, the seven emotions, versions of the weights, the log of predictions and its figures.

Revision: 0001, the first
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import INET

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IP_ADDRESS = INET().with_variant(sa.String(45), "sqlite")

EMOTIONS = [
    (1, "angry", "Enojo o ira"),
    (2, "disgust", "Disgusto o asco"),
    (3, "fear", "Miedo o temor"),
    (4, "happy", "Felicidad o alegría"),
    (5, "neutral", "Sin emoción marcada"),
    (6, "sad", "Tristeza"),
    (7, "surprise", "Sorpresa"),
]

PREDICTION_HISTORY = """
CREATE VIEW prediction_history AS
SELECT
    log.predic_id AS id,
    log.timestamp,
    users.username,
    emotion_classes.emotion_name,
    log.confidence,
    model_versions.model_version_tag,
    log.processing_time_ms,
    log.source_ip
FROM predictions_log AS log
JOIN emotion_classes ON emotion_classes.emotion_id = log.emotion_id
JOIN model_versions ON model_versions.model_id = log.model_id
LEFT JOIN users ON users.user_id = log.user_id
"""


def upgrade() -> None:
    create_accounts()
    create_emotions()
    create_versions()
    create_log()
    create_figures()
    op.execute(PREDICTION_HISTORY)


def downgrade() -> None:
    op.execute("DROP VIEW prediction_history")
    for table in (
        "log_state",
        "prediction_totals",
        "prediction_daily",
        "prediction_hourly",
        "predictions_log",
        "model_versions",
        "emotion_classes",
        "auth_sessions",
        "users",
    ):
        op.drop_table(table)


def create_accounts() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.Integer(), primary_key=True),
        sa.Column("username", sa.String(50), nullable=False),
        sa.Column("hashed_password", sa.String(72), nullable=False),
        sa.Column("role", sa.String(10), nullable=False, server_default="user"),
        sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("predictions_erased_at", INSTANT),
        sa.CheckConstraint("role IN ('user', 'admin')", name="role"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_users_username_lower", "users", [sa.text("lower(username)")], unique=True)
    op.create_table(
        "auth_sessions",
        sa.Column("session_id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.user_id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
    )
    op.create_index("ix_auth_sessions_user_id", "auth_sessions", ["user_id"])


def create_emotions() -> None:
    emotions = op.create_table(
        "emotion_classes",
        sa.Column("emotion_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("emotion_name", sa.String(20), nullable=False, unique=True),
        sa.Column("emotion_desc", sa.String(100), nullable=False),
    )
    columns = ("emotion_id", "emotion_name", "emotion_desc")
    op.bulk_insert(emotions, [dict(zip(columns, emotion, strict=True)) for emotion in EMOTIONS])


def create_versions() -> None:
    op.create_table(
        "model_versions",
        sa.Column("model_id", sa.Integer(), primary_key=True),
        sa.Column("model_version_tag", sa.String(100), nullable=False, unique=True),
        sa.Column("model_filename", sa.String(500)),
        sa.Column("model_status", sa.String(20), nullable=False),
        sa.Column("creation_date", INSTANT, nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("total_params", sa.Integer()),
        sa.Column("temperature", sa.Double()),
        sa.Column("metrics", sa.JSON()),
        sa.CheckConstraint("model_status IN ('seen', 'registered', 'active')", name="model_status"),
    )
    active = sa.text("model_status = 'active'")
    op.create_index(
        "uq_model_versions_active",
        "model_versions",
        ["model_status"],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )


def create_log() -> None:
    op.create_table(
        "predictions_log",
        sa.Column("predic_id", BIG_KEY, primary_key=True),
        sa.Column("uid", sa.Uuid(), nullable=False, unique=True),
        sa.Column("emotion_id", sa.Integer(), sa.ForeignKey("emotion_classes.emotion_id"), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("model_id", sa.Integer(), sa.ForeignKey("model_versions.model_id"), nullable=False),
        sa.Column("processing_time_ms", sa.Integer(), nullable=False),
        sa.Column("source_ip", IP_ADDRESS),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.user_id")),
        sa.Column("timestamp", INSTANT, nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        sqlite_autoincrement=True,
    )
    newest = ["timestamp", "predic_id"]
    op.create_index("ix_predictions_log_time", "predictions_log", newest)
    op.create_index("ix_predictions_log_user_time", "predictions_log", ["user_id", *newest])
    op.create_index("ix_predictions_log_emotion_time", "predictions_log", ["emotion_id", *newest])
    op.create_table(
        "log_state",
        sa.Column("state_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("pruned_before", INSTANT),
        sa.CheckConstraint("state_id = 1", name="single"),
    )


def create_figures() -> None:
    create_figures_table("prediction_hourly", sa.Column("hour", INSTANT, primary_key=True))
    create_figures_table("prediction_daily", sa.Column("day", INSTANT, primary_key=True))
    create_figures_table("prediction_totals")
    op.create_index("ix_prediction_hourly_user", "prediction_hourly", ["user_id", "hour"])
    op.create_index("ix_prediction_daily_user", "prediction_daily", ["user_id", "day"])
    op.create_index("ix_prediction_totals_user", "prediction_totals", ["user_id"])
    everybody = sa.text("user_id = 0")
    for table, period, included in (
        ("prediction_hourly", "hour", ["count"]),
        ("prediction_daily", "day", ["count", "confidence_sum", "last_timestamp"]),
    ):
        op.create_index(
            f"ix_{table}_everybody",
            table,
            [period, "emotion_id"],
            postgresql_include=included,
            postgresql_where=everybody,
            sqlite_where=everybody,
        )


def create_figures_table(name: str, *period: sa.Column) -> None:
    emotion = sa.ForeignKey("emotion_classes.emotion_id")
    op.create_table(
        name,
        *period,
        sa.Column("emotion_id", sa.SmallInteger(), emotion, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("confidence_sum", sa.Double(), nullable=False),
        sa.Column("last_timestamp", INSTANT, nullable=False),
    )
