"""What each wake-up of a case has done, by the run of its workflow and its number in that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wake_ups",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", JSONB(), server_default="{}", nullable=False),
        sa.Column("ran", JSONB(), server_default="[]", nullable=False),
        sa.Column("rested", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_wake_ups_case_id"),
        sa.PrimaryKeyConstraint("case_id", "run", "number", name="pk_wake_ups"),
    )


def downgrade() -> None:
    op.drop_table("wake_ups")
