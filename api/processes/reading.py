"""Files of diagrams read and checked, in a process beside the API."""

from __future__ import annotations

from activities.catalogue import SIGNATURES
from domain.processes import checking
from domain.processes.checking import Catalogue, Deployed, Judged


def judge(xml: bytes, known: Deployed | None = None) -> Judged:
    """A file read, and compared with what is deployed if that is given. Never raises."""
    return checking.judge(xml, None if known is None else catalogue(known))


def catalogue(known: Deployed) -> Catalogue:
    """What is deployed, read, with the activities that this version has."""
    return checking.catalogue(SIGNATURES, known)
