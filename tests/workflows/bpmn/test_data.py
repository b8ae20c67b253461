"""Data as BPMN draws them (10.4): objects and properties are variables, associations with an end
move them."""

from __future__ import annotations

import re

import pytest

from tests.workflows.bpmn.diagrams import bpmn
from tests.workflows.bpmn.play import Play
from workflows.bpmn import Definitions, ModelRefused, closure, read


def drawn(text: str, **inside: str) -> Definitions:
    """The diagram with XML put into its elements, by id."""
    xml = bpmn(text).decode()
    for name, more in inside.items():
        xml, count = re.subn(rf'(<\w+ id="{name}"[^>]*>)', lambda found, more=more: found[1] + more, xml)
        assert count == 1
    return read(xml.encode())


def played(text: str, variables: dict[str, object] | None = None, **inside: str) -> Play:
    return Play(closure(drawn(text, **inside).processes, "p"), variables)


def moved(direction: str, content: str) -> str:
    return f"<data{direction}Association>{content}</data{direction}Association>"


OBJECTS = '<dataObject id="d1" name="amount"/><dataObjectReference id="r1" dataObjectRef="d1"/><dataObject id="total"/>'
TAKES = (
    '<ioSpecification><dataInput id="i1" name="sum"/><dataOutput id="o1" name="rest"/>'
    "<inputSet><dataInputRefs>i1</dataInputRefs></inputSet><outputSet/></ioSpecification>"
)


def test_an_input_is_copied_from_a_data_object_and_an_output_back_to_one() -> None:
    play = played(
        "start -> a:service -> end",
        {"amount": 3, "other": 4},
        p=OBJECTS,
        a=TAKES
        + moved("Input", "<sourceRef>r1</sourceRef><targetRef>i1</targetRef>")
        + moved("Output", "<sourceRef>o1</sourceRef><targetRef>total</targetRef>"),
    )
    assert play.activities["a"].data == {"sum": 3}
    assert play.answer("a", rest=1).variables == {"amount": 3, "other": 4, "rest": 1, "total": 1}


def test_what_a_process_or_sub_process_declares_is_a_variable() -> None:
    play = played(
        "start -> s:sub -> end\ns {\nstart2 -> a:service -> end2\n}",
        {"limit": 5},
        p='<property id="pr" name="limit"/>',
        s='<property id="ps" name="mine"/>',
        a=TAKES + moved("Input", "<sourceRef>pr</sourceRef><targetRef>i1</targetRef>"),
    )
    assert play.activities["a"].data == {"sum": 5}


def test_an_association_can_compute() -> None:
    play = played(
        "start -> a:service -> end",
        {"amount": 3},
        p=OBJECTS,
        a=TAKES
        + moved("Input", "<targetRef>i1</targetRef><transformation>amount * 2</transformation>")
        + moved("Output", "<targetRef>total</targetRef><assignment><from>rest + 1</from><to>total</to></assignment>"),
    )
    assert play.activities["a"].data == {"sum": 6}
    assert play.answer("a", rest=1).variables["total"] == 2


def test_several_assignments_of_one_association() -> None:
    steps = "<assignment><from>1</from><to>x</to></assignment><assignment><from>amount</from><to>y</to></assignment>"
    play = played("start -> a:service -> end", {"amount": 3}, a=moved("Input", steps))
    assert play.activities["a"].data == {"x": 1, "y": 3}


def test_events_move_data_too() -> None:
    play = played(
        "start -> t:throw(message m) -> c:catch(message n) -> end",
        {"amount": 3},
        p=OBJECTS,
        t='<dataInput id="i1" name="sum"/>' + moved("Input", "<sourceRef>d1</sourceRef><targetRef>i1</targetRef>"),
        c='<dataOutput id="o1" name="rest"/>'
        + moved("Output", "<sourceRef>o1</sourceRef><targetRef>total</targetRef>"),
    )
    assert play.send("n", rest=2).variables["total"] == 2


def test_both_ways_of_saying_it_count_side_by_side() -> None:
    play = played(
        "start -> a:service -> end\na.in x = =1\na.out y = =rest * 10",
        p=OBJECTS,
        a=TAKES
        + moved("Input", "<assignment><from>2</from><to>z</to></assignment>")
        + moved("Output", "<sourceRef>o1</sourceRef><targetRef>total</targetRef>"),
    )
    assert play.activities["a"].data == {"x": 1, "z": 2}
    assert play.answer("a", rest=2).variables == {"y": 20, "total": 2}


@pytest.mark.parametrize(
    "inside",
    [
        # as modellers write it when somebody only drew a line
        '<property id="pa" name="__targetRef_placeholder"/>'
        + moved("Input", "<sourceRef>r1</sourceRef><targetRef>pa</targetRef>"),
        moved("Output", "<targetRef>r1</targetRef>"),
        moved("Input", "<sourceRef>r1</sourceRef>"),
    ],
)
def test_a_line_to_a_picture_of_data_moves_nothing_and_is_noted(inside: str) -> None:
    found = drawn("start -> a:service -> end", p=OBJECTS, a=inside)
    assert [(note.element, note.code) for note in found.notes] == [("a", "data_ignored")]
    assert Play(closure(found.processes, "p"), {"amount": 1}).activities["a"].data == {}


def test_an_assignment_without_an_end_is_refused() -> None:
    with pytest.raises(ModelRefused, match="from and to"):
        drawn("start -> a:service -> end", a=moved("Input", "<assignment><from>1</from></assignment>"))


def test_inputs_of_a_sub_process_are_seen_inside_only_and_its_outputs_go_out() -> None:
    play = Play(
        """
        start -> s:sub -> b:user -> end
        s.in n = =n + 1
        s.in m = =10
        s.out back = =n + m
        s {
            start2 -> a:user -> end2
            a.kind =string(n)
        }
        """,
        {"n": 1},
    )
    assert play.do("a", n=5, k=1).variables == {"n": 1, "k": 1, "back": 15}


@pytest.mark.parametrize("loop", ["", "s.max 1", "s.times 1"])
def test_an_output_of_a_sub_process_goes_out_even_under_the_name_of_an_input(loop: str) -> None:
    play = Play(
        f"start -> s:sub -> end\ns.in n = =n + 1\ns.out n = =n\n{loop}\ns {{\nstart2 -> a:user -> end2\n}}", {"n": 1}
    )
    assert play.variables == {"n": 1}
    assert play.do("a", n=5).variables == {"n": 5}


def test_inputs_of_a_multi_instance_are_worked_out_for_each_round() -> None:
    play = Play(
        "start -> s:sub -> end\ns.each x in xs\ns.in y = =x * 2\ns.collect ys = y\ns {\nstart2 -> end2\n}",
        {"xs": [1, 2]},
    )
    assert play.variables == {"xs": [1, 2], "ys": [2, 4]}


def test_multi_instance_data_as_bpmn_has_them() -> None:
    many = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>r1</loopDataInputRef>"
        '<loopDataOutputRef>total</loopDataOutputRef><inputDataItem id="it" name="x"/>'
        '<outputDataItem id="ot" name="y"/></multiInstanceLoopCharacteristics>'
    )
    play = played("start -> a:script(x + 1) -> end\na.result y", {"amount": [1, 2]}, p=OBJECTS, a=many)
    assert play.variables["total"] == [2, 3]


def test_a_called_global_task_is_a_process_of_one_task() -> None:
    xml = bpmn("start -> c:call(g) -> end\nc.in n = =n\nc.out m = =m").decode()
    task = '<globalScriptTask id="g" name="G" scriptFormat="feel"><script>{m: n + 1}</script></globalScriptTask>'
    play = Play(closure(read(xml.replace("<process", task + "<process", 1).encode()).processes, "p"), {"n": 1})
    assert play.variables == {"n": 1, "m": 2}
    assert play.state.ended


def test_a_called_global_user_task_is_a_task_for_somebody() -> None:
    xml = bpmn("start -> c:call(g) -> end\nc.out done = =done").decode()
    task = '<globalUserTask id="g" name="G" baton:kind="k" baton:role="r"/>'
    play = Play(closure(read(xml.replace("<process", task + "<process", 1).encode()).processes, "p"))
    (mark,) = play.state.place()
    assert (mark.process, mark.waits_for) == ("g", "task")
    assert play.do(mark.element, done=True).variables == {"done": True}


def test_a_data_object_without_a_name_is_called_as_its_reference() -> None:
    objects = '<dataObject id="d1"/><dataObjectReference id="r1" name="the  amount" dataObjectRef="d1"/>'
    play = played(
        "start -> a:service -> end",
        {"the amount": 3},
        p=objects,
        a=TAKES + moved("Input", "<sourceRef>r1</sourceRef><targetRef>i1</targetRef>"),
    )
    assert play.activities["a"].data == {"sum": 3}
