"""Processes of the suite as real workflows: host, timers and activities make of a diagram what the
pure core says."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from cli.conformance.bpmn import deployed
from cli.conformance.cases import Case
from tests.cli.conformance.living import playing
from tests.cli.conformance.models import ABSENT, SUBJECTS, SUITE

CHOSEN = (
    "Compensation_EndEvent_SubProcess",
    "ComplexGateway",
    "Conditional_BoundaryEvent_SubProcess_Interrupting",
    "Error_EndEvent_TopLevel",
    "Error_StartEvent_EventSubProcess_Interrupting",
    "Escalation_BoundaryEvent_SubProcess_NonInterrupting",
    "EventBasedGateway_Timer",
    "ExclusiveDiverging_ParallelConverging",
    "ExclusiveGateway",
    "InclusiveDiverging_ParallelConverging",
    "Loop_SubProcess",
    "MultiInstance_Parallel",
    "MultiInstance_SubProcess",
    "Multiple_Parallel_IntermediateEvent",
    "Signal_BoundaryEvent_SubProcess_Interrupting",
    "SubProcess",
    "Timer_BoundaryEvent_SubProcess_Interrupting",
    "Timer_StartEvent_TimeCycle_EventSubProcess_NonInterrupting",
    "Token_Cardinality_Explicit",
    "WCP06_MultiChoice_InclusiveGateway",
    "WCP16_DeferredChoice",
)
"""One or two for each family of elements; each lives alone, so none that needs a partner."""

INCIDENTS: dict[str, set[str]] = {
    "": set(),
    "assertRuntimeException": {"condition_failed"},
    "assertErrorThrownErrorEvent": {"uncaught_error"},
}

pytestmark = pytest.mark.skipif(not SUBJECTS, reason=ABSENT)


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name in CHOSEN if name in SUBJECTS for case in SUBJECTS[name].cases],
    ids=lambda value: value if isinstance(value, str) else str(value),
)
async def test_a_workflow_leaves_the_expected_marks(temporal: WorkflowEnvironment, name: str, case: Case) -> None:
    definitions = deployed(SUITE / SUBJECTS[name].file)

    async with playing(temporal, definitions, name, case.variables) as played:
        if case.wait_ms:
            await played.life.pass_time(timedelta(milliseconds=case.wait_ms))
            await played.rest()

    assert played.marks.left == Counter(case.expect)
    assert played.incidents == INCIDENTS[case.outcome]


@pytest.mark.parametrize("name", ["ReceiveTask", "SendTask"])
async def test_a_message_of_one_workflow_wakes_another(temporal: WorkflowEnvironment, name: str) -> None:
    definitions = deployed(SUITE / SUBJECTS[name].file)

    async with (
        playing(temporal, definitions, "ParallelProcess", {}) as partner,
        playing(temporal, definitions, name, {}) as sender,
    ):
        assert not partner.marks.marker
        for sent in sender.life.store.sent:
            await partner.life.tell(partner.life.message(str(sent["message"])))
        await partner.rest()

    assert sender.marks.left == Counter(["task1"])
    assert partner.marks.marker
