"""The view ``whole_leads``: a lead and its case as one row, under the names that a lead has for
them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

_NAMES = {"level": "grade", "opened_at": "created_at"}


def show() -> None:
    """Makes it anew over the columns that both tables have now: for a migration that adds or drops
    one."""
    inspected = sa.inspect(op.get_bind())
    of_lead, of_case = ([one["name"] for one in inspected.get_columns(table)] for table in ("leads", "cases"))
    shown = [f"leads.{name}" for name in of_lead]
    shown += [f"cases.{name} AS {_NAMES.get(name, name)}" for name in of_case if name != "id"]
    hide()
    op.execute(f"CREATE VIEW whole_leads AS SELECT {', '.join(shown)} FROM cases JOIN leads ON leads.id = cases.id")


def hide() -> None:
    """Drops it: before a column that it shows is dropped."""
    op.execute("DROP VIEW IF EXISTS whole_leads")
