"""The snapshot: versioned, compact, exact. A change of its format needs a new version and a way to read the old one."""

from __future__ import annotations

import json
import random

import pytest

from tests.workflows.bpmn.play import Play
from workflows.bpmn import SnapshotRefused, State
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


def test_golden_snapshot_of_version_1() -> None:
    play = Play(TEXT, {"n": 1})
    play.fire("tick").send("never", m=[1, {"x": None}]).send("never", m=2).do("a")

    assert play.state.to_json() == GOLDEN
    assert State.from_json(GOLDEN) == play.state


def test_every_phase_survives_the_round_trip() -> None:
    play = Play("start -> a:service -> x:xor -[n > 1]-> end\nx -[n < 0]-> end2", {"n": 1})
    play.throw("a", "E")
    assert State.from_json(json.loads(json.dumps(play.state.to_json()))) == play.state
    play.answer("a")
    assert State.from_json(json.loads(json.dumps(play.state.to_json()))) == play.state


def test_a_snapshot_of_another_version_is_refused() -> None:
    with pytest.raises(SnapshotRefused, match="version 2"):
        State.from_json({"v": 2, "n": 1, "i": {}})


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


GOLDEN = {
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
