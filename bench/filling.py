"""Fills a Baton with leads as quickly as it takes them through, and says how far it is.

No more are sent than the workers have in hand within a minute: a longer backlog makes nothing
quicker, and what is refused is simply sent again as somebody else.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import Final

from bench.load import Job, send
from bench.stack import Stack

RESTING: Final = "SELECT count(*) FROM cases WHERE kind = 'lead' AND settled_at IS NOT NULL"
BATCH: Final = 50
PORTION: Final = 1_000
"""Leads that are sent at once."""
LEFT: Final = 300
"""Leads that still run when the next are sent."""
LOOK: Final = 0.5
PATIENCE: Final = 120.0
"""Seconds without a lead that comes to rest, after which something is wrong."""
SAY: Final = 15.0
"""Seconds between two lines about how far it is."""


async def fill(stack: Stack, people: Iterator[int], size: int, *, grade: str | None = None) -> list[str]:
    """Leads until so many have come to rest; the ids of those that were sent.

    Raises:
        RuntimeError: none came to rest for two minutes, or all of a portion were refused.
    """
    ids = list[str]()
    resting = were = await stack.count(RESTING)
    begun = heard = said = time.monotonic()
    open_ = 0
    while resting < size or open_:
        missing = size - resting - open_
        if missing > 0 and open_ <= LEFT:
            found = await _send(stack, people, min(missing, PORTION), grade)
            ids += found
            open_ += len(found)
        await asyncio.sleep(min(LOOK, 0.05 * size))
        now, count = time.monotonic(), await stack.count(RESTING)
        if count > resting:
            heard, open_, resting = now, max(0, open_ - (count - resting)), count
        if now - heard > PATIENCE:
            raise RuntimeError(f"{open_} leads do not come to rest")
        if now - said > SAY:
            said = now
            say(f"{resting:,} of {size:,} leads rest, {(resting - were) / (now - begun):.1f} a second")
    return ids


async def _send(stack: Stack, people: Iterator[int], count: int, grade: str | None) -> list[str]:
    requests = -(-count // BATCH)
    batch = -(-count // requests)
    numbers = list(islice(people, requests * batch))
    job = Job(stack.api, numbers[0], requests, 2, batch, seconds=PATIENCE, grade=grade, again=True)
    sent = await send(job)
    if not sent.ids:
        raise RuntimeError(f"all of {requests * batch} leads refused")
    if sent.refused:
        say(f"{sent.refused} of {requests * batch} leads refused: others are sent")
    return sent.ids


def say(line: str) -> None:
    """How far a long run is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()
