"""Default flows, merges and the targets of event-based gateways."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.checks.finding import codes, drawn, flows


@pytest.mark.parametrize("kind", ["xor", "or", "user", "service(ship)"])
def test_a_choice_without_a_default_flow(kind: str) -> None:
    assert codes(f"start -> x:{kind} -[n > 1]-> end\nx -[n < 1]-> end2") == [("x", "no_default")]
    assert codes(f"start -> x:{kind} -[n > 1]-> end\nx -[else]-> end2") == []


@pytest.mark.parametrize("gateway", ["complexGateway", "inclusiveGateway"])
def test_a_gateway_without_a_default_flow(gateway: str) -> None:
    xml = drawn(
        f'<startEvent id="start"/><{gateway} id="x"/><endEvent id="end"/><endEvent id="end2"/>'
        + flows("start x")
        + "".join(
            f'<sequenceFlow id="x_{end}" sourceRef="x" targetRef="{end}">'
            f"<conditionExpression>n = {number}</conditionExpression></sequenceFlow>"
            for number, end in enumerate(("end", "end2"))
        )
    )
    assert codes(xml) == [("x", "no_default")]


@pytest.mark.parametrize("gateway", ["and", "xor"])
def test_a_gateway_says_what_a_merge_means(gateway: str) -> None:
    found = codes(f"start -> f:and -> a:user -> m:{gateway} -> end\nf -> b:user -> m")
    assert "implicit_merge" not in {code for _, code in found}


def event_gateway(*definitions: str) -> bytes:
    """An event-based gateway with a catch event a branch."""
    names = [f"c{number}" for number in range(len(definitions))]
    catches = "".join(
        f'<intermediateCatchEvent id="{name}">{definition}</intermediateCatchEvent><endEvent id="end_{name}"/>'
        for name, definition in zip(names, definitions, strict=True)
    )
    lead = flows("start r", *(f"r {name}" for name in names), *(f"{name} end_{name}" for name in names))
    declared = '<signal id="s" name="s"/><message id="m" name="m"/>'
    return drawn(f'<startEvent id="start"/><eventBasedGateway id="r"/>{catches}{lead}', declared)


SIGNAL = '<signalEventDefinition signalRef="s"/>'
MESSAGE = '<messageEventDefinition messageRef="m"/>'
CONDITION = "<conditionalEventDefinition><condition>n = 1</condition></conditionalEventDefinition>"
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def test_an_event_based_gateway_waits_for_any_event_that_comes_from_elsewhere() -> None:
    assert codes(event_gateway(SIGNAL, MESSAGE, CONDITION, TIMER)) == []


def test_two_branches_that_wait_for_the_same_signal() -> None:
    assert codes(event_gateway(SIGNAL, SIGNAL)) == [("r", "same_signal")]
