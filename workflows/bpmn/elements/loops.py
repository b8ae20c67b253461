"""Activities that are done more than once (BPMN 2.0.2, 10.3.8; 13.3.6-7).

The activity's own execution is a scope; each round is an execution of the same element inside it,
with variables of its own: ``loopCounter`` (from 1) and, of a multi-instance with a collection, its
item. Boundary events are around all rounds together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from rules.feel import handed_on
from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.lifecycle import Stuck
from workflows.bpmn.model import Data, Element, Loop

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution

MOST_ROUNDS: Final = 1_000
"""Instances of one multi-instance activity; more is taken for a mistake in the data."""


class Rounds(Behaviour):
    """What standard loops and multi-instance activities have in common."""

    waits = "scope"

    def round_done(self, run: Run, execution: Execution, element: Element, variables: Data) -> Callable[[], None]:
        """One round is about to leave; ``variables`` include its result. Gives what to do once it
        has left.

        Raises:
            FeelError, Stuck: a condition failed; nothing has been changed.
        """
        raise NotImplementedError

    def begin_round(self, run: Run, body: Execution, element: Element, local: Data) -> None:
        """A new round, as another execution of the same element."""
        run.spawn(body.id, body.home, element.id, local=local)


class StandardLoop(Rounds):
    """Again and again while its condition is true, at most ``maximum`` times; tested before or
    after each round."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        loop = _loop(element)
        if loop.test_before and not self._once_more(run, loop, 0, run.variables(execution)):
            return {}
        self._begin(run, execution, element, 1)
        return None

    def round_done(self, run: Run, execution: Execution, element: Element, variables: Data) -> Callable[[], None]:
        body = run.executions[execution.scope]
        number = int(run.notes[body.id]["round"])
        if self._once_more(run, _loop(element), number, variables):
            return lambda: self._begin(run, body, element, number + 1)
        return lambda: run.finish(body, {})

    def _begin(self, run: Run, body: Execution, element: Element, number: int) -> None:
        run.notes[body.id] = {**run.notes.get(body.id, {}), "round": number}
        self.begin_round(run, body, element, {"loopCounter": number})

    @staticmethod
    def _once_more(run: Run, loop: Loop, done: int, variables: Data) -> bool:
        if loop.maximum is not None and done >= loop.maximum:
            return False
        return loop.condition is None or run.true(loop.condition, {**variables, "loopCounter": done}, "loop condition")

    def write(self, run: Run, execution: Execution, element: Element, variables: Data) -> Data:
        return {}


class MultiInstance(Rounds):
    """Once for each item or number, side by side or one after the other, until all are done or a
    condition is true."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        loop = _loop(element)
        rounds = _rounds(run, loop, run.variables(execution))
        if not rounds:
            return _collected(loop, {})
        first, rest = (rounds[:1], rounds[1:]) if loop.sequential else (rounds, [])
        run.notes[execution.id] = {**run.notes.get(execution.id, {}), "of": len(rounds), "done": 0, "rest": rest}
        for local in first:
            self.begin_round(run, execution, element, local)
        return None

    def round_done(self, run: Run, execution: Execution, element: Element, variables: Data) -> Callable[[], None]:
        loop, body = _loop(element), run.executions[execution.scope]
        note = run.notes[body.id]
        done, of, rest = int(note["done"]) + 1, int(note["of"]), list(note["rest"])
        yielded: dict[str, Any] = dict(note.get("yielded", {}))
        if loop.yields is not None:
            yielded[str(run.locals[execution.id]["loopCounter"])] = handed_on(run.evaluated(loop.yields, variables))
        running = sum(1 for _ in run.inside(body.id)) - 1
        counts = {
            "numberOfInstances": of,
            "numberOfActiveInstances": running,
            "numberOfCompletedInstances": done,
            "numberOfTerminatedInstances": 0,
        }
        enough = loop.condition is not None and run.true(
            loop.condition, {**variables, **counts}, "completion condition"
        )

        def go_on() -> None:
            run.notes[body.id] = {**run.notes[body.id], "done": done, "rest": rest[1:], "yielded": yielded}
            if enough or done == of:
                run.cancel_content(body.id)
                run.finish(body, _collected(loop, yielded))
            elif rest:
                self.begin_round(run, body, element, rest[0])

        return go_on

    def write(self, run: Run, execution: Execution, element: Element, variables: Data) -> Data:
        return execution.data or {}


def _loop(element: Element) -> Loop:
    assert element.loop is not None
    return element.loop


def _rounds(run: Run, loop: Loop, variables: Data) -> list[Data]:
    """The variables of each round; how many there are is settled when the activity begins."""
    if loop.collection is not None:
        found = handed_on(run.evaluated(loop.collection, variables))
        if not isinstance(found, list):
            raise Stuck("condition_failed", "the collection of a multi-instance activity has to be a list")
        items = cast("list[Any]", found)
        named: list[Data] = [{loop.item: item} if loop.item else {} for item in items]
    else:
        assert loop.cardinality is not None
        number = handed_on(run.evaluated(loop.cardinality, variables))
        if isinstance(number, bool) or not isinstance(number, int | float) or number < 0 or number != int(number):
            raise Stuck("condition_failed", "the cardinality of a multi-instance activity has to be a whole number")
        named = [{} for _ in range(min(int(number), MOST_ROUNDS + 1))]
    if len(named) > MOST_ROUNDS:
        raise Stuck("condition_failed", f"a multi-instance activity has at most {MOST_ROUNDS} instances")
    return [{"loopCounter": counter, **local} for counter, local in enumerate(named, 1)]


def _collected(loop: Loop, yielded: Mapping[str, Any]) -> Data:
    """What the rounds have yielded, in the order of the rounds."""
    if not loop.collected:
        return {}
    return {loop.collected: [yielded[number] for number in sorted(yielded, key=int)]}


LOOPS: Final[Mapping[str, Rounds]] = MappingProxyType({"standard": StandardLoop(), "multiInstance": MultiInstance()})
"""How the rounds of an activity follow one another, by kind of its loop characteristics."""
