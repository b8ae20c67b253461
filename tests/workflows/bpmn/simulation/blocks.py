"""What a random diagram is made of: blocks with one way in and one way out, nested at random.

A block is a leaf (a word) or a kind with a number that picks its variant and with the blocks inside
it. Whatever is nested in whatever, a token that goes in comes out once if everything that it waits
for happens: so a diagram that does not come to its end has found a bug.
"""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import strategies as st

Block: TypeAlias = "str | tuple[str, int, list[Block]]"

TASKS = ("user", "service", "rule", "script", "task", "manual", "send", "receive")
EVENTS = (
    *("timer", "message", "signal", "conditional", "any", "all"),
    *("milestone", "send event", "shout", "escalate", "several", "link", "race", "gather", "late", "narrow"),
)
CALM = ("seq", "and", "sub", "call", "each", "tx")
"""Composites in which nothing depends on who is first."""

COMPOSITES = (
    *CALM,
    *("xor", "or", "ways", "complex", "again", "terminate", "implicit", "cancel"),
    *("guard", "guard", "handler", "handler", "loop", "loop", "undo", "undo", "parts undone"),
)

VARIANTS = 60


def _nested(leaves: st.SearchStrategy[Block], kinds: tuple[str, ...], size: int) -> st.SearchStrategy[Block]:
    def around(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        parts = st.lists(inner, min_size=1, max_size=3)
        return st.tuples(st.sampled_from(kinds), st.integers(0, VARIANTS - 1), parts)

    return st.recursive(leaves, around, max_leaves=size)


BLOCKS = _nested(st.sampled_from(TASKS + EVENTS), COMPOSITES, 9)
"""Blocks of every kind."""

CALM_BLOCKS = _nested(st.sampled_from(["user", "service", "manual"]), CALM, 8)
"""Blocks without races: the order in which independent work is done changes nothing about what is
done."""

BEGINNINGS = ("plain", "implicit", "message", "signal", "timer", "conditional", "any", "receive", "race", "several")
"""How a process can begin."""
