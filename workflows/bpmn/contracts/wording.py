"""Findings about names: all of them say what is wrong, and which name was probably meant or which
there are."""

from __future__ import annotations

from collections.abc import Iterable

from cases.near import nearest
from workflows.bpmn.checks.found import Found, listed, short
from workflows.bpmn.model import Element

_LONGEST = 200


def misnamed(
    element: Element, code: str, what: str, name: str, right: Iterable[str], *, line: int | None = None
) -> Found:
    """``what`` is the beginning of a sentence about ``name``; ``right`` are the names that there
    are."""
    known = sorted(right)
    near = nearest(name, known)
    if near:
        cure = f"did you mean {short(near)!r}?"
    elif known:
        cure = f"there are: {listed(known)}"
    else:
        cure = "remove it"
    room = _LONGEST - len(cure) - 2
    said = what if len(what) <= room else f"{what[: room - 1]}…"
    return Found(element, code, f"{said}; {cure}", line, near)
