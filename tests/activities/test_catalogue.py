"""An activity takes and gives what its row says: checked before it runs, and of each once it has
run."""

from __future__ import annotations

from typing import Any

import pytest

from activities import registry
from cases.contracts import INPUT_REFUSED
from cases.signatures import Field, Signature, codes
from domain import kinds
from domain.work import InputRefused
from tests.activities.scene import Scene

LEADS = {name: one.signature for name, one in kinds.working_on("lead").items()}
GIVEN: dict[str, dict[str, Any]] = {
    "decide": {"decision": "price-tier", "price": 300_000},
    "dispatch": {"lane": "dispatch"},
    "plan_task": {"kind": "follow_up"},
    "climb": {"kind": "follow_up"},
    "hq_first": {"why": "returned"},
    "close": {"outcome": "lost"},
    "ask_confirmation": {"outcome": "lost"},
    "plan_recall": {"outcome": "lost"},
    "plan_nurture": {"side": "hq"},
    "note_intent": {"outcome": "unchanged"},
    "send_message": {"message": "sold", "role": "hq"},
    "throw_signal": {"signal": "storm"},
    "record_incident": {"element": "a", "kind": "activity_failed", "failed": "key", "message": "m"},
}
"""What each is given here; the others need nothing."""
ELSEWHERE = {"record_migration", "open_case"}
"""One answers a batch of repairs (tests/api/test_migrations.py), one needs a deployed process
(tests/scenarios)."""


@pytest.mark.parametrize("name", sorted(LEADS.keys() - ELSEWHERE))
async def test_what_an_activity_gives_is_what_it_declares(scene: Scene, name: str) -> None:
    lead = await scene.working()

    result = await scene.run(name, lead, **GIVEN.get(name, {}))

    signature = LEADS[name]
    assert signature.strangers(result) == []
    faults = Signature(signature.gives).faults(result)
    assert [*faults] == [], result
    codes_given = {one.name: one.refuses(result.get(one.name)) for one in signature.gives if one.name in result}
    assert not any(codes_given.values()), result


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("plan_task", {}, "kind"),
        ("plan_task", {"knd": "recall"}, "kind"),
        ("plan_task", {"kind": None}, "kind"),
        ("plan_task", {"kind": "outbound_cal"}, "kind"),
        ("plan_task", {"kind": 3}, "kind"),
        ("close", {"outcome": "wonn"}, "outcome"),
        ("dispatch", {"lane": 7}, "lane"),
        ("plan_nurture", {"side": ["hq"]}, "side"),
        ("decide", {}, "decision"),
    ],
)
async def test_a_step_whose_input_does_not_fit_is_refused_and_leaves_nothing(
    scene: Scene, name: str, data: dict[str, Any], field: str
) -> None:
    lead = await scene.working()
    before = await scene.row(lead)

    with pytest.raises(InputRefused, match=f"“{field}” has to be"):
        await scene.run(name, lead, **data)

    assert await scene.row(lead) == before


def test_an_incident_says_which_input_and_what_it_has_to_be_but_not_what_it_was() -> None:
    failure = registry._said(InputRefused("kind", "one of recall"), 1)

    assert (failure.type, failure.non_retryable) == (INPUT_REFUSED, True)
    assert failure.details == ("its input “kind” has to be one of recall",)


@pytest.mark.parametrize(
    ("one", "value", "why"),
    [
        (Field("x", "string"), None, ""),
        (Field("x", "string"), "", ""),
        (Field("x", "string", required=True), None, "given"),
        (Field("x", "string", required=True), "", "given"),
        (Field("x", "string"), 3, "a text"),
        (Field("x", "number"), 3, ""),
        (Field("x", "number"), 0, ""),
        (Field("x", "number"), True, "a number"),
        (Field("x", "number"), "3", "a number"),
        (Field("x", "boolean"), False, ""),
        (Field("x", "boolean"), 0, "true or false"),
        (Field("x", "instant"), "2026-11-23T02:00:00Z", ""),
        (Field("x", "instant"), "tomorrow", "a date and time"),
        (Field("x", "list"), ["a"], ""),
        (Field("x", "list"), "a", "a list"),
        (Field("x", "context"), {}, ""),
        (Field("x", "context"), [], "a context"),
        (Field("x"), {"any": "thing"}, ""),
        (codes("x", "a", "b"), "b", ""),
        (codes("x", "a", "b"), "c", "one of a, b"),
    ],
)
def test_a_declared_value_says_what_it_has_to_be(one: Field, value: object, why: str) -> None:
    assert one.refuses(value) == why


def test_an_optional_code_that_nobody_knows_counts_as_not_given_when_a_step_runs() -> None:
    """Given a diagram that was deployed before names were checked: it goes on as it did."""
    signature = Signature((codes("lane", "urgent"), codes("kind", "recall", required=True)))

    assert [*signature.faults({"lane": "normal", "kind": "recall"})] == []
    assert [*signature.faults({"lane": "normal", "kind": "recal"})] == [("kind", "one of recall")]
