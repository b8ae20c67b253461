"""A person's notices, and a role's, are found newest first without looking at everybody's."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for to in ("to_staff_id", "to_role"):
        op.create_index(f"ix_notifications_{to}", "notifications", [to, "created_at", "id"])


def downgrade() -> None:
    for to in ("to_staff_id", "to_role"):
        op.drop_index(f"ix_notifications_{to}", "notifications")
