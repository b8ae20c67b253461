"""A whole file sent and its verdicts in one value, as tests want to look at it."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from cli.importer.reading import LeadFile
from cli.importer.sending import Sent, SentRow, ready, send


@dataclass(frozen=True, slots=True)
class Imported:
    """All verdicts in the order of the file. ``again``: the same file was imported before, these
    are its verdicts."""

    verdicts: tuple[SentRow, ...]
    again: bool
    failure: str = ""


async def import_file(sheet: LeadFile, client: httpx.AsyncClient, *, concurrency: int = 1) -> Imported:
    """Sends a sheet as ``send`` does and gathers the verdicts of all its rows."""
    await ready(client)
    batches: list[Sent] = [batch async for batch in send(sheet.rows, client, concurrency=concurrency)]
    verdicts = tuple(verdict for batch in batches for verdict in batch.verdicts)
    failure = next((batch.failure for batch in batches if batch.failure), "")
    return Imported(verdicts, bool(batches) and all(batch.again for batch in batches), failure)
