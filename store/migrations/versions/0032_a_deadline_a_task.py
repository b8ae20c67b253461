"""A deadline belongs to its task: of a kind, a case may have several side by side.

Each open task gets the clock that runs for it; clocks of before are about nothing in particular. Going back, a case
keeps the earliest of several clocks of a kind, and the others are stopped.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sla_clocks", sa.Column("about", sa.Text(), server_default="", nullable=False))
    op.drop_index("uq_sla_clocks_open", table_name="sla_clocks")
    _unique("about")
    op.add_column("tasks", sa.Column("clock_id", sa.Uuid(), nullable=True))
    op.create_foreign_key("fk_tasks_clock_id", "tasks", "sla_clocks", ["clock_id"], ["id"])
    op.create_index("ix_tasks_clock_id", "tasks", ["clock_id"])
    op.execute(
        "UPDATE tasks SET clock_id = clock.id FROM sla_clocks AS clock WHERE tasks.status = 'open'"
        " AND clock.case_id = tasks.case_id AND clock.kind = tasks.kind AND clock.stopped_at IS NULL"
    )


def downgrade() -> None:
    op.drop_column("tasks", "clock_id")
    op.execute(
        "UPDATE sla_clocks AS clock SET stopped_at = started_at WHERE stopped_at IS NULL AND EXISTS ("
        " SELECT 1 FROM sla_clocks AS other WHERE other.case_id = clock.case_id AND other.kind = clock.kind"
        " AND other.stopped_at IS NULL AND (other.due_at, other.id) < (clock.due_at, clock.id))"
    )
    op.drop_index("uq_sla_clocks_open", table_name="sla_clocks")
    op.drop_column("sla_clocks", "about")
    _unique()


def _unique(*more: str) -> None:
    open_ones = sa.text("stopped_at IS NULL")
    op.create_index(
        "uq_sla_clocks_open", "sla_clocks", ["case_id", "kind", *more], unique=True, postgresql_where=open_ones
    )
