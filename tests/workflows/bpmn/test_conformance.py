"""Runs the processes of betsy, a BPMN benchmark of the University of Bamberg, as far as Baton supports their elements.

The cases lie beside the project and are not part of it. What Baton does not support must be refused when it is read:
``REFUSED`` says which and why. None may run wrongly.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from workflows.bpmn import (
    ActivityDone,
    Command,
    Definitions,
    Event,
    MessageArrived,
    ModelRefused,
    RaiseIncident,
    RunActivity,
    SendMessage,
    State,
    TimerFired,
    begin,
    read,
    step,
)

SUITE = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "bpmn"
CASES: dict[str, Any] = json.loads((SUITE / "cases.json").read_text()) if SUITE.is_dir() else {}
T0 = datetime(2026, 1, 1, tzinfo=UTC)
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

REFUSED: dict[str, str] = {
    name: because
    for because, names in {
        "adHocSubProcess": "AdHocSubProcess_Parallel",
        "compensate": "Compensation_EndEvent_SubProcess Compensation_IntermediateEvent",
        "complexGateway": "ComplexGateway",
        "conditional": "Conditional_BoundaryEvent_SubProcess_Interrupting"
        " Conditional_StartEvent_EventSubProcess_Interrupting",
        "signal": "EventBasedGateway_Timer Multiple_IntermediateEvent_ThrowFirstEventDefinition"
        " Signal_BoundaryEvent_SubProcess_Interrupting Signal_IntermediateEvent_ThrowAndCatch"
        " Signal_StartEvent_EventSubProcess_Interrupting WCP16_DeferredChoice",
        "several event definitions": "Multiple_IntermediateEvent_MissingEvent Multiple_Parallel_IntermediateEvent",
        "inclusiveGateway": "ExclusiveDiverging_InclusiveConverging InclusiveDiverging_ExclusiveConverging"
        " InclusiveDiverging_ParallelConverging InclusiveGateway_Default WCP05_SimpleMerge"
        " WCP06_MultiChoice_Implicit WCP06_MultiChoice_InclusiveGateway",
        "loops and multiple instances": "LoopTask_NegativeLoopMaximum Loop_ConditionOnly"
        " Loop_NoIteration_TestBeforeTrue Loop_SubProcess Loop_Task MultiInstance_AllBehavior MultiInstance_Parallel"
        " MultiInstance_SubProcess MultiInstance_Task WCP09_Structured_Discriminator_MultiInstance"
        " WCP13_MultipleInstancesWithAPrioriDesignTimeKnowledge WCP14_MultipleInstancesWithAPrioriRuntimeKnowledge",
        "instantiate": "ReceiveTask_Instantiate",
        "startQuantity": "Token_Cardinality_Default Token_Cardinality_Explicit Token_Cardinality_Split_Explicit"
        " Token_StartQuantity_Zero",
    }.items()
    for name in names.split()
}
"""Process → the words that the refusal has to contain: what in it is not supported."""

pytestmark = pytest.mark.skipif(not CASES, reason=f"the conformance suite is not at {SUITE}")


def translated(path: Path) -> bytes:
    """The file with its scripts as activities and its Java conditions as S-FEEL; nothing else is touched."""
    tree = etree.fromstring(path.read_bytes())
    for task in tree.iter(f"{BPMN}scriptTask"):
        script = task.find(f"{BPMN}script")
        task.tag = f"{BPMN}serviceTask"
        task.set("{urn:baton:bpmn:1}activity", (script.text or "").strip())
        task.remove(script)
    for condition in tree.iter(f"{BPMN}conditionExpression"):
        condition.text = feel(condition.text)
    return etree.tostring(tree)


def feel(java: str) -> str:
    text = java.strip().removeprefix("${").removesuffix("}")
    text = re.sub(r"(\w+)\.contains\((\"\w+\")\)", r"contains(\1, \2)", text)
    return re.sub(r"!\s*(contains\([^)]*\))", r"not(\1)", text)


class World:
    """All instances of one file, the messages between them, and virtual time."""

    def __init__(self, definitions: Definitions) -> None:
        self.program = definitions.processes
        self.instances: dict[int, tuple[str, State]] = {}
        self.now = T0
        self.marks: Counter[str] = Counter()
        self.marker = False
        self.incidents: list[RaiseIncident] = []

    def start(self, key: str, variables: dict[str, Any], message: str | None = None) -> None:
        number = len(self.instances)
        state, commands = begin(self.program, key, variables, self.now, message=message)
        self.instances[number] = key, state
        self.obey(number, commands)

    def tell(self, number: int, event: Event) -> None:
        key, state = self.instances[number]
        state, commands = step(self.program, state, event, self.now)
        self.instances[number] = key, state
        self.obey(number, commands)

    def obey(self, number: int, commands: tuple[Command, ...]) -> None:
        for command in commands:
            match command:
                case RunActivity():
                    self.tell(number, ActivityDone(command.execution, self.work(number, command.activity)))
                case SendMessage():
                    self.deliver(number, command.message)
                case RaiseIncident():
                    self.incidents.append(command)
                case _:
                    pass

    def work(self, number: int, script: str) -> dict[str, Any]:
        self.marker |= script == "CREATE_MARKER_FILE"
        if script.startswith("SCRIPT_"):
            self.marks[script.removeprefix("SCRIPT_")] += 1
        if script.startswith("INCREMENT_INTEGER_VARIABLE"):
            self.marks["increment"] += script.endswith("_AND_LOG")
            return {"integerVariable": self.instances[number][1].variables["integerVariable"] + 1}
        return {}

    def deliver(self, sender: int, message: str) -> None:
        for number, (key, state) in self.instances.items():
            if number != sender and not state.ended and message in self.program[key].messages:
                return self.tell(number, MessageArrived(message))
        for process in self.program.values():
            if any(start.trigger and start.trigger.ref == message for start in process.starts("message")):
                return self.start(process.id, {}, message)

    def wait(self, until: datetime) -> None:
        while due := [
            (t.due, n, t.timer) for n, (_, s) in self.instances.items() for t in s.timers() if t.due <= until
        ]:
            self.now, number, timer = min(due)
            self.tell(number, TimerFired(timer))
        self.now = until


@pytest.mark.parametrize("name", CASES)
def test_process_is_refused_or_runs_as_expected(name: str) -> None:
    path = SUITE / CASES[name]["file"]
    if name in REFUSED:
        with pytest.raises(ModelRefused) as refusal:
            read(translated(path))
        assert REFUSED[name] in str(refusal.value)
        assert all(problem.element and problem.line for problem in refusal.value.problems)
        return
    definitions = read(translated(path))
    for case in CASES[name]["cases"]:
        world = World(definitions)
        if case.get("second_instance"):
            # the partner that waits for the message has to run before it is sent
            for other in definitions.processes.values():
                if other.id != name and list(other.starts("")):
                    world.start(other.id, {})
        world.start(name, {"test": case["test"], "integerVariable": case["integerVariable"]})
        world.wait(T0 + timedelta(milliseconds=case.get("wait_ms", 0)))

        assert world.marks == Counter(case["expect"]), case
        assert world.marker == case.get("marker", False), case
        kinds = {incident.kind for incident in world.incidents}
        match case.get("outcome"):
            case "assertRuntimeException":
                assert kinds == {"condition_failed"}
            case "assertErrorThrownErrorEvent":
                assert kinds == {"uncaught_error"}
            case "assertGenericError":
                assert kinds
            case _:
                assert not kinds, case


def test_most_of_the_supported_elements_are_seen() -> None:
    assert len(CASES) - len(REFUSED) >= 25
