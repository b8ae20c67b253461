"""A diagram becomes the newest version of its processes, all of them or none; and what that would
be, with nothing changed.

Reading a file may take a second, so it happens aside and before the transaction that deploys it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from cases.errors import Invalid
from domain.processes.checking import Deployed, Judged, deployed, judge
from domain.reach import HEAD_OFFICE, Speaking, the_person, with_role
from domain.speaker import Speaker
from store.network.people import Person
from store.session import Tx
from store.tables import definitions


@dataclass(frozen=True, slots=True)
class Version:
    """A process of the file. ``new`` is false where the file was the newest version already, and
    stays it."""

    key: str
    version: int
    name: str
    sha256: str
    new: bool


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the file is now, or would be, and what was found about it."""

    found: Judged
    processes: tuple[Version, ...]


class ProcessRefused(Invalid):
    """``found`` is why the file cannot be run: each problem is told in the reader's language."""

    def __init__(self, found: Judged) -> None:
        super().__init__("process_refused")
        self.found = found


def models(speaker: Speaking) -> Person:
    """Who deploys diagrams. Raises ``Forbidden`` for others."""
    return with_role(the_person(speaker), HEAD_OFFICE)


async def judged(speaker: Speaker, xml: bytes, now: Deployed) -> Judged:
    """A file as it can be deployed beside what is deployed ``now``. Raises ``TooCostly``,
    ``Unavailable``."""
    return replace(await speaker.aside(judge, xml, now), deployed=now)


async def deploy(tx: Tx, speaker: Speaker, xml: bytes, seen: Judged, comment: str) -> Deployment:
    """The file becomes the newest version of each of its processes: cases that begin from now on
    run on it. A file that is the newest already stays that version.

    ``seen`` is what was found before: it is judged again if what is deployed has changed meanwhile.
    Raises ``Forbidden``, and ``ProcessRefused`` for what cannot be run.
    """
    found, at = await _still(tx, speaker, xml, seen)
    await definitions.hold_processes(tx, [process.id for process in found.processes])
    before = {ref for ref, _ in (await definitions.newest_refs(tx)).values()}
    made: list[Version] = []
    for process in found.processes:
        stored = await definitions.deploy_process(
            tx, process.id, process.name, xml, process.calls, at, str(tx.actor), comment
        )
        made.append(Version(stored.key, stored.version, process.name, stored.sha256, stored.ref not in before))
    return Deployment(found, tuple(made))


async def would_be(tx: Tx, speaker: Speaker, xml: bytes, seen: Judged) -> Deployment:
    """What deploying the file would give, with the versions that it would get. Raises as ``deploy``
    does."""
    found, _ = await _still(tx, speaker, xml, seen)
    newest = await definitions.newest_refs(tx)
    made: list[Version] = []
    for process in found.processes:
        ref = newest[process.id][0] if process.id in newest else None
        if ref is not None and ref.sha256 == found.sha256:
            made.append(Version(ref.key, ref.version, process.name, ref.sha256, False))
        else:
            made.append(Version(process.id, ref.version + 1 if ref else 1, process.name, found.sha256, True))
    return Deployment(found, tuple(made))


async def _still(tx: Tx, speaker: Speaker, xml: bytes, seen: Judged) -> tuple[Judged, datetime]:
    models(speaker)
    at = speaker.now()
    now = await deployed(tx, at)
    found = seen if now == seen.deployed else await judged(speaker, xml, now)
    if found.errors:
        raise ProcessRefused(found)
    return found, at
