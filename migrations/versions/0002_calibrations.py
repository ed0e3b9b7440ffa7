"""Calibrations of a version of the weights.

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_calibrations",
        sa.Column("calibration_id", sa.Integer(), primary_key=True),
        sa.Column("model_id", sa.Integer(), sa.ForeignKey("model_versions.model_id"), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("offsets", sa.JSON(), nullable=False),
        sa.Column("temperature_factor", sa.Double(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), sa.ForeignKey("users.user_id", ondelete="SET NULL")),
        sa.CheckConstraint("status IN ('kept', 'active')", name="status"),
        sa.UniqueConstraint("model_id", "name"),
    )
    active = sa.text("status = 'active'")
    op.create_index(
        "uq_model_calibrations_active",
        "model_calibrations",
        ["model_id"],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )


def downgrade() -> None:
    op.drop_table("model_calibrations")
