"""Whether a file may be deployed now.

Reading a file may take a second, so it happens beside the API and outside of any transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from api.context import Call
from domain.processes.checking import Deployed, Judged, deployed, judge
from store.session import Tx


async def judged(call: Call, xml: bytes) -> Judged:
    """A file as it can be deployed now. Raises ``TooCostly``, ``Unavailable``."""
    return await _judged(call, xml, await call.read(lambda tx: deployed(tx, call.now())))


async def still_judged(tx: Tx, call: Call, xml: bytes, found: Judged, at: datetime) -> Judged:
    """The same in the instant of deployment: judged again if what is deployed has changed
    meanwhile."""
    now = await deployed(tx, at)
    return found if now == found.deployed else await _judged(call, xml, now)


async def _judged(call: Call, xml: bytes, now: Deployed) -> Judged:
    return replace(await call.aside(judge, xml, now), deployed=now)
