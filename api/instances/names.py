"""What elements are called in the diagrams: an instance keeps ids, people read names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import lru_cache

from leads.errors import NotFound
from store import definitions
from store.session import Tx
from workflows import bpmn

Names = Mapping[str, str]
"""Element id → name."""


async def of_versions(tx: Tx, versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Names]:
    """The names of all elements of some versions (key, version); none for what is not there or cannot be read."""
    found: dict[tuple[str, int], Names] = {}
    for key, version in sorted(set(versions)):
        try:
            xml = (await definitions.process(tx, key, version)).xml
        except NotFound:
            found[key, version] = {}
        else:
            # Reading takes as long as the diagram is large: the API goes on answering meanwhile.
            found[key, version] = (await asyncio.to_thread(_read, xml)).get(key, {})
    return found


@lru_cache(maxsize=64)
def _read(xml: bytes) -> dict[str, Names]:
    try:
        processes = bpmn.read(xml).processes
    except bpmn.ModelRefused:  # deployed by a Baton that read it otherwise: its ids have to do
        return {}
    return {key: {one.id: one.name for one in process.elements.values()} for key, process in processes.items()}
