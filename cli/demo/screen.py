"""What the demo prints: each event as it happens, and the table of paths at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cases.messages.named import STATUSES
from cases.messages.words import say
from cases.zone import CHINA
from cli.demo.paths import PATHS, Path, taken

LAMPS: Final = {"green": "green", "amber": "yellow", "red": "red"}
QUIET: Final = frozenset({"task_planned", "cleaned", "choice_kept", "decided"})
"""Lines of a history that say nothing new on a screen where everything scrolls by."""
LOUD: Final = {
    "closed": "bold",
    "claimed": "bold magenta",
    "handed_over": "bold yellow",
    "back_to_hq": "bold red",
    "reactivated": "bold cyan",
    "incident": "bold white on red",
}
PROCESSES: Final = {
    "lead": "销售线索",
    "sale": "在经销商",
    "chase": "一件事及其期限",
    "nurture": "培育",
    "purchase": "按约购车",
}


class Screen:
    """Prints to the terminal; the first app instant it sees is the demo's first day."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._first: datetime | None = None

    def say(self, text: str, style: str = "bold") -> None:
        self._console.print(text, style=style)

    def happened(self, lead: Mapping[str, Any], entry: Mapping[str, Any]) -> None:
        """One line of one lead's history."""
        if entry["code"] in QUIET:
            return
        line = Text(f"{self._when(entry['at'])} ", style="dim")
        line.append("● ", style=LAMPS.get(str(lead.get("lamp")), "green"))
        line.append(f"{short(str(lead['id']))} ", style="cyan")
        line.append(f"{lead.get('grade') or '·'} ", style="bold")
        line.append(f"{_actor(entry)}：", style="dim")
        line.append(str(entry["text"]), style=LOUD.get(entry["code"], ""))
        self._console.print(line, overflow="ellipsis", no_wrap=True)

    def paths(self, histories: Iterable[Sequence[Sequence[str]]], leads: Iterable[Mapping[str, Any]]) -> int:
        """Which ways of the diagrams were taken, and by how many leads; returns how many were
        not."""
        all_histories = [tuple(history) for history in histories]
        counts: dict[Path, int] = {path: sum(taken(path, one) for one in all_histories) for path in PATHS}
        table = Table(title="走过的路径", title_style="bold", show_lines=False)
        for column in ("流程", "路径", "线索数"):
            table.add_column(column, justify="right" if column == "线索数" else "left")
        for path, count in counts.items():
            shown = Text(str(count), style="green") if count else Text("还没有", style="yellow" if path.rare else "red")
            table.add_row(PROCESSES[path.process], path.title, shown)
        self._console.print(table)
        missing = sum(not count for count in counts.values())
        by_status = Counter(say(STATUSES, str(lead["status"]), "zh") for lead in leads)
        self.say(f"{len(PATHS) - missing} / {len(PATHS)} 条路径已走过；{len(all_histories)} 条线索："
                 + "，".join(f"{status} {count}" for status, count in by_status.most_common()))  # fmt: skip
        return missing

    def _when(self, at: str) -> str:
        when = datetime.fromisoformat(at).astimezone(UTC)
        self._first = self._first or when
        days = (when.astimezone(CHINA).date() - self._first.astimezone(CHINA).date()).days
        return f"第{days + 1:>3} 天 {when.astimezone(CHINA):%H:%M}"


def _actor(entry: Mapping[str, Any]) -> str:
    by = entry.get("by")
    if by:
        return f"{by['name']} {by['code']}"
    return "流程" if entry.get("element") else "渠道"


def short(lead_id: str) -> str:
    """What a lead is called on screen: the end of its id, since the beginning is the time."""
    return lead_id[-6:]
