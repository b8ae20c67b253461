"""Deployed versions as programs, read once: a version never changes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from cases.contracts import ProcessRef
from store.session import Tx
from store.tables import definitions
from workflows import bpmn
from workflows.bpmn import Process, Program

MOST: Final = 200
"""Files kept in memory; the one that was not asked for longest goes first."""


class Programs:
    """Reads versions as they are asked for."""

    def __init__(self) -> None:
        self._read: OrderedDict[str, Mapping[str, Process]] = OrderedDict()

    async def process(self, tx: Tx, ref: ProcessRef) -> Process:
        """One version. Raises ``NotFound``."""
        if ref.sha256 not in self._read:
            stored = await definitions.by_sha(tx, ref.sha256)
            # A large file takes a second of the processor, and others share the loop.
            self._read[ref.sha256] = (await asyncio.to_thread(bpmn.read, stored.xml)).processes
            if len(self._read) > MOST:
                self._read.popitem(last=False)
        self._read.move_to_end(ref.sha256)
        return self._read[ref.sha256][ref.key]

    async def of(self, tx: Tx, refs: Iterable[ProcessRef]) -> Program:
        """What an instance runs on. Raises ``NotFound``."""
        return {ref.key: await self.process(tx, ref) for ref in refs}

    async def closure(
        self, tx: Tx, root: str, pinned: Mapping[str, ProcessRef], newest: Mapping[str, ProcessRef]
    ) -> tuple[ProcessRef, ...]:
        """The versions of a process and of all that it calls, its own first: those pinned, else the
        newest.

        Raises ``NotFound`` when one of them was never deployed.
        """
        found: dict[str, ProcessRef] = {}
        waiting = [root]
        while waiting:
            key = waiting.pop()
            if key in found:
                continue
            ref = pinned.get(key) or newest.get(key)
            if ref is None:
                await definitions.latest(tx, key)  # says that there is none
                continue
            found[key] = ref
            waiting.extend(await definitions.calls_of(tx, ref))
        own = found.pop(root)
        return (own, *(found[key] for key in sorted(found)))
