"""Working hours have codes, and what is changed about them is kept like the rest of the network's changes (0015)."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "working_hours", sa.Column("code", sa.Text(), server_default=sa.text("gen_random_uuid()::text"), nullable=False)
    )
    op.execute(
        "UPDATE working_hours SET code = concat_ws('-', team,"
        " coalesce((SELECT d.code FROM dealers d WHERE d.id = dealer_id), region), valid_from)"
    )
    op.create_unique_constraint(op.f("uq_working_hours_code"), "working_hours", ["code"])
    op.execute(
        "CREATE TRIGGER keep_network_changes AFTER INSERT OR UPDATE OR DELETE ON working_hours"
        " FOR EACH ROW EXECUTE FUNCTION keep_network_changes('hours', 'code')"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_network_changes ON working_hours")
    op.drop_constraint(op.f("uq_working_hours_code"), "working_hours", type_="unique")
    op.drop_column("working_hours", "code")
