"""Files that are broken in ways that a program can trip over: refused by element, never by a
traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from tests.workflows.bpmn.diagrams import bpmn, refused
from workflows.bpmn import read
from workflows.bpmn.interchange import report

ODD = '<nonsense id="odd"/>'
WITHOUT_HOST = (
    '<boundaryEvent id="b"><{}EventDefinition/></boundaryEvent><sequenceFlow id="g" sourceRef="b" targetRef="end"/>'
)
AT = '<boundaryEvent id="b" attachedToRef="{}"><errorEventDefinition/></boundaryEvent>'


def changed(text: str, *changes: tuple[str, str]) -> bytes:
    xml = bpmn(text).decode()
    for old, new in changes:
        assert old in xml
        xml = xml.replace(old, new, 1)
    return xml.encode()


SMALL = "start -> a:user -> end"
MERGED = "start -> f:or -[n > 0]-> j:or -> end\nf -[n > 1]-> a:user -> j"
SCOPED = "start -> s:sub -> end\ns {\nstart2 -> a:user -> end2\n}"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        pytest.param(changed(MERGED, ('targetRef="a"', 'targetRef="gone"')), "broken_flow", id="a flow to nothing"),
        pytest.param(changed(MERGED, ('sourceRef="a"', 'sourceRef="gone"')), "broken_flow", id="a flow from nothing"),
        pytest.param(
            changed(MERGED, ('sourceRef="a"', 'sourceRef="gone"'), ("</process>", f"{ODD}</process>")),
            "unsupported",
            id="a flow from nothing into a join, beside another problem",
        ),
        pytest.param(changed(MERGED, ('sourceRef="a" ', "")), "broken_flow", id="a flow without a source"),
        *(
            pytest.param(
                changed(SMALL, ("</process>", f"{WITHOUT_HOST.format(kind)}</process>")),
                "broken_boundary",
                id=f"{kind} at nothing",
            )
            for kind in ("cancel", "compensate", "error")
        ),
        pytest.param(
            changed(SMALL, ("</process>", f"{AT.format('')}</process>")),
            "broken_boundary",
            id="an event at an empty name",
        ),
        pytest.param(
            changed(SMALL, ("</process>", f"{AT.format('f0_start_a')}</process>")),
            "broken_boundary",
            id="one at a flow",
        ),
        pytest.param(changed(SCOPED, ('<subProcess id="s"', "<subProcess")), "missing_id", id="a scope without an id"),
        pytest.param(changed(SMALL, (' id="a"', "")), "missing_id", id="a task without an id"),
        pytest.param(changed(SMALL, ('<process id="p"', "<process")), "missing_id", id="a process without an id"),
        pytest.param(changed(SCOPED, ('id="start2"', 'id="s"')), "duplicate_id", id="a scope inside itself"),
        pytest.param(
            changed(SCOPED, ('<userTask id="a"', '<subProcess id="s"/><userTask id="a"')),
            "duplicate_id",
            id="a scope of its own name",
        ),
        pytest.param(changed(SMALL, ('id="a"', 'id="p"')), "duplicate_id", id="an element of the process's name"),
        pytest.param(changed(SMALL, ('id="f1_a_end"', 'id="a"')), "duplicate_id", id="a flow of an element's name"),
        pytest.param(
            changed(SMALL, ('id="a"', f'id="a" startQuantity="{"9" * 5_000}"')), "quantity", id="too many digits"
        ),
        pytest.param(bpmn(f"{SMALL}\na.max {'9' * 5_000}"), "loop_maximum", id="too many digits of a loop"),
        pytest.param(
            changed(
                "start -> s:sub -> end\ns {\nstart2 -> e:end(error E)\n}",
                (' id="error_E"', ""),
                ('errorRef="error_E"', 'errorRef="x:"'),
            ),
            "missing_reference",
            id="an empty reference beside an error without an id",
        ),
        pytest.param(
            bpmn(
                "start -> a:user -> t:throw(link x)\nu:catch(link x) -> v:throw(link y)\nw:catch(link y) -> m:xor -> t"
            ),
            "",
            id="links in a ring",
        ),
    ],
)
def test_a_broken_file_is_refused_by_name_and_reported_on(xml: bytes, code: str) -> None:
    report(xml)
    if code:
        assert code in [problem.code for problem in refused(xml)]


def test_a_sub_process_may_call_itself_by_name_only_as_a_process() -> None:
    xml = bpmn("start -> c:call(p) -> end")
    assert read(xml).processes["p"].calls == ("p",)
    report(xml)


# -- size ----------------------------------------------------------------------------------------


def chained(count: int) -> str:
    """Inclusive gateways that split and join one after the other."""
    rows = [
        f"j{n}:or -> f{n}:or -[true]-> a{n}:manual -> j{n + 1}:or\nf{n} -[true]-> b{n}:manual -> j{n + 1}"
        for n in range(count)
    ]
    return "\n".join(["start -> j0:or", *rows, f"j{count} -> end"])


SIZES: dict[str, Callable[[int], bytes]] = {
    "inclusive gateways": lambda count: bpmn(chained(count)),
    "sub-processes": lambda count: bpmn("\n".join(f"s{n}:sub\ns{n} {{\nstart{n} -> end{n}\n}}" for n in range(count))),
    "flows without an id": lambda count: changed(
        SMALL, ("</process>", '<sequenceFlow sourceRef="a" targetRef="end"/>' * count + "</process>")
    ),
    "links": lambda count: bpmn(
        "\n".join(f"start{n} -> t{n}:throw(link l{n})\nc{n}:catch(link l{n}) -> end{n}" for n in range(count))
    ),
    "boundary events": lambda count: bpmn(
        "start -> a:user -> end\n" + "\n".join(f"a+t{n}:timer PT1H -> end{n}" for n in range(count))
    ),
    "event sub-processes": lambda count: bpmn(
        "start -> a:user -> end\n"
        + "\n".join(f"h{n}:on {{\nm{n}:start(message m{n}) -> end{n}\n}}" for n in range(count))
    ),
}


@pytest.mark.parametrize("drawn", SIZES.values(), ids=SIZES)
def test_twice_the_diagram_takes_about_twice_the_work_to_read(drawn: Callable[[int], bytes]) -> None:
    small, large = drawn(60), drawn(120)
    _work(small)  # what is worked out once for all
    assert _work(large) < 2.6 * _work(small)


def _work(xml: bytes) -> int:
    """How many calls it takes to read a file: the same each time, however busy the machine."""
    calls = 0

    def heard(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(heard)
    try:
        report(xml)
    finally:
        sys.setprofile(None)
    return calls
