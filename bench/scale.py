"""What many dealers and leads need, worked out from measured figures: the table of
``docs/explanation/scale.md``.

``python -m bench.scale FIGURES.json …`` takes the files that ``python -m bench … --json`` wrote
(parts ``leads``, ``latency``, ``outage``, ``growth``), keeps what it needs of them in
``docs/explanation/scale.json`` and writes the table anew. Without files it writes the table from
what is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any, Final

import typer

from bench.stack import PARTS
from server.settings import CHECKOUT

PAGE: Final = CHECKOUT / "docs" / "explanation" / "scale.md"
KEPT: Final = CHECKOUT / "docs" / "explanation" / "scale.json"
BEGIN, END = "<!-- python -m bench.scale -->", "<!-- end -->"


@dataclass(frozen=True)
class Measured:
    """CPU milliseconds by part of what a lead's life is made of, and what a sleeping lead takes."""

    machine: str
    busy: bool
    """Whether others used the machine meanwhile: then everything is dearer than it need be."""
    arrival: dict[str, float]
    """From the request until the first task is open."""
    statement: dict[str, float]
    """Something stated until the next task is open."""
    deadline: dict[str, float]
    """A rung of a ladder that is climbed."""
    events: float
    """Of Temporal's history, of an arrival."""
    database_kb: float
    temporal_kb: float


@dataclass(frozen=True)
class Asked:
    """The business, and how much room is left. What is not measured is assumed here."""

    dealers: int = 1_000
    leads_a_day: int = 100_000
    open_hours: float = 10.0
    peak: float = 3.0
    """How many times the average of the open hours comes in the busiest minutes."""
    statements: float = 8.0
    """By people, in a lead's life."""
    deadlines: float = 3.0
    """Rungs climbed in a lead's life."""
    life_days: float = 30.0
    at_once: float = 0.3
    """Share of a day's leads whose rungs fall at one instant: those that nobody has called an hour
    before people go home."""
    done_in: float = 600.0
    """Seconds in which these have to be done."""
    use: float = 0.6
    """Share of a core that is planned with."""
    connections: int = 20
    """Of one worker: its activities' and its loops'."""
    transitions: float = 4.0
    """Writes of Temporal to a shard for one wake-up: it is told, a task is handed out and done, a
    timer is set."""
    write_ms: float = 10.0
    """Of Temporal's own database."""
    further: float = 0.5
    """What a wake-up after the first leaves on disk, as a share of what the first did."""
    years: float = 3.0


Row = tuple[str, str, str]


def needs(base: Measured, asked: Asked) -> tuple[list[Row], str]:
    """What is needed in the busiest minutes, and what gives way first: rows of (what, how much, how
    it is worked out)."""
    second = asked.leads_a_day / (asked.open_hours * 3600) * asked.peak
    wakes = 1 + asked.statements + asked.deadlines
    life = {part: _of_life(base, asked, part) for part in PARTS}
    cores = {part: second * ms / 1000 for part, ms in life.items()}
    herd = asked.leads_a_day * asked.at_once / asked.done_in
    herds = {part: herd * base.deadline.get(part, 0.0) / 1000 for part in PARTS}
    planned = {part: max(cores[part], herds[part]) / asked.use for part in PARTS}
    workers = ceil(planned["worker"])
    writes = max(second * wakes, herd) * asked.transitions
    shards = _power(writes * asked.write_ms / 1000 / 0.1)
    sleeping = asked.leads_a_day * asked.life_days
    stored = base.database_kb * (1 + asked.further * (wakes - 1))
    rows: list[Row] = [
        ("leads a second, busiest minutes", f"{second:.1f}", f"{asked.leads_a_day:,} a day in {asked.open_hours:.0f}"
         f" hours, {asked.peak:.0f} × the average"),
        ("wake-ups a second", f"{second * wakes:.0f}", f"{wakes:.0f} a life: its arrival, {asked.statements:.0f}"
         f" statements, {asked.deadlines:.0f} rungs"),
        ("rungs a second at the herd's hour", f"{herd:.0f}", f"{asked.at_once:.0%} of a day's leads at one instant,"
         f" done in {asked.done_in / 60:.0f} minutes"),
        ("CPU ms of a life", f"{sum(life.values()):,.0f}",
         ", ".join(f"{part} {ms:,.0f}" for part, ms in life.items())),
        *((f"cores: {part}", f"{planned[part]:.1f}", f"busiest minutes {cores[part]:.1f}, herd {herds[part]:.1f}, at"
           f" {asked.use:.0%} of a core") for part in PARTS),
        ("workers", f"{workers}", "a process each, one core each"),
        ("API processes", f"{ceil(planned['api'])}", "a process each, one core each"),
        ("connections", f"{workers * asked.connections + ceil(planned['api']) * 10:,}",
         f"{asked.connections} a worker, 10 an API process"),
        ("shards of Temporal", f"{shards}", f"{writes:,.0f} writes a second of {asked.write_ms:.0f} ms, a shard one"
         " after the other, at most 10 % of its time; a power of two, fixed for ever"),
        ("sleeping workflows", f"{sleeping:,.0f}", f"a lead lives {asked.life_days:.0f} days"),
        ("Temporal's database", f"{sleeping * base.temporal_kb / 1e6:,.0f} GB", f"{base.temporal_kb:.0f} kB each"),
        ("database a month", f"{asked.leads_a_day * 30 * stored / 1e6:,.0f} GB",
         f"{stored:.0f} kB a life: {base.database_kb:.0f} kB at its arrival, each further wake-up half as much"),
        ("partitions", f"{ceil(asked.years * 12)}", f"one a month for {asked.years:.0f} years, of what grows with"
         " every step"),
    ]  # fmt: skip
    first = max(PARTS, key=lambda part: planned[part])
    return rows, first


def page(base: Measured, asked: Asked) -> str:
    """The table as Markdown."""
    rows, first = needs(base, asked)
    marked = " **on a busy machine**" if base.busy else ""
    said = (
        f"Measured{marked} ({base.machine}): an arrival takes {sum(base.arrival.values()):.0f} ms of CPU, a statement "
        f"{sum(base.statement.values()):.0f}, a rung {sum(base.deadline.values()):.0f}."
    )
    lines = [
        *wrap(said, 100),
        "",
        f"| for {asked.dealers:,} dealers and {asked.leads_a_day:,} leads a day | needed | because |",
        "|---|---|---|",
        *(f"| {what} | {much} | {why} |" for what, much, why in rows),
        "",
        f"The part that needs most: **{first}**.",
    ]
    return "\n".join(lines)


def taken(files: Sequence[Mapping[str, Any]]) -> Measured:
    """What is needed of the results of benchmarks. Raises ``KeyError`` for a part that nobody
    measured."""
    results = {name: result for file in files for name, result in file["results"].items()}
    about = files[0]["machine"]
    arrival, statement = results["leads"]["rows"][0], results["latency"]["rows"][1]
    deadline, sleepers = results["outage"]["rows"][0], results["sleepers"]["rows"][-1]
    return Measured(
        machine=f"{about['processor']}, {about['cores']} cores, {about['at'][:10]}",
        busy=any(results[name]["busy"] for name in ("leads", "latency", "outage", "sleepers")),
        arrival={part: float(arrival[part]) for part in PARTS},
        statement={part: float(statement[part]) for part in PARTS},
        deadline={part: float(deadline[part]) for part in PARTS},
        events=float(arrival["events"]),
        database_kb=float(sleepers["db kB a lead"]),
        temporal_kb=float(sleepers["temporal kB a lead"]),
    )


def kept() -> Measured:
    """The figures that the page was last worked out from."""
    return Measured(**json.loads(KEPT.read_text(encoding="utf-8")))


def _of_life(base: Measured, asked: Asked, part: str) -> float:
    said = asked.statements * base.statement.get(part, 0.0)
    return base.arrival.get(part, 0.0) + said + asked.deadlines * base.deadline.get(part, 0.0)


def _power(wanted: float) -> int:
    """The next power of two; Temporal's documentation begins at 512 for production."""
    return max(512, 1 << max(0, ceil(wanted) - 1).bit_length())


app = typer.Typer(add_completion=False)


@app.command()
def main(
    files: Annotated[list[Path] | None, typer.Argument(help="Figures of python -m bench … --json.")] = None,
) -> None:
    """Works the table out, anew if there are new figures, and writes it into its page."""
    if files:
        found = taken([json.loads(file.read_text(encoding="utf-8")) for file in files])
        KEPT.write_text(json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{page(kept(), Asked())}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    app()
