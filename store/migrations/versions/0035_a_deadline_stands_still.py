"""A deadline stands still while its task waits for an agreed day. Going back, what stands still goes on as it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sla_clocks", sa.Column("counting", sa.Text(), server_default="elapsed", nullable=False))
    op.add_column("sla_clocks", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sla_clocks", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sla_clocks", sa.Column("paused_why", sa.Text(), nullable=True))
    op.add_column("sla_clocks", sa.Column("paused_minutes", sa.Float(), server_default="0", nullable=False))
    op.execute(
        "UPDATE sla_clocks SET counting = 'working' FROM decisions"
        " WHERE decisions.id = decision_id AND stopped_at IS NULL AND decisions.result ->> 'calendar' = 'working'"
    )


def downgrade() -> None:
    for column in ("counting", "paused_at", "paused_until", "paused_why", "paused_minutes"):
        op.drop_column("sla_clocks", column)
    op.execute("UPDATE cases SET lamp = 'green' WHERE lamp = 'grey'")
