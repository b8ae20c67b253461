"""The snapshot: versioned, compact, exact. A change of its format needs a new version and a way to
read the old one."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tests.workflows.bpmn.play import Play
from workflows.bpmn import SnapshotRefused, State, TaskDone, step
from workflows.bpmn.lifecycle import TRANSITIONS, Phase

TEXT = """
    start -> f:and -> c:call(other) -> end
    f -> r:catch(message never) -> end2
    c+tick:timer R3/PT10M -> b:user -> end3
    c.in n = =n
    === other
    start4 -> a:user -> x:xor -[n > 1]-> end4
    x -[n < 0]-> end5
    """


def test_a_snapshot_of_version_1_is_still_read_and_has_the_same_future() -> None:
    play = Play(TEXT, {"n": 1})
    play.fire("tick").send("never", m=[1, {"x": None}]).send("never", m=2).do("a")

    old = State.from_json(GOLDEN_1)

    assert old == play.state
    event = TaskDone(play.tasks["b"], {"n": 2})
    assert step(play.program, old, event, play.now) == step(play.program, play.state, event, play.now)


def test_golden_snapshot_of_version_2() -> None:
    # given a round with variables of its own, something done that can be undone, half of a double
    # event
    play = Play(LOOPING, {"xs": ["a", "b"]})
    play.do("a", n=1).send("m", k=1).do_at("r", 2, y="B")

    # then
    assert play.state.to_json() == GOLDEN_2
    assert State.from_json(json.loads(json.dumps(GOLDEN_2))) == play.state


def test_every_phase_survives_the_round_trip() -> None:
    play = Play("start -> a:service -> x:xor -[n > 1]-> end\nx -[n < 0]-> end2", {"n": 1})
    play.throw("a", "E")
    assert State.from_json(json.loads(json.dumps(play.state.to_json()))) == play.state
    play.answer("a")
    assert State.from_json(json.loads(json.dumps(play.state.to_json()))) == play.state


def test_a_snapshot_of_another_version_is_refused() -> None:
    with pytest.raises(SnapshotRefused, match="version 3"):
        State.from_json({"v": 3, "n": 1, "i": {}})


def test_a_snapshot_is_small() -> None:
    play = Play("start -> f:and -> a:user -> end\nf -> b:catch(timer P7D) -> end2\nf -> c:catch(message m) -> end3")
    assert len(json.dumps(play.state.to_json(), separators=(",", ":"))) < 400


def test_the_lifecycle_has_no_dead_end() -> None:
    # from every phase an execution can come to leave, whatever happened to it
    reach = {Phase.LEAVING}
    for _ in Phase:
        reach |= {before for (before, _), then in TRANSITIONS.items() if then in reach}
    assert reach == set(Phase)


def test_ids_do_not_depend_on_anything_but_history() -> None:
    random.seed(1)
    assert Play(TEXT, {"n": 1}).state == Play(TEXT, {"n": 1}).state


LOOPING = """
    start -> f:and -> a:user -> r:user -> end
    f -> c:catch(all message m, timer PT1H) -> end2
    a ~> undo:service(undo)
    r.each x in xs
    r.collect ys = y
    """

GOLDEN_1 = {
    "v": 1,
    "n": 13,
    "i": {"1": ["p", {"n": 1, "m": [1, {"x": None}]}], "4": ["other", {"n": 1}]},
    "x": [
        ["1", "p", "", "1", "a", "start", "scope", "N"],
        ["4", "c", "1", "1", "a", "f1_f_c", "scope", "c!"],
        ["11", "b", "1", "1", "a", "f5_tick_b", "task", "b!"],
        ["13", "x", "4", "4", "lb", "f8_a_x", "", "x!", None, {}],
    ],
    "t": [
        [
            *["9", "4", "tick", "1", "tick!", "2026-01-01T00:20:00+00:00"],
            *[1, "PT10M", "2026-01-01T00:00:00+00:00", 2],
        ]
    ],
    "b": [["never", {"m": 2}]],
    "out": "end2",
}

GOLDEN_2: dict[str, Any] = {
    "v": 2,
    "n": 9,
    "i": {"1": ["p", {"xs": ["a", "b"], "n": 1, "y": "B"}]},
    "x": [
        ["1", "p", "", "1", "a", "start", "scope", "N"],
        ["5", "c", "1", "1", "a", "f4_f_c", "event", "c!", "2026-01-01T01:00:00Z"],
        ["7", "r", "1", "1", "a", "f2_a_r", "scope", "r!"],
        ["8", "r", "7", "1", "a", "", "task", "r!"],
    ],
    "t": [["6", "5", "c", "1", "c!", "2026-01-01T01:00:00+00:00", 0, "", None, 0, 1]],
    "l": {"8": {"loopCounter": 1, "x": "a"}},
    "m": {
        "7": {"of": 2, "done": 1, "rest": [], "yielded": {"2": "B"}},
        "5": {"heard": {"c": {"0": {"k": 1}}}},
    },
    "d": [["4", "a", "1", "undo", None, []]],
}
