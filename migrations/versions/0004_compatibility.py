"""What each revision of the schema says of older code: whether it runs on it.

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
compatible_with = down_revision


def upgrade() -> None:
    op.create_table(
        "schema_compatibility",
        sa.Column("revision", sa.Text(), primary_key=True),
        sa.Column("compatible_with", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("schema_compatibility")
