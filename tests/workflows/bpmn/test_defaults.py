"""Conditional, unconditional and default flows side by side (BPMN 2.0.2, 13.3.1), at whatever
chooses among its flows.

An unconditional flow is always taken; the default, if no condition is true: what is taken anyway
does not count there.
"""

from __future__ import annotations

import re

import pytest

from tests.workflows.bpmn.checks.finding import codes
from tests.workflows.bpmn.diagrams import bpmn, refused
from tests.workflows.bpmn.play import Play
from workflows.bpmn import closure, read

CHOOSERS = {
    "a task": "start -> x:manual",
    "a script": "start -> x:script({m: 1})",
    "a sub-process": "start -> x:sub\nx {\nstart8 -> end8\n}",
    "a transaction": "start -> x:tx\nx {\nstart8 -> end8\n}",
    "a call": "start -> x:call(other)\n=== other\nstart8 -> end8\n=== p",
    "a standard loop": "start -> x:manual\nx.max 3",
    "a multi-instance body": "start -> x:manual\nx.times 3",
    "a multi-instance of none": "start -> x:manual\nx.times 0",
    "an inclusive gateway": "start -> x:or",
    "a complex gateway": "start -> x:complex",
    "a start event": "x:start",
    "a throw event": "start -> x:throw(message m)",
    "a boundary event": "start -> h:sub -> end7\nh {\nstart8 -> e8:end(error E)\n}\nh!x:error E",
}
BESIDE = """
    x -[n = 1]-> one:user -> end1
    x -[n > 0]-> more:user -> end2
    x -> always:user -> end3
    x -[else]-> no:user -> end4
"""


def drawn(chooser: str) -> str:
    head, *others = chooser.split("\n=== ")
    return "\n=== ".join([f"{head}\n{BESIDE}", *(other for other in others if other != "p")])


@pytest.mark.parametrize("chooser", CHOOSERS.values(), ids=CHOOSERS)
@pytest.mark.parametrize(
    ("n", "taken"), [(0, ["always", "no"]), (1, ["one", "more", "always"]), (2, ["more", "always"])]
)
def test_the_default_is_taken_beside_the_unconditional_if_no_condition_is_true(
    chooser: str, n: int, taken: list[str]
) -> None:
    assert Play(drawn(chooser), {"n": n}).places == taken


@pytest.mark.parametrize(("n", "taken"), [(0, ["always", "no"]), (2, ["more", "always"])])
def test_so_it_is_after_waiting_and_with_a_restored_snapshot(n: int, taken: list[str]) -> None:
    for waiting in ("start -> x:user", "start -> x:service", "start -> x:catch(message m)", "start -> x:receive(m)"):
        play = Play(f"{waiting}\n{BESIDE}")  # every event is told to a restored state, too
        if "user" in waiting:
            play.do("x", n=n)
        elif "service" in waiting:
            play.answer("x", n=n)
        else:
            play.send("m", n=n)
        assert play.places == taken


def test_a_default_beside_unconditional_flows_only_is_taken_with_them() -> None:
    assert Play("start -> x:manual -> a:user -> end\nx -[else]-> b:user -> end2").places == ["a", "b"]


def test_a_join_behind_such_a_split_waits_for_exactly_what_was_taken() -> None:
    text = "start -> x:or -[n > 0]-> a:user -> j:or -> z:user -> end\nx -> b:user -> j\nx -[else]-> c:user -> j"
    play = Play(text, {"n": 0})
    assert play.do("b").places == ["c", "j"]
    assert play.do("c").places == ["z"]


def test_an_exclusive_gateway_has_no_unconditional_flow_beside_a_default() -> None:
    text = "start -> x:xor -[n > 0]-> end\nx -> end2\nx -[else]-> end3"
    assert [problem.code for problem in refused(bpmn(text))] == ["missing_condition"]


def test_conditions_with_a_default_and_an_unconditional_flow_are_nothing_to_warn_of() -> None:
    assert codes(drawn(CHOOSERS["an inclusive gateway"])) == []


# -- flows without an id -------------------------------------------------------------------------


def nameless(text: str) -> bytes:
    """The diagram without the ids of its flows, but of those that are somebody's default."""
    return re.sub(rb'<sequenceFlow id="(f\d+_\w+?)"', _unless_default(bpmn(text)), bpmn(text))


def _unless_default(xml: bytes):
    def kept(found: re.Match[bytes]) -> bytes:
        return found[0] if b'default="' + found[1] + b'"' in xml else b"<sequenceFlow"

    return kept


@pytest.mark.parametrize("gateway", ["xor", "or", "complex", "manual"])
@pytest.mark.parametrize(("n", "taken"), [(1, "one"), (2, "two")])
def test_a_flow_without_an_id_keeps_its_condition(gateway: str, n: int, taken: str) -> None:
    xml = nameless(f"start -> x:{gateway} -[n = 1]-> one:user -> end\nx -[n = 2]-> two:user -> end2")
    assert Play(closure(read(xml).processes, "p"), {"n": n}).places == [taken]


@pytest.mark.parametrize(("n", "taken"), [(1, "one"), (2, "two")])
def test_a_default_that_is_named_stands_beside_flows_without_an_id(n: int, taken: str) -> None:
    xml = nameless("start -> x:xor -[n = 1]-> one:user -> end\nx -[else]-> two:user -> end2")
    assert Play(closure(read(xml).processes, "p"), {"n": n}).places == [taken]


def test_flows_without_an_id_between_the_same_nodes_are_two_and_a_join_counts_them() -> None:
    xml = nameless("start -> x:and -> j:and -> z:user -> end\nx -> j\nx -> a:user -> j")
    play = Play(closure(read(xml).processes, "p"))
    assert play.places == ["j", "j", "a"]
    assert play.do("a").places == ["z"]


def test_their_ids_say_whence_and_whither_and_are_the_same_each_time() -> None:
    xml = nameless("start -> x:and -> j:and -> end\nx -> j\nx -> a:user -> j")
    first, second = (read(xml).processes["p"].elements["j"].incoming for _ in range(2))
    assert [flow.id for flow in first] == ["x → j", "x → j (2)", "a → j"] == [flow.id for flow in second]


def test_two_flows_of_one_id_are_refused() -> None:
    xml = re.sub(rb'id="f1_a_end"', b'id="f0_start_a"', bpmn("start -> a:user -> end"))
    assert [(one.code, one.element) for one in refused(xml)] == [("duplicate_id", "f0_start_a")]
