"""What Temporal's own server keeps so that workflows can be searched for: fewer indexes than it
makes.

The dev server has an index for every search attribute that anybody may define, 58 of them; Baton
defines none. Each takes a quarter of a kilobyte of every lead, 14 of the 23 that a sleeping lead
takes in all, and a write when it begins and when it ends (docs/decisions/0061). A search without
its index gives the same rows, later.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

KEPT: Final = frozenset(
    {
        "default_idx",
        "by_execution_time",
        "by_workflow_id",
        "by_workflow_type",
        "by_status",
        "by_parent_workflow_id",
        "by_root_workflow_id",
    }
)
"""What Temporal's UI and command look workflows up by."""

_INDEXES = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'executions_visibility' AND sql NOTNULL"


def drop_unused_indexes(file: Path) -> None:
    """Takes the other indexes away, whether the server runs or not. It is an economy: what cannot
    be done now is left for the next start."""
    if not file.exists():
        return
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(file, timeout=5)) as database:
        unused = sorted({str(name) for (name,) in database.execute(_INDEXES)} - KEPT)
        with database:
            for name in unused:
                database.execute(f'DROP INDEX IF EXISTS "{name}"')
