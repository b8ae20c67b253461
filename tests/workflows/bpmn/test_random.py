"""Random well-formed diagrams over all elements, played at random; what must always hold is in
``simulation``.

These tests play the same diagrams every time. ``make simulate`` (or BATON_SIMULATE=20000) plays so
many new ones and says the seed; BATON_SEED=… plays them again.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.bpmn.play import Play
from tests.workflows.bpmn.simulation import walk
from tests.workflows.bpmn.simulation.blocks import BEGINNINGS, CALM_BLOCKS, COMPOSITES, EVENTS, TASKS, VARIANTS, Block
from tests.workflows.bpmn.simulation.drawing import diagram
from tests.workflows.bpmn.simulation.machine import CAMPAIGN, EFFORT, Simulation
from tests.workflows.bpmn.simulation.subject import Subject
from workflows.bpmn import Element, State
from workflows.bpmn.alarms import Alarms
from workflows.bpmn.elements import REGISTRY, catches, joins
from workflows.bpmn.elements.gateways import ParallelGateway
from workflows.bpmn.elements.loops import LOOPS
from workflows.bpmn.run import Run

TestSimulation = Simulation.TestCase
TestSimulation.settings = EFFORT


def test_every_kind_of_element_is_played_in_every_position() -> None:
    wanted = set(REGISTRY) - {("process", ""), ("boundaryEvent", "compensate")}  # no token ever comes there
    played: set[tuple[str, str]] = set()
    looped: set[str] = set()

    for turn in range(8):  # once through is hardly ever too little
        for number, block in enumerate(_of_every_kind(turn)):
            dice = Random(f"{turn}/{number}")
            drawn = diagram(block, beginning=BEGINNINGS[number % len(BEGINNINGS)], halting=number % 3 == 0)
            subject = walk.wander(drawn, dice, dice.choice((2, 6, 12)))
            for element in _reached(subject):
                played.add(element.key)
                looped |= {element.loop.kind} if element.loop is not None else set()
            if turn and played == wanted:
                break
        if played == wanted:
            break

    assert played == wanted
    assert looped == set(LOOPS)


@settings(EFFORT, max_examples=CAMPAIGN or 60)
@given(CALM_BLOCKS, st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_the_order_of_independent_work_changes_nothing_about_what_is_done(
    block: Block, one: Random, other: Random
) -> None:
    assert _in_some_order(block, one) == _in_some_order(block, other)


@pytest.mark.skipif(not CAMPAIGN, reason="a campaign is asked for by BATON_SIMULATE")
@pytest.mark.timeout(0)
def test_campaign() -> None:
    seed = int(os.environ.get("BATON_SEED", secrets.randbits(32)))
    for number in range(CAMPAIGN):
        dice = Random(f"{seed}/{number}")
        block = walk.block(dice, dice.randint(1, 4))
        drawn = diagram(block, beginning=dice.choice(BEGINNINGS), halting=dice.random() < 0.3)
        try:
            walk.wander(drawn, dice, dice.choice((3, 8, 15, 30)), disturbing=dice.random() < 0.3)
        except Exception as problem:
            problem.add_note(f"BATON_SEED={seed}, diagram {number}")
            raise


# -- what a campaign has found -------------------------------------------------------------------


def test_an_activity_in_an_event_sub_process_is_undone_by_a_throw_beside_it() -> None:
    play = Play(
        """
        start -> a:user -> end
        h:on {
            go:start+(message go) -> b:service -> t:throw(compensate b) -> end2
            b ~> u:user
        }
        """
    )
    play.send("go").answer("b")
    assert play.places == ["a", "u"]


# -- the simulation itself can fail --------------------------------------------------------------


def _forgetful(state: State) -> dict[str, Any]:
    return {name: value for name, value in WRITTEN(state).items() if name not in ("m", "l")}


WRITTEN = State.to_json
BROKEN: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "what is cancelled leaves its timers and notes": (Run, "_release", lambda run, owners: None),
    "a timer is taken back in silence": (Alarms, "disarm", lambda run, timer: run.armed.pop(timer.id)),
    "what is inside a cancelled scope lives on": (Run, "cancel_content", lambda run, scope, itself=False: None),
    "an inclusive join does not wait": (joins, "_more_can_come", lambda *args, **how: False),
    "an inclusive join waits for ever": (joins, "_more_can_come", lambda *args, **how: True),
    "a parallel join does not wait": (ParallelGateway, "enter", lambda *args: {}),
    "a catch takes no token": (catches.Catch, "triggered", lambda *args: None),
    "a snapshot forgets notes and locals": (State, "to_json", _forgetful),
    "nothing is told of a withdrawn task": (Alarms, "take_back_task", lambda run, execution: None),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_interpreter_is_noticed(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*BROKEN[broken])
    blocks = [*_of_every_kind()]
    Random(0).shuffle(blocks)

    with pytest.raises(Exception) as noticed:
        for number, block in enumerate(blocks):
            walk.wander(diagram(block, halting=True), Random(number), 8)

    assert "start" in "".join(noticed.value.__notes__), "the diagram has to be said"


def _of_every_kind(turn: int = 0) -> Iterator[Block]:
    yield from (*TASKS, *EVENTS)
    for kind in dict.fromkeys(COMPOSITES):
        for variant in range(turn, VARIANTS, 2 if kind in ("guard", "handler", "loop", "cancel") else 6):
            yield walk.composite(Random(f"{kind}/{variant}"), kind, variant, 2)


def _reached(subject: Subject) -> list[Element]:
    elements = [element for process in subject.program.values() for element in process.elements.values()]
    return [element for element in elements if element.id in subject.executed]


def _in_some_order(block: Block, dice: Random) -> tuple[Counter[str], str | None]:
    subject = walk.begun(diagram(block), 0)
    while not subject.state.ended:
        subject.tell(dice.choice(walk.moves.at_work(subject)))
    return subject.executed, subject.state.outcome
