"""What a person of head office is asked for is kept with the task."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("why", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "why")
