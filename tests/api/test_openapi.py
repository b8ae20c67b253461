"""The OpenAPI document is complete, and the API keeps what it promises for whatever is thrown at
it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from store.session import Database
from tests.api.conftest import NOW, Desk, deploy, desk_over
from tests.timetravel import TestClock

DOCUMENT: dict[str, Any] = create_app(None).openapi()  # type: ignore[arg-type]
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation
    for operation in (o.ok() for o in SCHEMA.get_all_operations())
}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
async def fuzzed(shared_network: Database) -> AsyncIterator[Desk]:
    await deploy(shared_network)
    async with desk_over(shared_network, TestClock(NOW)) as desk:
        yield desk


def test_every_operation_has_an_example_a_summary_and_its_problems() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            name = f"{method} {path}"
            assert operation.get("summary"), name
            assert _has_example(operation), name
            if path.startswith("/api/"):
                assert "422" in operation["responses"] and "503" in operation["responses"], name


def test_every_operation_has_a_plain_name_of_its_own() -> None:
    names = [operation["operationId"] for operations in DOCUMENT["paths"].values() for operation in operations.values()]

    assert {"sendLead", "listLeads", "listNotifications"} <= set(names)
    assert [name for name in names if not re.fullmatch("[a-z][a-zA-Z0-9]*", name)] == []
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_the_document_is_valid_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


WORDS = frozenset(
    {
        *("badges", "counts", "fate", "gender", "grade", "kind", "lamp", "language", "outcome", "payment", "role"),
        *("severity", "side", "stage", "statement", "state", "status", "verdict"),
    }
)
"""Properties that hold words of a set."""

OPEN = {
    *((holder, "kind") for holder in ("IncidentLine", "Filter", "Opened", "Deadline", "Received", "Sent", "Trouble")),
    *((holder, "outcome") for holder in ("InstanceLine", "InstanceView", "RehearsalView")),  # names of end events
    *((holder, word) for holder in ("TaskLine", "TaskSheet", "CompletedView") for word in ("kind", "outcome")),
    *((holder, "outcome") for holder in ("CompletionBody", "ResultRow")),  # declared by features (domain.kinds)
    ("Opened", "role"),  # of a diagram that is only played
    ("Received", "fate"),  # or the reason against it
    ("SubmissionBody", "grade"),  # as typed
    ("SubmissionBody", "gender"),
}
"""Words whose set is a diagram's, a table's, a feature's or a person's own."""


def test_words_of_a_set_are_enumerations_with_a_name() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    plain = {
        (holder, name)
        for holder, schema in schemas.items()
        for name, said in schema.get("properties", {}).items()
        if name in WORDS and _is_text(said)
    }

    assert plain - OPEN == set()


def _is_text(said: dict[str, Any]) -> bool:
    if said.get("type") == "string":
        return not {"enum", "const"} & said.keys()
    return any(_is_text(one) for one in [*said.get("anyOf", ()), *([said["items"]] if "items" in said else [])])


def test_no_schema_is_called_by_the_module_that_it_is_from() -> None:
    assert [name for name in DOCUMENT["components"]["schemas"] if "__" in name] == []


def _has_example(operation: dict[str, Any]) -> bool:
    success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    return any("example" in content for content in success.get("content", {}).values())


@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_whatever_is_sent_the_answer_is_one_that_the_document_promises(fuzzed: Desk, name: str) -> None:
    operation = OPERATIONS[name]
    cases: list[schemathesis.Case] = []

    @given(case=operation.as_strategy())
    @settings(
        max_examples=12,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def collect(case: schemathesis.Case) -> None:
        cases.append(case)

    collect()
    lead = await fuzzed.at_consultant()
    for case in cases:
        await _check(fuzzed, case, lead)


async def _check(desk: Desk, case: schemathesis.Case, lead: UUID) -> None:
    """Every other case is about a lead or a table that exists: an unknown one would end all at the
    first line."""
    if "lead_id" in case.path_parameters and len(str(case.body)) % 2:
        case.path_parameters["lead_id"] = str(lead)
    if case.path.startswith("/api/v1/tables/{key}") and len(str(case.path_parameters)) % 2:
        case.path_parameters["key"] = "grade"
    arguments = case.as_transport_kwargs(base_url="http://baton")
    arguments.pop("cookies", None)
    headers = {
        name: value
        for name, value in arguments.pop("headers", {}).items()
        if value.isascii() and value.isprintable() and name.lower() not in ("baton-actor", "idempotency-key")
    }
    request = desk.http.build_request(headers=headers | {"Baton-Actor": "HQ-01"}, **_for_httpx(arguments))
    answer = await desk.http.send(request)
    await answer.aread()
    case.validate_response(answer, checks=CHECKS)


def _for_httpx(arguments: dict[str, Any]) -> dict[str, Any]:
    if isinstance(arguments.get("data"), bytes | str):
        arguments["content"] = arguments.pop("data")
    return arguments
