"""Weights by their content: their files in parts, and the manifest and last activation of each version.

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
compatible_with = down_revision


def upgrade() -> None:
    op.create_table(
        "weights_files",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.add_column("model_versions", sa.Column("manifest", sa.JSON()))
    op.add_column("model_versions", sa.Column("activated_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("model_versions", "activated_at")
    op.drop_column("model_versions", "manifest")
    op.drop_table("weights_files")
