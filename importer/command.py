"""``baton import FILE``: a progress bar, a verdict and reason per row, a summary; problems in one line."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from importer import results
from importer.problems import ImportProblem
from importer.reading import Sheet, read
from importer.results import WORDS
from importer.sending import Imported, import_file

TIMEOUT = httpx.Timeout(60, connect=5)
_COLOURS = {"created": "green", "duplicate": "yellow", "reactivated": "cyan", "rejected": "red", "not_sent": "red"}


def run(
    path: Path,
    base_url: str,
    *,
    out: Path | None = None,
    concurrency: int = 1,
    console: Console | None = None,
) -> int:
    """Imports a CSV file through the API at ``base_url``; returns the exit code.

    The verdict and reason of each row go to ``out`` (``FILE.result.csv`` beside the file if not given). 0: every row
    has its verdict, also if some were rejected. 1: the file or the API was not usable; one line says why.
    """
    console = console or Console()
    try:
        sheet = read(path)
        target = out or results.beside(path)
        results.check(target)
        imported = asyncio.run(_import(sheet, base_url, concurrency, console))
    except ImportProblem as problem:
        console.print(f"[red]✗[/] {escape(str(problem))}", soft_wrap=True, highlight=False)
        return 1
    results.write(target, sheet, imported.verdicts)
    summarise(console, sheet, imported, target)
    return 1 if imported.failure else 0


async def _import(sheet: Sheet, base_url: str, concurrency: int, console: Console) -> Imported:
    columns = (TextColumn("导入"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # The API is on this machine or named on purpose: a proxy of the environment would only be in the way.
    async with httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT, trust_env=False) as client:
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("", total=len(sheet.rows))
            return await import_file(
                sheet, client, concurrency=concurrency, progress=lambda done: bar.advance(task, done)
            )


def summarise(console: Console, sheet: Sheet, imported: Imported, target: Path) -> None:
    """What became of the file, on the screen."""
    counts = Counter(one.verdict for one in imported.verdicts)
    table = Table(title=f"{len(sheet.rows)} 行（{sheet.encoding}）", title_justify="left")
    table.add_column("结果 verdict")
    table.add_column("行 rows", justify="right")
    table.add_column("原因 reasons")
    for verdict, word in WORDS.items():
        if counts[verdict]:
            reasons = Counter(code for one in imported.verdicts if one.verdict == verdict for code in one.codes)
            said = ", ".join(f"{code} {number}" for code, number in reasons.most_common())
            table.add_row(f"[{_COLOURS[verdict]}]{word} {verdict}[/]", str(counts[verdict]), said)
    console.print(table)
    if sheet.ignored:
        console.print(f"忽略的列 ignored columns: {escape(', '.join(sheet.ignored))}", highlight=False)
    if imported.again:
        console.print("该文件此前已导入，以上为当时的结果（imported before: these are its verdicts）")
    if imported.failure:
        console.print(f"[red]✗[/] {escape(imported.failure)}", soft_wrap=True, highlight=False)
    console.print(f"逐行结果 verdicts per row: {escape(str(target))}", soft_wrap=True, highlight=False)
