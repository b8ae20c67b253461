"""``baton conformance bpmn FOLDER``: runs the cases of a folder through the pure core, with a
virtual clock.

A process is right, refused when it is deployed, or wrong; whatever goes wrong inside the engine is
wrong, not an end of the run. Cases are counted, not processes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cli.conformance.cases import Case, CasesUnreadable, Subject, load
from cli.conformance.translation import NotTranslated, translated
from cli.conformance.world import World
from workflows.bpmn import Definitions, ModelRefused, NoSuchStart, Problem, Severity, read, validate

_T0: Final = datetime(2026, 1, 1, tzinfo=UTC)
_UNFIT: Final = "assertGenericError"

_ENDS_AS_IT_SHOULD: Final[Mapping[str, Callable[[set[str]], bool]]] = {
    "": lambda incidents: not incidents,
    "assertRuntimeException": lambda incidents: incidents == {"condition_failed"},
    "assertErrorThrownErrorEvent": lambda incidents: incidents == {"uncaught_error"},
    _UNFIT: lambda incidents: bool(incidents),
}
"""By a case's ``outcome``: whether these kinds of incidents are what it asks for."""


class ProcessTally(NamedTuple):
    """How many cases of a process are right, refused and wrong; ``line`` says what is, unless all
    are right."""

    right: int
    refused: int
    wrong: int
    line: str = ""


def main(folder: Path, out: Callable[[str], None]) -> int:
    """Says what is not right and the totals; the exit code: 0, 1 if something is wrong, 2 if there
    are no cases."""
    try:
        subjects = load(folder)
    except CasesUnreadable as problem:
        out(str(problem))
        return 2
    verdicts = [judge(folder, name, subject) for name, subject in subjects.items()]
    for verdict in verdicts:
        if verdict.line:
            out(verdict.line)
    wrong = sum(verdict.wrong for verdict in verdicts)
    out(f"right {sum(v.right for v in verdicts)}, refused {sum(v.refused for v in verdicts)}, wrong {wrong}")
    return 1 if wrong else 0


def judge(folder: Path, name: str, subject: Subject) -> ProcessTally:
    """Deploys one process and runs its cases."""
    count = len(subject.cases)
    try:
        definitions = deployed(folder / subject.file)
    except ModelRefused as refusal:
        right = sum(case.outcome == _UNFIT for case in subject.cases)
        line = f"refused {name}: {'; '.join(map(_reason, refusal.problems))}" if right < count else ""
        return ProcessTally(right, count - right, 0, line)
    except NotTranslated as problem:
        return ProcessTally(0, count, 0, f"refused {name}: {problem}")
    except Exception as problem:
        return ProcessTally(0, 0, count, f"wrong {name}: {_failure(problem)}")
    try:
        faults = [fault for case in subject.cases if (fault := fault_of(definitions, name, case))]
    except NoSuchStart as problem:
        return ProcessTally(0, count, 0, f"refused {name}: {problem}")
    return ProcessTally(count - len(faults), 0, len(faults), f"wrong {name} {'; '.join(faults)}" if faults else "")


def deployed(file: Path) -> Definitions:
    """The definitions of a model of the suite, if this engine takes it.

    Raises:
        ModelRefused: it would be refused at deployment.
        NotTranslated: it says something that cannot be put into this engine's words.
        OSError: the file cannot be read.
    """
    definitions = read(translated(file.read_bytes()))
    errors = [problem for problem in validate(definitions, processes=()) if problem.severity is Severity.ERROR]
    if errors:
        raise ModelRefused(tuple(errors))
    return definitions


def fault_of(definitions: Definitions, name: str, case: Case) -> str:
    """Runs one case; "" if it is right, else what was expected and what came.

    Raises:
        NoSuchStart: nobody but an event can start the process.
    """
    world = World(definitions.processes, _T0)
    try:
        if case.second_instance and not _start_partners(world, definitions, name, case):
            world.start(name, case.variables)
        world.start(name, case.variables)
        world.pass_time(timedelta(milliseconds=case.wait_ms))
    except NoSuchStart:
        raise
    except Exception as problem:
        return f"case {case}: {_failure(problem)}"
    incidents = {incident.kind for incident in world.incidents}
    ends = _ENDS_AS_IT_SHOULD.get(case.outcome, lambda _: False)
    # A mark with its instant is compared by name only if the case names one.
    marks = world.marks + Counter({name: n for name, n in world.stays.marks.items() if name in case.expect})
    together = world.stays.overlap or not case.parallel
    if marks == Counter(case.expect) and world.marker == case.marker and together and ends(incidents):
        return ""
    parallel = ["overlapping stays"]
    wanted = _told(
        Counter(case.expect), case.marker, parallel * case.parallel + ([case.outcome] if case.outcome else [])
    )
    stuck = [f"{one.kind} at {one.element}" for one in world.incidents]
    got = _told(marks, world.marker, parallel * (case.parallel and world.stays.overlap) + stuck)
    return f"case {case}: expected {wanted}, got {got}"


def _start_partners(world: World, definitions: Definitions, name: str, case: Case) -> int:
    """Starts the other processes of the file, unless an event or a call does: one that waits for a
    message has to run before it is sent. How many there were."""
    started = 0
    called = {key for process in definitions.processes.values() for key in process.calls}
    for partner in definitions.processes:
        if partner not in {name, *called}:
            with suppress(NoSuchStart):
                world.start(partner, case.variables)
                started += 1
    return started


def _told(marks: Counter[str], marker: bool, others: list[str]) -> str:
    words = [f"[{', '.join(sorted(marks.elements()))}]", *(["the marker"] if marker else []), *others]
    return " and ".join(words)


def _reason(problem: Problem) -> str:
    return f'{problem.element} "{problem.name}": {problem.message}'


def _failure(problem: Exception) -> str:
    return f"{type(problem).__name__}: {' '.join(str(problem).split())}"
