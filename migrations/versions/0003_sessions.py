"""Sessions, their people and markers; readings by person and second; the log in partitions on PostgreSQL.

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SCORES = ARRAY(sa.REAL()).with_variant(sa.String(), "sqlite")

COLUMNS = ("session_id", "person", "frames", "scores", "uncertain", "offset_ms")

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

# What PostgreSQL asks of a partitioned table: the key by which it is divided is in every unique constraint.
KEYS = (
    "ADD CONSTRAINT {prefix}pk_predictions_log PRIMARY KEY (timestamp, predic_id)",
    "ADD CONSTRAINT {prefix}uq_predictions_log_uid UNIQUE (uid, timestamp)",
)
FOREIGN_KEYS = (
    ("emotion_id", "emotion_classes"),
    ("model_id", "model_versions"),
    ("user_id", "users"),
)
INDEXES = {
    "user_time": "(user_id, timestamp, predic_id)",
    "emotion_time": "(emotion_id, timestamp, predic_id)",
    "session": "(session_id, offset_ms, person) WHERE session_id IS NOT NULL",
}

# Every row there is becomes the first partition, where it is: nothing is copied. It reaches to the end of the month in
# which the newest row lies, or of this one.
ATTACH = """
DO $$
DECLARE
    newest timestamptz := (SELECT greatest(now(), max(timestamp)) FROM predictions_log_earlier);
    first_month timestamp := date_trunc('month', newest AT TIME ZONE 'UTC') + interval '1 month';
    month timestamp;
BEGIN
    EXECUTE format(
        'ALTER TABLE predictions_log_earlier ADD CONSTRAINT earlier CHECK (timestamp < %L)',
        first_month AT TIME ZONE 'UTC'
    );
    EXECUTE format(
        'ALTER TABLE predictions_log ATTACH PARTITION predictions_log_earlier FOR VALUES FROM (MINVALUE) TO (%L)',
        first_month AT TIME ZONE 'UTC'
    );
    ALTER TABLE predictions_log_earlier DROP CONSTRAINT earlier;
    FOR ahead IN 0..1 LOOP
        month := first_month + ahead * interval '1 month';
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF predictions_log FOR VALUES FROM (%L) TO (%L)',
            'predictions_log_' || to_char(month, 'YYYYMMDD'),
            month AT TIME ZONE 'UTC',
            (month + interval '1 month') AT TIME ZONE 'UTC'
        );
    END LOOP;
END $$
"""


def upgrade() -> None:
    create_sessions()
    op.add_column("users", sa.Column("deletion_requested_at", INSTANT))
    op.execute("DROP VIEW prediction_history")
    if op.get_context().dialect.name == "postgresql":
        partition_log()
    else:
        extend_log()
    op.execute(PREDICTION_HISTORY)


def downgrade() -> None:
    op.execute("DROP VIEW prediction_history")
    if op.get_context().dialect.name == "postgresql":
        join_partitions()
    else:
        shorten_log()
    op.execute(PREDICTION_HISTORY)
    op.drop_column("users", "deletion_requested_at")
    for table in ("session_erasures", "session_markers", "session_people", "sessions"):
        op.drop_table(table)


def create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_id", BIG_KEY, primary_key=True),
        sa.Column("uid", sa.Uuid(), nullable=False, unique=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.user_id")),
        sa.Column("title", sa.String(200)),
        sa.Column("participant", sa.String(100)),
        sa.Column("notes", sa.String(10_000)),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("frames", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("people", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("holder", sa.Uuid()),
        sa.Column("receipt_sha256", sa.String(64)),
        sa.CheckConstraint("source IN ('camera', 'video', 'api')", name="source"),
        sa.CheckConstraint("status IN ('open', 'ended', 'lost')", name="status"),
        sqlite_autoincrement=True,
    )
    newest = ["started_at", "session_id"]
    op.create_index("ix_sessions_time", "sessions", newest)
    op.create_index("ix_sessions_user_time", "sessions", ["user_id", *newest])
    op.create_index("ix_sessions_participant_time", "sessions", ["participant", *newest])
    still_open = sa.text("status = 'open'")
    for name, columns in (("open", ["source", "seen_at"]), ("user_open", ["user_id"])):
        op.create_index(
            f"ix_sessions_{name}", "sessions", columns, sqlite_where=still_open, postgresql_where=still_open
        )
    op.create_table(
        "session_people",
        sa.Column("session_id", BIG_KEY, session_key(), primary_key=True, autoincrement=False),
        sa.Column("person", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("label", sa.String(100)),
        sa.Column("first_offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("frames", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "session_markers",
        sa.Column("marker_id", BIG_KEY, primary_key=True),
        sa.Column("session_id", BIG_KEY, session_key(), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_session_markers_session", "session_markers", ["session_id", "offset_ms", "marker_id"])
    op.create_table("session_erasures", sa.Column("session_id", BIG_KEY, primary_key=True, autoincrement=False))


def session_key() -> sa.ForeignKey:
    return sa.ForeignKey("sessions.session_id", ondelete="CASCADE")


def added_columns() -> list[sa.Column]:
    return [
        sa.Column("session_id", BIG_KEY),
        sa.Column("person", sa.Integer()),
        sa.Column("frames", sa.Integer()),
        sa.Column("scores", SCORES),
        sa.Column("uncertain", sa.Boolean()),
        sa.Column("offset_ms", sa.BigInteger()),
    ]


# SQLite ---------------------------------------------------------------------------------------------------------------


def extend_log() -> None:
    make_again(sa.UniqueConstraint("uid", "timestamp"), *added_columns())
    op.create_index(
        "ix_predictions_log_session",
        "predictions_log",
        ["session_id", "offset_ms", "person"],
        sqlite_where=sa.text("session_id IS NOT NULL"),
    )


def shorten_log() -> None:
    make_again(sa.UniqueConstraint("uid"))


def make_again(*items: sa.Column | sa.Constraint) -> None:
    """Make the log anew with more or fewer columns, which SQLite cannot do in place, and move the rows."""
    for name in ("time", "user_time", "emotion_time"):
        op.drop_index(f"ix_predictions_log_{name}", "predictions_log")
    op.rename_table("predictions_log", "predictions_log_before")
    op.create_table("predictions_log", *first_columns(), *items, sqlite_autoincrement=True)
    kept = ", ".join(column.name for column in first_columns())
    op.execute(f"INSERT INTO predictions_log ({kept}) SELECT {kept} FROM predictions_log_before")
    # An id that was shown to somebody is never that of another row, not even of one that was deleted.
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'predictions_log', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'predictions_log')"
    )
    op.execute(
        "UPDATE sqlite_sequence SET seq = coalesce((SELECT max(seq) FROM sqlite_sequence"
        " WHERE name = 'predictions_log_before'), seq) WHERE name = 'predictions_log'"
    )
    op.execute("DROP TABLE predictions_log_before")
    for name in ("time", "user_time", "emotion_time"):
        columns = [f"{name.removesuffix('_time')}_id"] if name != "time" else []
        op.create_index(f"ix_predictions_log_{name}", "predictions_log", [*columns, "timestamp", "predic_id"])


def first_columns() -> list[sa.Column]:
    """Return the columns of the first revision."""
    return [
        sa.Column("predic_id", sa.Integer(), primary_key=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("emotion_id", sa.Integer(), sa.ForeignKey("emotion_classes.emotion_id"), nullable=False),
        sa.Column("confidence", sa.Double(), sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"), nullable=False),
        sa.Column("model_id", sa.Integer(), sa.ForeignKey("model_versions.model_id"), nullable=False),
        sa.Column("processing_time_ms", sa.Integer(), nullable=False),
        sa.Column("source_ip", sa.String(45)),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.user_id")),
        sa.Column("timestamp", INSTANT, nullable=False),
    ]


# PostgreSQL -----------------------------------------------------------------------------------------------------------


def partition_log() -> None:
    for column in added_columns():
        op.add_column("predictions_log", column)
    op.execute("ALTER TABLE predictions_log RENAME TO predictions_log_earlier")
    earlier = "ALTER TABLE predictions_log_earlier "
    op.execute(earlier + "DROP CONSTRAINT pk_predictions_log, DROP CONSTRAINT uq_predictions_log_uid")
    op.execute("DROP INDEX ix_predictions_log_time")
    for key in KEYS:
        op.execute(earlier + key.format(prefix="earlier_"))
    for name in ("user_time", "emotion_time"):
        op.execute(f"ALTER INDEX ix_predictions_log_{name} RENAME TO earlier_ix_predictions_log_{name}")
    op.execute(
        "CREATE TABLE predictions_log (LIKE predictions_log_earlier INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        " PARTITION BY RANGE (timestamp)"
    )
    op.execute("ALTER SEQUENCE predictions_log_predic_id_seq OWNED BY predictions_log.predic_id")
    for key in KEYS:
        op.execute("ALTER TABLE predictions_log " + key.format(prefix=""))
    add_foreign_keys()
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX ix_predictions_log_{name} ON predictions_log {columns}")
    op.execute(ATTACH)
    # For what no other partition takes: rows of a clock that jumped, or older than all that was kept.
    op.execute("CREATE TABLE predictions_log_other PARTITION OF predictions_log DEFAULT")


def join_partitions() -> None:
    op.execute("ALTER TABLE predictions_log RENAME TO predictions_log_parts")
    op.execute(
        "CREATE TABLE predictions_log (LIKE predictions_log_parts INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
    )
    op.execute("ALTER SEQUENCE predictions_log_predic_id_seq OWNED BY predictions_log.predic_id")
    op.execute("INSERT INTO predictions_log SELECT * FROM predictions_log_parts")
    op.execute("DROP TABLE predictions_log_parts")
    for name in COLUMNS:
        op.drop_column("predictions_log", name)
    op.create_primary_key("pk_predictions_log", "predictions_log", ["predic_id"])
    op.create_unique_constraint("uq_predictions_log_uid", "predictions_log", ["uid"])
    add_foreign_keys()
    newest = ["timestamp", "predic_id"]
    op.create_index("ix_predictions_log_time", "predictions_log", newest)
    op.create_index("ix_predictions_log_user_time", "predictions_log", ["user_id", *newest])
    op.create_index("ix_predictions_log_emotion_time", "predictions_log", ["emotion_id", *newest])


def add_foreign_keys() -> None:
    for column, table in FOREIGN_KEYS:
        op.create_foreign_key(f"fk_predictions_log_{column}_{table}", "predictions_log", table, [column], [column])
