"""The column of a lead's plain fact, added with what keeps its corrections: for migrations."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from store.migrations import whole_leads

_WATCHED = "SELECT encode(tgargs, 'escape') FROM pg_trigger WHERE tgname = 'keep_edits' AND tgrelid = 'leads'::regclass"


def add(column: sa.Column[object], *, corrected: bool = True) -> None:
    """Adds a column that may be empty; ``corrected`` as the fact's declaration says."""
    op.add_column("leads", column)
    if corrected:
        _watch([*watched(), column.name])
    whole_leads.show()


def drop(name: str) -> None:
    """Takes the column away again; corrections that were kept stay."""
    _watch([field for field in watched() if field != name])
    whole_leads.hide()
    op.drop_column("leads", name)
    whole_leads.show()


def watched() -> list[str]:
    """The columns of a lead whose corrections the database keeps (``customer_edits``)."""
    arguments = str(op.get_bind().execute(sa.text(_WATCHED)).scalar_one())
    return arguments.removesuffix("\\000").split("\\000")


def _watch(fields: Sequence[str]) -> None:
    op.execute("DROP TRIGGER keep_edits ON leads")
    old, new = (", ".join(f"{row}.{field}" for field in fields) for row in ("OLD", "NEW"))
    arguments = ", ".join(f"'{field}'" for field in fields)
    op.execute(
        "CREATE TRIGGER keep_edits AFTER UPDATE ON leads FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION keep_edits({arguments})"
    )
