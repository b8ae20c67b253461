"""Working hours of dealers, regions and teams; a clock keeps whose it was worked out with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "working_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("dealer_id", sa.Uuid(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("hours", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("holidays", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealers.id"], name=op.f("fk_working_hours_dealer_id")),
        sa.ForeignKeyConstraint(["region"], ["regions.code"], name=op.f("fk_working_hours_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_hours")),
    )
    op.create_index(
        "uq_working_hours_party",
        "working_hours",
        ["team", "dealer_id", "region", "valid_from"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.add_column("sla_clocks", sa.Column("hours", sa.Integer(), nullable=True))
    op.create_index(
        "ix_snapshots_hours",
        "snapshots",
        [sa.text("md5(content::text)")],
        postgresql_where=sa.text("kind = 'hours'"),
    )


def downgrade() -> None:
    op.drop_index("ix_snapshots_hours", table_name="snapshots")
    op.execute("DELETE FROM snapshots WHERE kind = 'hours'")
    op.drop_column("sla_clocks", "hours")
    op.drop_table("working_hours")
