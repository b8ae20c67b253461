"""Everything that a diagram may name, gathered from where each is declared, for the check of
diagrams."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import rules
from cases.signatures import Signature
from cases.states import MessageKind
from domain.kinds import KINDS, activities, common
from domain.policy.signatures import of_decision
from domain.tasks.form import tells
from rules.model import Decision
from workflows import bpmn
from workflows.bpmn import Process
from workflows.bpmn.contracts import Contracts


@dataclass(frozen=True, slots=True)
class Part:
    """Processes of a file that cases of the same kinds run through, and what these may name.

    ``activities`` are those that work on a case of each of these kinds.
    """

    processes: Mapping[str, Process]
    activities: Collection[str]
    contracts: Contracts


def parts(
    own: Mapping[str, Process], decisions: Mapping[str, Signature], processes: Mapping[str, Process]
) -> Iterator[Part]:
    """The processes of a file by the kinds of case that run through them; ``decisions`` are the
    tables in force, ``processes`` the deployed ones. A process that no kind begins with or calls
    may name what any of them may."""
    land = {**processes, **own}
    through = _through(land)
    of = {key: through.get(key) or frozenset(KINDS) for key in own}
    for names in dict.fromkeys(of.values()):
        mine = {key: process for key, process in own.items() if of[key] == names}
        around = {key: one for key, one in land.items() if not through.get(key) or through[key] & names}
        named = common(names) if any(through.get(key) for key in mine) else activities(names)
        yield Part(mine, named, contracts(names, decisions, around))


def contracts(names: frozenset[str], decisions: Mapping[str, Signature], processes: Mapping[str, Process]) -> Contracts:
    """What diagrams that cases of these kinds run through owe others, and others them."""
    kinds = [kind for name, kind in KINDS.items() if name in names]
    return Contracts(
        activities={name: one.signature for name, one in activities(names).items()},
        decisions=decisions,
        messages={name: fields for kind in kinds for name, fields in kind.hears.items()},
        tasks={one.kind: frozenset(one.codes()) for kind in kinds for one in kind.tasks},
        roles=frozenset(str(role) for kind in kinds for role in kind.roles),
        completed=tuple(dict.fromkeys(one for kind in kinds for one in (*kind.completed, *tells(kind.tasks)))),
        begins={kind.process: tuple(one for brought in kind.starts.values() for one in brought) for kind in kinds},
        signals=frozenset({MessageKind.CLOCK_MOVED}),
        processes=processes,
    )


def _through(land: Mapping[str, Process]) -> Mapping[str, frozenset[str]]:
    """The kinds of case that run through each process: what their own one calls, and what that
    calls."""
    found: dict[str, frozenset[str]] = {}
    for kind in KINDS.values():
        todo = [kind.process]
        while todo:
            key = todo.pop()
            if key in land and kind.name not in found.get(key, ()):
                found[key] = found.get(key, frozenset()) | {kind.name}
                todo += land[key].calls
    return found


def of_decisions(decisions: Iterable[Decision]) -> dict[str, Signature]:
    """What each takes and gives, by its key."""
    return {one.key: of_decision(one) for one in decisions}


@lru_cache(256)
def of_table(xml: bytes) -> Mapping[str, Signature]:
    """The decisions of a stored table; of one that can no longer be read nothing is known."""
    try:
        return of_decisions(rules.read_table(xml))
    except rules.TableRefused:
        return {}


@lru_cache(64)
def of_process(xml: bytes) -> Mapping[str, Process]:
    """The processes of a stored diagram; one that can no longer be read says nothing."""
    try:
        return bpmn.read(xml).processes
    except bpmn.ModelRefused:
        return {}
