"""Where events may stand and whom they reach."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.checks.finding import codes, drawn, flows

CANCEL = "<cancelEventDefinition/>"


def transaction(end: str, *boundary: str) -> bytes:
    """A transaction that ends so, with cancel boundary events of these ids."""
    caught = "".join(
        f'<boundaryEvent id="{name}" attachedToRef="t">{CANCEL}</boundaryEvent><endEvent id="end_{name}"/>'
        + flows(f"{name} end_{name}")
        for name in boundary
    )
    inside = f'<startEvent id="s"/><endEvent id="e">{end}</endEvent>{flows("s e")}'
    around = f'<startEvent id="start"/><transaction id="t">{inside}</transaction><endEvent id="end"/>'
    return drawn(around + caught + flows("start t", "t end"))


def test_a_transaction_that_is_cancelled_needs_one_who_catches_it() -> None:
    assert codes(transaction(CANCEL)) == [("t", "cancel_boundary")]
    assert ("t", "cancel_boundary") in codes(transaction(CANCEL, "b", "c"))
    assert codes(transaction(CANCEL, "b")) == []
    assert codes(transaction("")) == []


def test_cancel_events_belong_to_transactions() -> None:
    end = f'<startEvent id="start"/><endEvent id="e">{CANCEL}</endEvent>' + flows("start e")
    assert codes(drawn(end)) == [("e", "cancel_outside")]
    xml = transaction("", "b").replace(b"<transaction", b"<subProcess").replace(b"</transaction", b"</subProcess")
    assert ("b", "cancel_outside") in codes(xml)


def compensated(throw: str, association: str = '<association id="x" sourceRef="b" targetRef="undo"/>') -> bytes:
    """Task a with a compensation boundary event b, its handler undo, and an end event that
    throws."""
    return drawn(
        '<startEvent id="start"/><manualTask id="a"/><manualTask id="other"/>'
        '<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        '<manualTask id="undo" isForCompensation="true"/>'
        f'<endEvent id="e"><compensateEventDefinition {throw}/></endEvent>{association}'
        + flows("start a", "a other", "other e")
    )


@pytest.mark.parametrize("throw", ["", 'activityRef="a"'])
def test_compensation_with_a_handler(throw: str) -> None:
    assert codes(compensated(throw)) == []


def test_compensation_of_an_activity_that_has_no_handler() -> None:
    assert codes(compensated('activityRef="other"')) == [("e", "no_handler")]


def test_a_compensation_boundary_event_without_a_handler() -> None:
    assert ("b", "no_handler") in codes(compensated("", association=""))


def test_a_compensation_handler_is_joined_by_an_association_only() -> None:
    xml = compensated("").replace(b'targetRef="other"', b'targetRef="undo"', 1)
    found = codes(xml)
    assert ("undo", "flow_into") in found


LINK = '<linkEventDefinition name="{0}"/>'


def linked(thrown: str, *caught: str) -> bytes:
    """A link that is thrown, and the links that are caught."""
    catches = "".join(
        f'<intermediateCatchEvent id="c{n}">{LINK.format(name)}</intermediateCatchEvent><endEvent id="end{n}"/>'
        + flows(f"c{n} end{n}")
        for n, name in enumerate(caught)
    )
    throw = f'<intermediateThrowEvent id="t">{LINK.format(thrown)}</intermediateThrowEvent>'
    return drawn(f'<startEvent id="start"/>{throw}{catches}' + flows("start t"))


def test_a_link_leads_to_one_catching_link() -> None:
    assert codes(linked("A", "A")) == []
    assert codes(linked("A")) == [("t", "broken_link")]
    assert codes(linked("A", "A", "A")) == [("t", "broken_link")]
    assert codes(linked("A", "B")) == [("t", "broken_link")]


@pytest.mark.parametrize(
    "text",
    [
        "start -> e:end(error E)",
        "start -> s:sub -> end\ns {\nstart2 -> e:end(error E)\n}",
        "start -> s:sub -> end\ns!b:error F -> end3\ns {\nstart2 -> e:end(error E)\n}",
        # What an event sub-process throws it does not catch itself.
        "start -> a:user -> end\nh:on {\nwrong:start(error E) -> e:end(error E)\n}",
        "start -> c:call(other) -> end\nc!b:error F -> end3\n=== other\nstart2 -> e:end(error E)",
    ],
)
def test_an_error_that_nobody_catches(text: str) -> None:
    assert codes(text) == [("e", "uncaught_error")]


CALLED = "=== other\nstart9 -> e:end(error E)"


@pytest.mark.parametrize(
    "text",
    [
        "start -> s:sub -> end\ns!b:error E -> end3\ns {\nstart2 -> e:end(error E)\n}",
        "start -> s:sub -> end\ns!b:error -> end3\ns {\nstart2 -> e:end(error E)\n}",
        "start -> s:sub -> end\ns {\nstart2 -> e:end(error E)\n}\nh:on {\nwrong:start(error E) -> end4\n}",
        "start -> a:user -> end\nh:on {\nb:start(error E) -> e:end(error F)\n}\ng:on {\nc:start(error F) -> end3\n}",
        f"start -> c:call(other) -> end\nc!b:error E -> end3\n{CALLED}",
        f"start -> s:sub -> end\ns!b:error E -> end3\ns {{\nstart4 -> c:call(other) -> end4\n}}\n{CALLED}",
        "start -> c:call(p) -> e:end(error E)\nc!b:error E -> end3",
    ],
)
def test_an_error_that_somebody_catches(text: str) -> None:
    assert codes(text) == []


def test_boundary_events_that_wait_for_different_things() -> None:
    messages = "a!b:message m -> end2\na!c:message n -> end3"
    timers = "a!d:timer PT1H -> end4\na+e:timer PT2H -> end5"
    assert codes(f"start -> a:user -> end\n{messages}\n{timers}") == []
