"""``baton process versions``: what is deployed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.commands.door import Door


def run(key: str | None, door: Door, console: Console | None = None) -> int:
    """Prints a table of versions, newest first within a process."""
    found: list[dict[str, Any]] = door.get("/processes" if key is None else f"/processes/{key}/versions")["items"]
    table = Table("process", "version", "deployed", "by", "running", "sha256", "comment")
    for one in found:
        by = one["deployed_by"]
        when = datetime.fromisoformat(one["deployed_at"]).astimezone()
        table.add_row(
            one["key"],
            str(one["version"]),
            f"{when:%Y-%m-%d %H:%M}",
            by["code"] if by else "baton",
            str(one["instances"]),
            one["sha256"][:12],
            escape(one["comment"]),
        )
    (console or Console()).print(table)
    return 0
