"""Which channels of notices some worker runs; a notification has no end of its own, each of its deliveries has."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_channels",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_notice_channels")),
    )
    op.create_index(
        "ix_deliveries_unsent",
        "deliveries",
        ["id"],
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.drop_column("notifications", "delivered_at")


def downgrade() -> None:
    op.add_column("notifications", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        """
        UPDATE notifications told SET delivered_at = told.spread_at
        WHERE told.spread_at IS NOT NULL
          AND NOT EXISTS (SELECT FROM deliveries open WHERE open.notification_id = told.id
                          AND open.delivered_at IS NULL AND open.given_up_at IS NULL)
        """
    )
    op.drop_index("ix_deliveries_unsent", table_name="deliveries")
    op.drop_table("notice_channels")
