"""The best grade and stage since the last progress, and what a follow-up counts as."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null for leads that run: their present grade stands for it until the next progress.
    for name in ("best_grade", "best_stage"):
        op.add_column("leads", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("follow_ups", sa.Column("counts", sa.Text(), server_default="yes", nullable=False))


def downgrade() -> None:
    op.drop_column("follow_ups", "counts")
    for name in ("best_stage", "best_grade"):
        op.drop_column("leads", name)
