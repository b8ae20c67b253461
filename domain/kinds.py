"""The kinds of case that there are, and what they declare together. A new kind is one line here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from cases.contact import MATERIAL
from cases.kind import Emptied, Kind, Offered
from cases.messages import Language, chosen
from cases.parties import Team
from cases.states import MessageKind
from cases.task_kind import TaskKindDeclared
from domain import every_case
from domain.leads.kind import LEAD
from domain.rounds.kind import ROUND
from domain.tickets.kind import TICKET

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({one.name: one for one in (LEAD, TICKET, ROUND)})
"""By name."""

# -- activities -----------------------------------------------------------------------------------


@cache
def activities(names: frozenset[str] = frozenset(KINDS)) -> Mapping[str, Offered]:
    """All that a diagram which cases of these kinds run through may name, in the order of the
    reference.

    Raises ``ValueError`` where two kinds declare an activity of one name: it could not be told
    which is meant.
    """
    kinds = _of(names)
    found: dict[str, Offered] = {}
    for own in (*(one.activities for one in kinds), every_case.activities(kinds, opened())):
        if twice := found.keys() & own.keys():
            raise ValueError(f"two kinds declare the activity {min(twice)}")
        found.update(own)
    return MappingProxyType(found)


@cache
def common(names: frozenset[str]) -> Collection[str]:
    """The activities that work on a case of any of these kinds: a process that they share may name
    no other."""
    own = [one.activities.keys() for one in _of(names)]
    return every_case.activities(()).keys() | (own[0] if len(own) == 1 else frozenset[str]())


def working_on(name: str) -> Mapping[str, Offered]:
    """The activities that work on a case of this kind; none on one that is not known."""
    return activities(frozenset({name})) if name in KINDS else {}


def erased() -> tuple[Emptied, ...]:
    """What an erasure empties of the cases of every kind."""
    return tuple(one for kind in KINDS.values() for one in kind.erased)


def opened() -> tuple[str, ...]:
    """The kinds of which a diagram may open a case; a lead has its own door."""
    return tuple(name for name, kind in KINDS.items() if MessageKind.CASE_OPENED in kind.starts)


def told_of_ends() -> tuple[str, ...]:
    """The kinds whose cases hear that the case has ended that they came from."""
    return tuple(name for name, kind in KINDS.items() if kind.hears_about_ended)


@cache
def levels() -> tuple[str, ...]:
    """The levels of cases of all kinds, each once: what ladders and cadences may be asked for."""
    return tuple(dict.fromkeys(str(level) for kind in KINDS.values() for level in kind.levels))


# -- tasks ---------------------------------------------------------------------------------------


@cache
def task_kinds() -> Mapping[str, TaskKindDeclared]:
    """Every kind of task, by its code, in the order of the kinds. Raises ``ValueError`` where two
    declare one."""
    found: dict[str, TaskKindDeclared] = {}
    for kind in KINDS.values():
        for one in kind.tasks:
            if found.setdefault(one.kind, one) is not one:
                raise ValueError(f"two kinds of case declare the kind of task {one.kind}")
    return MappingProxyType(found)


@cache
def teams() -> Mapping[str, Team | None]:
    """Whose working hours each deadline keeps to, by its kind: what the kinds of task and the other
    clocks declare; None: those of the role that does the task.

    Raises ``ValueError`` where a clock is called like a kind of task, or like another clock.
    """
    found = {one.kind: one.team for one in task_kinds().values()}
    for kind in KINDS.values():
        for clock, team in kind.clocks.items():
            if clock in found:
                raise ValueError(f"two kinds of deadline are called {clock}")
            found[clock] = team
    return MappingProxyType(found)


def team_of(kind: str) -> Team | None:
    """Whose working hours a deadline of this kind keeps to; None: those of the role that does the
    task, also for a kind that nobody declares."""
    return teams().get(kind)


def outcomes() -> tuple[str, ...]:
    """The codes of all outcomes of all kinds, each once."""
    return tuple(dict.fromkeys(code for kind in task_kinds().values() for code in kind.codes()))


def spared() -> dict[str, str]:
    """Kinds of tasks that reach a customer, with the outcome where that customer must not be
    called."""
    return every_case.spared(task_kinds().values())


def purposes() -> tuple[str, ...]:
    """What customers are reached for: tasks that reach one, and what is sent to a nurtured
    customer."""
    return (*spared(), MATERIAL)


def said(names: Mapping[str, str], language: Language) -> dict[str, str]:
    """What kinds of tasks and outcomes are called, beside other names for codes and ids that a
    sentence may hold."""
    found: dict[str, str] = {}
    for kind in task_kinds().values():
        for code, words in ((kind.kind, kind.words), *((one.code, one.words) for one in kind.outcomes)):
            found.setdefault(code, chosen(words, language))
    return found | dict(names)


def _of(names: Iterable[str]) -> tuple[Kind, ...]:
    return tuple(kind for name, kind in KINDS.items() if name in names)
