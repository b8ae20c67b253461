"""Cases that people speak of have a number: one sequence for all kinds."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE case_numbers AS bigint")


def downgrade() -> None:
    op.execute("DROP SEQUENCE case_numbers")
