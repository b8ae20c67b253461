"""Switches off, for a while, that rulesets keep their answers: to measure and to try durable-rules
itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rules import engine


@contextmanager
def each_time() -> Iterator[None]:
    """Within this block durable-rules is asked each time, even for positions that it has answered
    before."""
    most, engine.MOST_REMEMBERED = engine.MOST_REMEMBERED, 0
    try:
        yield
    finally:
        engine.MOST_REMEMBERED = most
