"""How long branches of a process stay where a script takes a while, and whether they do so at the
same time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from cli.conformance.translation import stay_of


class Stays:
    """Filled while a process runs: a script that takes its time says when it begins and when it is
    done."""

    def __init__(self) -> None:
        self._began: list[datetime] = []
        self._ended: list[datetime] = []
        self.marks: Counter[str] = Counter()  # by the script's whole name, as a case may expect them

    def note(self, activity: str, at: datetime) -> None:
        """An activity is run at this instant; whatever is no stay is passed over."""
        stay = stay_of(activity)
        if stay is None:
            return
        if stay.ends:
            self._ended.append(at)
        else:
            self._began.append(at)
            self.marks[stay.mark] += 1

    @property
    def overlap(self) -> bool:
        """Whether there were several, all of them done, and one instant at which all were there."""
        complete = len(self._began) == len(self._ended)
        return complete and len(self._began) > 1 and max(self._began) < min(self._ended)
