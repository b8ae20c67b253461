"""What happens in a rehearsal: how it begins, what activities answer, what people do, what arrives,
how long it lasts.

An answer or a deed belongs to an element, named by its id; as ``process/element`` or
``call/element`` (the call activity that brought it about) where the id alone would mean several.
The most particular name counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias, TypeVar

from rules.feel import FeelError, evaluate, handed_on
from rules.feel.times import duration_from
from rules.feel.values import YearMonthDuration
from workflows.bpmn.model import Data, Process, Program
from workflows.bpmn.timing import later

Period: TypeAlias = timedelta | YearMonthDuration
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Answer:
    """How an activity or decision ends: with a result, with a BPMN ``error`` (its code), or in
    ``failure`` (why).

    A text of the result that begins with ``=`` is an S-FEEL expression; it sees what the activity
    was given, and ``now``.
    """

    result: Data = field(default_factory=dict[str, Any])
    error: str | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody does a user task so long after it was opened, with these data."""

    after: Period
    data: Data = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Happening:
    """A message or signal (``kind``) arrives so long after the beginning."""

    after: Period
    kind: str
    name: str
    data: Data = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Script:
    """A rehearsal as it was written.

    It begins plainly, by a ``message`` or ``signal``, or at the start event ``start``. Answers and
    deeds are used in their order, the last one again and again; a deed of None is left undone.
    Without ``span`` it plays to the end.
    """

    variables: Data = field(default_factory=dict[str, Any])
    message: str | None = None
    signal: str | None = None
    start: str | None = None
    answers: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict[str, tuple[Answer, ...]])
    deeds: Mapping[str, tuple[Deed | None, ...]] = field(default_factory=dict[str, "tuple[Deed | None, ...]"])
    happenings: tuple[Happening, ...] = ()
    span: Period | None = None


class Prompter:
    """Gives a script's entries out in their order, and remembers what was asked for."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._asked: dict[tuple[str, str], int] = {}
        self.assumed: dict[str, None] = {}
        """The activities without an answer, by their full names, in order."""

    def answer(self, names: Sequence[str]) -> Answer:
        """The next answer of an activity that goes by these names; an empty result if there is
        none."""
        found = self._next("answers", self._script.answers, names)
        if found is None:
            self.assumed[names[-2]] = None
        return found or Answer()

    def deed(self, names: Sequence[str]) -> Deed | None:
        """What somebody does at a user task that goes by these names."""
        return self._next("deeds", self._script.deeds, names)

    def unused(self) -> tuple[str, ...]:
        """The entries of the script that were never asked for."""
        written = (("answers", self._script.answers), ("deeds", self._script.deeds))
        return tuple(name for part, table in written for name in table if (part, name) not in self._asked)

    def _next(self, part: str, table: Mapping[str, tuple[Given, ...]], names: Sequence[str]) -> Given | None:
        name = next((name for name in names if name in table), None)
        if name is None:
            return None
        number = self._asked.get((part, name), 0)
        self._asked[part, name] = number + 1
        return table[name][min(number, len(table[name]) - 1)] if table[name] else None


def period(text: str) -> Period:
    """A length of time, ISO 8601: ``PT4H``, ``P7D``, ``P1M``.

    Raises:
        ValueError: it is none, or a negative one.
    """
    found = duration_from(text)
    negative = found < timedelta() if isinstance(found, timedelta) else found is not None and found.months < 0
    if found is None or negative:
        raise ValueError("a duration such as PT4H, P7D or P1M is needed here")
    return found


def since(at: datetime, length: Period) -> datetime:
    """The instant so long after ``at``; the end of the calendar if that lies beyond it."""
    try:
        return later(at, length)
    except FeelError:
        return datetime.max.replace(tzinfo=at.tzinfo)


def expression(value: object) -> str | None:
    """The expression that a value of a result is to be; None for a value that is what it is."""
    return value[1:] if isinstance(value, str) and value.startswith("=") else None


def computed(result: Data, given: Data, at: datetime) -> Data:
    """A result with its expressions evaluated.

    Raises:
        FeelError: one of them has no value.
    """
    context = {**given, "now": at}
    return {
        name: value if (text := expression(value)) is None else handed_on(evaluate(text, context))
        for name, value in result.items()
    }


def strangers(program: Program, script: Script) -> tuple[str, ...]:
    """The names in the script that mean no element of the program."""
    known = {name for process in program.values() for name in _names(program, process)}
    return tuple(name for name in (*script.answers, *script.deeds) if name not in known)


def _names(program: Program, process: Process) -> Iterator[str]:
    calls = {e.id for caller in program.values() for e in caller.elements.values() if e.work.called == process.id}
    for element in process.elements:
        yield element
        yield f"{process.id}/{element}"
        for call in calls:
            yield f"{call}/{element}"
