"""Notifications are spread over channels, each delivery leased; people have a language and addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("language", sa.Text(), server_default="zh", nullable=False))
    op.create_table(
        "contact_points",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_contact_points_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "channel", name=op.f("pk_contact_points")),
    )
    op.add_column("notifications", sa.Column("spread_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE notifications SET spread_at = delivered_at")
    op.drop_index("ix_notifications_pending", table_name="notifications")
    op.create_index(
        "ix_notifications_unspread", "notifications", ["created_at"], postgresql_where=sa.text("spread_at IS NULL")
    )
    op.drop_column("notifications", "deliver_after")
    op.drop_column("notifications", "attempts")
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_by", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["notification_id"], ["notifications.id"], name=op.f("fk_deliveries_notification_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_deliveries_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_notification_id"), "deliveries", ["notification_id"])
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["channel", "due_at"],
        postgresql_where=sa.text("delivered_at IS NULL AND given_up_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("deliveries")
    op.add_column("notifications", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("notifications", "attempts", server_default=None)
    op.add_column(
        "notifications",
        sa.Column("deliver_after", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.alter_column("notifications", "deliver_after", server_default=None)
    op.drop_index("ix_notifications_unspread", table_name="notifications")
    op.create_index(
        "ix_notifications_pending",
        "notifications",
        ["deliver_after"],
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.drop_column("notifications", "spread_at")
    op.drop_table("contact_points")
    op.drop_column("staff", "language")
