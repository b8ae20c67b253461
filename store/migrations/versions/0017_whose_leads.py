"""Whose own a lead is, who entered it, since when its first contact is owed, and choices that somebody insisted on."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leads", sa.Column("author_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=True))
    op.add_column("leads", sa.Column("home_dealer_id", sa.Uuid(), sa.ForeignKey("dealers.id"), nullable=True))
    op.add_column("leads", sa.Column("first_choice_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=True))
    op.add_column("leads", sa.Column("clock_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assignments", sa.Column("insisted", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("assignments", "insisted")
    for name in ("clock_from", "first_choice_id", "home_dealer_id", "author_id"):
        op.drop_column("leads", name)
