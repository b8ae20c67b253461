"""The shipped processes: what a lead goes through, as diagrams that people read and Baton runs
(DESIGN, idea 2).

``lead`` is the whole life and calls ``sale`` (at the dealer) and ``nurture``; all three call
``chase`` for every task that a person has to do by a deadline.
"""

from __future__ import annotations

from importlib.resources import files


def shipped() -> dict[str, bytes]:
    """The BPMN files by process key, as they are in this package."""
    return {
        entry.name.removesuffix(".bpmn"): entry.read_bytes()
        for entry in sorted(files(__name__).iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".bpmn")
    }
