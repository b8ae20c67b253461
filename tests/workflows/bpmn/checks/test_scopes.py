"""How processes and sub-processes begin."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.checks.finding import codes, drawn, flows


def test_a_process_may_begin_at_several_plain_starts() -> None:
    assert codes("start -> end\nstart2 -> end2") == []


def test_a_process_without_a_start_event_begins_at_what_no_flow_leads_to() -> None:
    assert codes("a:user -> end\nb:user -> end2") == [("p", "implicit_start")]


def test_a_sub_process_without_a_start_event_begins_likewise() -> None:
    assert codes("start -> s:sub -> end\ns:sub {\na:task -> end2\n}") == [("s", "implicit_start")]


def test_with_a_start_event_everything_has_to_be_connected() -> None:
    assert codes("start -> end\nb:user -> end2") == [("b", "unreachable"), ("end2", "unreachable")]


def test_a_cycle_without_a_way_in_is_no_beginning() -> None:
    assert ("a", "unreachable") in codes("c:user -> end\na:user -> x:xor -> a")


def test_a_scope_with_nothing_to_begin_at() -> None:
    assert ("p", "no_start") in codes("a:user -> x:xor -> a")


@pytest.mark.parametrize("begins", ["receiveTask", "eventBasedGateway"])
def test_what_instantiates_a_process_is_its_beginning(begins: str) -> None:
    message = '<message id="m" name="m"/>'
    definition = '<messageEventDefinition messageRef="m"/>'
    if begins == "receiveTask":
        inside = '<receiveTask id="a" messageRef="m" instantiate="true"/>' + flows("a end")
    else:
        inside = (
            '<eventBasedGateway id="a" instantiate="true"/><endEvent id="end2"/>'
            f'<intermediateCatchEvent id="b">{definition}</intermediateCatchEvent>'
            '<intermediateCatchEvent id="c"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>'
            + flows("a b", "a c", "b end", "c end2")
        )
    assert codes(drawn(f'{inside}<endEvent id="end"/>', f'{message}<signal id="s" name="s"/>')) == []


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("start2 -> end2", []),
        ("start2 -> end2\nm:start(message m) -> end3", []),
        ("a:user -> end2", [("other", "implicit_start")]),
        ("start2 -> end2\nstart3 -> end3", [("c", "called_ambiguous")]),
        ("m:start(message m) -> end2", [("c", "called_without_start")]),
    ],
)
def test_a_called_process_begins_in_one_way(other: str, found: list[tuple[str, str]]) -> None:
    assert codes(f"start -> c:call(other) -> end\n=== other\n{other}") == found
