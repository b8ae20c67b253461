"""``baton import FILE``: a progress bar, a verdict and reason per row, a summary; problems in one
line."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import httpx
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cli.importer import journal, results, template
from cli.importer.columns import mapping_of
from cli.importer.journal import Journal
from cli.importer.problems import ImportProblem
from cli.importer.reading import LeadFile, read
from cli.importer.results import WORDS
from cli.importer.sending import ready, send

TIMEOUT = httpx.Timeout(60, connect=5)
_COLOURS = {"created": "green", "duplicate": "yellow", "reactivated": "cyan", "rejected": "red", "not_sent": "red"}


def run(
    path: Path,
    base_url: str,
    *,
    out: Path | None = None,
    concurrency: int = 1,
    mapping: Sequence[str] = (),
    sheet: str | None = None,
    channel: str | None = None,
    console: Console | None = None,
) -> int:
    """Imports a file of leads through the API at ``base_url``; returns the exit code.

    The verdict and reason of each row go to ``out`` (``FILE.result.csv`` beside the file if not
    given) as they come; an import that was interrupted goes on where it stopped. ``mapping`` holds
    ``HEADING=FIELD``, ``sheet`` names one of a workbook, ``channel`` is that of rows that name
    none. 0: every row has its verdict, also if some were rejected. 1: the file or the API was not
    usable; one line says why. 130: interrupted.
    """
    console = console or Console()
    target = out or results.beside(path)
    try:
        read_sheet = read(path, mapping_of(mapping), sheet, channel)
        results.check(target)
        state, failure = asyncio.run(_import(read_sheet, target, base_url, concurrency, console))
    except ImportProblem as problem:
        console.print(f"[red]✗[/] {escape(str(problem))}", soft_wrap=True, highlight=False)
        return 1
    except KeyboardInterrupt:
        console.print("已中断，再次执行同一命令可继续（interrupted: the same command goes on from here）")
        return 130
    summarise(console, read_sheet, state, target, failure)
    return 1 if failure else 0


def write_template(path: Path, console: Console | None = None) -> int:
    """Writes an empty workbook with the headings that are read; returns the exit code."""
    console = console or Console()
    try:
        if path.exists():
            raise ImportProblem(f"文件已存在：{path}（the file exists: give another name）")
        template.write(path)
    except ImportProblem as problem:
        console.print(f"[red]✗[/] {escape(str(problem))}", soft_wrap=True, highlight=False)
        return 1
    console.print(f"模板 template: {escape(str(path))}", soft_wrap=True, highlight=False)
    return 0


async def _import(
    sheet: LeadFile, target: Path, base_url: str, concurrency: int, console: Console
) -> tuple[Journal, str]:
    """The counts of the import and why it failed, if it did: what was not sent then is sent the
    next time."""
    columns = (TextColumn("导入"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # The API is on this machine or named on purpose: a proxy of the environment would only be in
    # the way.
    async with httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT, trust_env=False) as client:
        await ready(client)
        state, failure = journal.of(target, sheet.sha256), ""
        if state.rows:
            console.print(f"从第 {state.rows + 1} 条继续（going on behind {state.rows} rows）", highlight=False)
        out = results.Results(target, sheet.headings, state.written)
        try:
            with Progress(*columns, console=console, transient=True) as bar:
                task = bar.add_task("", total=sheet.lines or None, completed=state.rows)
                async for sent in send(sheet.rows, client, concurrency=concurrency, done=state.rows):
                    written = out.add(sent.verdicts)
                    failure = failure or sent.failure
                    state.add(sent)
                    if not failure:
                        state.save(written)
                    bar.advance(task, len(sent.verdicts))
        finally:
            out.close()
    if not failure:
        state.close()
    return state, failure


def summarise(console: Console, sheet: LeadFile, state: Journal, target: Path, failure: str = "") -> None:
    """What became of the file, on the screen."""
    table = Table(title=f"{state.rows} 行（{sheet.encoding}）", title_justify="left")
    table.add_column("结果 verdict")
    table.add_column("行 rows", justify="right")
    table.add_column("原因 reasons")
    for verdict, word in WORDS.items():
        if state.verdicts[verdict]:
            reasons = Counter({code: count for (of, code), count in state.counts.items() if of == verdict})
            said = ", ".join(f"{code} {number}" for code, number in reasons.most_common())
            table.add_row(f"[{_COLOURS[verdict]}]{word} {verdict}[/]", str(state.verdicts[verdict]), said)
    console.print(table)
    if sheet.ignored:
        console.print(f"忽略的列 ignored columns: {escape(', '.join(sheet.ignored))}", highlight=False)
    if sheet.skipped.headings or sheet.skipped.totals:
        console.print(
            f"跳过 skipped: 列名行 repeated headings {sheet.skipped.headings}, 合计行 totals {sheet.skipped.totals}",
            highlight=False,
        )
    if state.again == state.rows and not failure:
        console.print("该文件此前已导入，以上为当时的结果（imported before: these are its verdicts）")
    elif state.again:
        console.print(
            f"其中 {state.again} 行此前已导入，结果为当时的结果"
            f"（{state.again} rows were imported before: these are their verdicts）",
            highlight=False,
        )
    if failure:
        console.print(f"[red]✗[/] {escape(failure)}", soft_wrap=True, highlight=False)
        console.print("未发送的行：再次执行同一命令可继续（rows not sent: the same command goes on from here）")
    console.print(f"逐行结果 verdicts per row: {escape(str(target))}", soft_wrap=True, highlight=False)
