"""``baton network import | export``: what became of each row, on the screen in numbers, in a file
row by row."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.importer import results
from cli.importer.network import door, writing
from cli.importer.network.kinds import SHEETS, Column
from cli.importer.network.reading import Network, Row, read
from cli.importer.problems import ImportProblem

WORDS = {"created": "新建", "changed": "变更", "unchanged": "未变", "refused": "拒绝"}
_COLOURS = {"created": "green", "changed": "cyan", "unchanged": "white", "refused": "red"}


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """What became of a row; ``number`` is None for an entry that had none and became inactive."""

    kind: str
    number: int | None
    code: str
    verdict: str
    changes: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of all of them; ``spared``: nothing was made inactive since rows could not be
    read."""

    lines: Sequence[ReportedRow]
    applied: bool
    spared: bool


def run_import(
    path: Path,
    base_url: str,
    by: str,
    *,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    deactivate_missing: bool = False,
    out: Path | None = None,
    console: Console | None = None,
) -> int:
    """Sets up or changes the network by files; returns the exit code: 0 if every row was taken, 2
    if some were refused, 1 if nothing could be done; one line says why."""
    console = console or Console()
    target = out or results.beside(path)
    try:
        network = read(path)
        results.check(target)
        done = asyncio.run(_import(network, base_url, by, dry_run, all_or_nothing, deactivate_missing))
    except ImportProblem as problem:
        return _said(console, problem)
    _write(target, done)
    summarise(console, network, done, target, dry_run=dry_run)
    return 2 if any(one.verdict == "refused" for one in done.lines) else 0


def run_export(path: Path, base_url: str, by: str, console: Console | None = None) -> int:
    """Writes the network as it is to a folder or a workbook; returns the exit code."""
    console = console or Console()
    try:
        network = asyncio.run(_everything(base_url, by))
        writing.write(path, network)
    except ImportProblem as problem:
        return _said(console, problem)
    counts = "，".join(f"{sheet.title} {len(network[sheet.kind])}" for sheet in SHEETS.values())
    console.print(f"{escape(str(path))}: {counts}", soft_wrap=True, highlight=False)
    return 0


def write_template(path: Path, console: Console | None = None) -> int:
    """Writes a template to a folder or a workbook that is not there yet; returns the exit code."""
    console = console or Console()
    try:
        if path.exists():
            raise ImportProblem(f"已存在：{path}（it exists: give another name）")
        writing.write_template(path)
    except ImportProblem as problem:
        return _said(console, problem)
    console.print(f"模板 template: {escape(str(path))}", soft_wrap=True, highlight=False)
    return 0


def _said(console: Console, problem: ImportProblem) -> int:
    console.print(f"[red]✗[/] {escape(str(problem))}", soft_wrap=True, highlight=False)
    return 1


def _client(base_url: str, by: str) -> httpx.AsyncClient:
    headers = {"Baton-Actor": by, "Accept-Language": "zh"}
    # The API is on this machine or named on purpose: a proxy of the environment would only be in
    # the way.
    return httpx.AsyncClient(base_url=base_url, headers=headers, timeout=door.TIMEOUT, trust_env=False)


async def _everything(base_url: str, by: str) -> writing.Entries:
    async with _client(base_url, by) as client:
        return await door.everything(client)


async def _import(
    network: Network, base_url: str, by: str, dry_run: bool, all_or_nothing: bool, deactivate_missing: bool
) -> Done:
    async with _client(base_url, by) as client:
        return await carry(
            client, network, dry_run=dry_run, all_or_nothing=all_or_nothing, deactivate_missing=deactivate_missing
        )


async def carry(
    client: httpx.AsyncClient, network: Network, *, dry_run: bool, all_or_nothing: bool, deactivate_missing: bool
) -> Done:
    """Sends what can be read of a network. Raises ``ImportProblem``."""
    sent = [row for row in network.rows if not row.problem]
    unread = [row for row in network.rows if row.problem]
    # The entry of a row that was not read would be taken for a missing one.
    spared = deactivate_missing and bool(unread)
    looked_at = dry_run or (all_or_nothing and bool(unread))
    lines = [ReportedRow(row.sheet.kind, row.number, row.code, "refused", reason=row.problem) for row in unread]
    if not sent:
        return Done(lines, applied=False, spared=spared)
    answer = await door.send(
        client,
        sent,
        dry_run=looked_at,
        all_or_nothing=all_or_nothing,
        deactivate_missing=deactivate_missing and not unread,
    )
    lines += [_line(sent, one) for one in answer["rows"]]
    order = list(SHEETS)
    lines.sort(key=lambda one: (order.index(one.kind), one.number is None, one.number or 0))
    return Done(lines, bool(answer["applied"]), spared)


def _line(sent: Sequence[Row], said: dict[str, Any]) -> ReportedRow:
    number = None if said["row"] is None else sent[said["row"]].number
    columns = {column.field: column for column in SHEETS[said["kind"]].columns}
    changes = "；".join(
        one
        for name, change in said["changes"].items()
        for one in _changed(columns, name, change["before"], change["after"])
    )
    reasons = [f"{_field(columns, one['field'])}：{one['message']}（{one['cure']}）" for one in said["problems"]]
    if said["going_on"]:
        reasons.append(f"{said['going_on']} 条在办线索将转给其他店或总部（open leads go on to other dealers or HQ）")
    if said["left_behind"]:
        reasons.append(f"仍有 {said['left_behind']['open_leads']} 条在办线索待改派（open leads to be reassigned）")
    return ReportedRow(said["kind"], number, said["code"], said["verdict"], changes, "；".join(reasons))


def _changed(columns: dict[str, Column], name: str, before: Any, after: Any) -> Iterator[str]:
    """What a field was and is; of one that several columns make together, those that differ."""
    parts = [column for column in columns.values() if column.field.startswith(f"{name}/")]
    if not parts:
        heading = columns[name].heading if name in columns else name
        yield f"{heading}: {_shown(before)} → {_shown(after)}"
        return
    for part, was, becomes in zip(parts, before, after, strict=False):
        if was != becomes:
            yield f"{part.heading}: {part.cell.write(was) or '–'} → {part.cell.write(becomes) or '–'}"


def _field(columns: dict[str, Column], pointer: str) -> str:
    part = "/".join(pointer.split("/")[:2])
    if part in columns:
        return columns[part].heading
    name, _, place = pointer.partition("/")
    heading = columns[name].heading if name in columns else name
    return f"{heading} {int(place) + 1}" if place.isdigit() else heading


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _write(path: Path, done: Done) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["表", "行号", "编码", "结果", "变更", "原因"])
        for one in done.lines:
            cells = (SHEETS[one.kind].title, one.number or "", one.code, WORDS[one.verdict], one.changes, one.reason)
            writer.writerow([results.harmless(str(cell)) for cell in cells])


def summarise(console: Console, network: Network, done: Done, target: Path, *, dry_run: bool) -> None:
    """What became of the rows, on the screen."""
    table = Table()
    table.add_column("表 sheet")
    for verdict, word in WORDS.items():
        table.add_column(f"[{_COLOURS[verdict]}]{word} {verdict}[/]", justify="right")
    for sheet in SHEETS.values():
        of_kind = [one.verdict for one in done.lines if one.kind == sheet.kind]
        if of_kind:
            table.add_row(sheet.title, *(str(of_kind.count(verdict)) for verdict in WORDS))
    console.print(table)
    if network.ignored:
        console.print(f"忽略 ignored: {escape(', '.join(network.ignored))}", soft_wrap=True, highlight=False)
    if done.spared:
        console.print("有行未能读取，未停用任何缺失项（rows were not read: nothing missing was made inactive）")
    if not done.applied:
        why = "试运行 dry run" if dry_run else "有行被拒绝 rows were refused"
        console.print(f"未写入任何内容（nothing was written: {why}）", highlight=False)
    console.print(f"逐行结果 verdicts per row: {escape(str(target))}", soft_wrap=True, highlight=False)
