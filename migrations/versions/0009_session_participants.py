"""An index of the sessions of a user by participant: a code that others use too had all of theirs looked through.

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
compatible_with = down_revision

NAME, COLUMNS = "ix_sessions_user_participant_time", ["user_id", "participant", "started_at", "session_id"]
HAS_PARTICIPANT = sa.text("participant IS NOT NULL")


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.drop_index(NAME, if_exists=True, postgresql_concurrently=True)
            op.create_index(NAME, "sessions", COLUMNS, postgresql_where=HAS_PARTICIPANT, postgresql_concurrently=True)
    else:
        op.create_index(NAME, "sessions", COLUMNS, sqlite_where=HAS_PARTICIPANT)


def downgrade() -> None:
    op.drop_index(NAME, "sessions")
