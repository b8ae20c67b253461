"""``make bench``: everything, one after the other, as a table."""

from __future__ import annotations

import asyncio

from rich.console import Console
from rich.table import Table

from bench import leads
from bench.stack import running


async def main() -> None:
    console = Console()
    async with running() as stack:
        figures = await leads.compare(stack, count=100, rounds=3)
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.2f}")
    console.print(table)


if __name__ == "__main__":
    asyncio.run(main())
