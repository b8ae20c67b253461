"""What is wrong with a diagram as a whole: errors that keep it from running, warnings about what
was hardly meant.

``structure`` looks at one process and is part of reading; ``validate`` adds what only the whole
file and the catalogues of what is deployed can tell. The rules are the tables in
``workflows.bpmn.checks``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from workflows.bpmn.checks import ELEMENT_CHECKS, PROCESS_CHECKS, catalogue, errors, timers
from workflows.bpmn.checks.found import Found
from workflows.bpmn.contracts import Contracts, breaches
from workflows.bpmn.model import Definitions, Problem, Process


def validate(
    definitions: Definitions,
    *,
    activities: Collection[str] | None = None,
    decisions: Collection[str] | None = None,
    processes: Collection[str] | None = None,
    contracts: Contracts | None = None,
    at: datetime | None = None,
) -> tuple[Problem, ...]:
    """Warnings of the diagram and, for each catalogue that is given, names that it does not know
    (errors).

    ``processes`` are the deployed ones; those of the same file are known anyway. With
    ``contracts``, what the diagram hands on and reads is compared with what activities, decisions,
    people and other processes take and give. ``at`` is the instant of deployment (UTC): with it,
    dates that are past already are warned about.
    """
    called = None if processes is None else {*processes, *definitions.processes}
    known = catalogue.Catalogue(activities, decisions, called)
    found = [problem for process in definitions.processes.values() for problem in structure(process)]
    found += [one.problem() for one in catalogue.names(definitions.processes.values(), known)]
    found += [one.problem() for one in catalogue.calls(definitions)]
    found += [one.problem() for one in errors.uncaught(definitions.processes)]
    if contracts is not None:
        found += [one.problem() for one in breaches(definitions.processes, contracts)]
    if at is not None:
        found += [one.problem() for one in timers.past(definitions.processes, at)]
    return (*definitions.notes, *found)


def agreed(
    part: Mapping[str, Process], contracts: Contracts, *, activities: Collection[str], processes: Collection[str]
) -> tuple[Problem, ...]:
    """The same for a part of a file that has contracts of its own: names that are not known, and
    what is not kept."""
    known = catalogue.Catalogue(activities, contracts.decisions, processes)
    found = [*catalogue.names(part.values(), known), *breaches(part, contracts)]
    return tuple(one.problem() for one in found)


def structure(process: Process) -> tuple[Problem, ...]:
    """Errors and warnings of one process: element by element in document order, then as a whole."""
    return tuple(one.problem() for one in _structure(process))


def _structure(process: Process) -> Iterator[Found]:
    for element in process.elements.values():
        for check in ELEMENT_CHECKS:
            yield from check(process, element)
    for look in PROCESS_CHECKS:
        yield from look(process)
