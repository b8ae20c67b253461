"""Cases of a stage on the way or with a lamp that is not green, and incidents, are found from
either end of their order.

Among two million leads of which nearly all have ended, the oldest fifty at a stage were found after
a walk over all of them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

LIVING = sa.text("stage IN ('first_follow_up_due', 'next_follow_up_due', 'invited', 'visited', 'test_drive')")


def upgrade() -> None:
    op.create_index("ix_cases_stage", "cases", ["stage", "opened_at", "id"], postgresql_where=LIVING)
    op.create_index("ix_cases_lamp", "cases", ["lamp", "opened_at", "id"], postgresql_where=sa.text("lamp <> 'green'"))
    op.create_index("ix_incidents_newest", "incidents", ["at", "id"])


def downgrade() -> None:
    op.drop_index("ix_incidents_newest", "incidents")
    op.drop_index("ix_cases_lamp", "cases")
    op.drop_index("ix_cases_stage", "cases")
