"""How soon a part that died is started again: at once if it had worked, ever more slowly while it
keeps dying."""

from __future__ import annotations

from typing import Final

BACK_OFF: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before the first, second … restart of a part that keeps dying."""
STEADY: Final = 5.0
"""Seconds of answering after which earlier deaths are forgotten: whoever has worked is killed, not
broken. Counted from the start instead, a part that is killed now and then would wait as long as one
that cannot run at all."""


class Restarts:
    """The deaths in a row of one part. Instants are those of ``time.monotonic``."""

    def __init__(self) -> None:
        self._deaths = 0
        self._answered: float | None = None

    def answered(self, at: float) -> None:
        """It runs."""
        self._answered = at

    def pause(self, at: float) -> float:
        """It has died; gives the seconds until it should be started again."""
        if self._answered is not None and at - self._answered >= STEADY:
            self._deaths = 0
        self._answered = None
        self._deaths += 1
        return BACK_OFF[min(self._deaths, len(BACK_OFF)) - 1]
