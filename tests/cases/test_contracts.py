"""Payloads that an older Baton recorded are read for ever: it called the case a lead, as every one
was then."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from cases.contracts import CaseInput, LifeAtRest, Message, ProcessRef, Settlement, Step, Withdrawal

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
REF = ProcessRef("lead", 1, "0" * 64)
PAYLOADS = (
    CaseInput("c", REF, (), Message(1, "lead_created", AT)),
    Step("c", "c:1:1", "clean", AT),
    Settlement("c", AT, LifeAtRest(1, AT, REF, (), 1, {})),
    Withdrawal("c", (), AT, 1),
)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda one: type(one).__name__)
def test_a_payload_of_a_lead_is_read_as_older_batons_wrote_it(payload: object) -> None:
    as_now = to_jsonable_python(payload)
    as_then = {"lead_id": as_now.pop("case_id"), **as_now}
    del as_then["kind"]

    assert TypeAdapter(type(payload)).validate_python(as_then) == payload


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda one: type(one).__name__)
def test_what_is_written_now_names_the_case_and_its_kind(payload: object) -> None:
    written = to_jsonable_python(payload)

    assert (written["case_id"], written["kind"]) == ("c", "lead")
    assert TypeAdapter(type(payload)).validate_python(written) == payload
    assert "lead_id" not in written and asdict(payload)["case_id"] == "c"  # type: ignore[call-overload]
