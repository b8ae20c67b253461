"""``baton process report``: what Baton would run of diagrams from elsewhere, what it keeps, and
what it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cli.commands.files import content, lines, say
from workflows.bpmn import ModelRefused
from workflows.bpmn.interchange import Fate, Finding, report


def run(paths: Sequence[Path]) -> int:
    """Prints a line an element and a count of verdicts a file; 1 if one is no diagram at all."""
    code = 0
    for path in paths:
        try:
            found = report(content(path))
        except ModelRefused as refused:
            say(lines(path, refused.problems))
            code = 1
        else:
            say(_told(path, found))
    return code


def _told(path: Path, found: Sequence[Finding]) -> Iterator[str]:
    for one in found:
        name = f' "{one.name}"' if one.name else ""
        why = f": {one.why}" if one.why else ""
        yield f"{path}:{one.line}: {one.verdict} {one.tag} {one.element}{name}{why}"
    counted = Counter(one.verdict for one in found)
    yield f"{path}: {', '.join(f'{verdict} {counted[verdict]}' for verdict in Fate)}"
