"""The diagrams that are broken on purpose: those of the project, and, if it is there, what lies
beside it."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from cli.conformance.translation import NotTranslated, translated
from tests.workflows.bpmn.diagrams import bpmn
from tests.workflows.bpmn.mutation.specimens import SPECIMENS
from workflows import processes

SHARED: Final = Path(__file__).resolve().parents[5] / "shared"
BESIDE: Final = ("conformance/bpmn", "conformance/bpmn-interchange", "drafts")
LARGEST: Final = 20_000
"""Bytes: what is larger is read too slowly to be broken often."""


@cache
def diagrams() -> dict[str, bytes]:
    """Files by name: shipped processes, specimens of every kind of element, and those in the shared
    folder."""
    shipped = Path(str(processes.__path__[0]))
    found = {path.name: path.read_bytes() for path in sorted(shipped.glob("*.bpmn"))}
    found |= {f"specimen {number}": bpmn(text) for number, text in enumerate(SPECIMENS)}
    for folder in BESIDE:
        for path in sorted(SHARED.glob(f"{folder}/**/*.bpmn")):
            found[str(path.relative_to(SHARED))] = _spoken(path.read_bytes())
    return {name: xml for name, xml in found.items() if len(xml) <= LARGEST}


def _spoken(xml: bytes) -> bytes:
    """In this engine's words, so that it would run: what is refused as it stands, says little when
    it is broken."""
    with suppress(NotTranslated):
        return translated(xml)
    return xml
