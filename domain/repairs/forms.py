"""What people fill in when they repair: why, where to, values of process variables, which leads or
incidents."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, Field

from domain.forms import Code, Form, Line, refuse
from domain.repairs.fitting import Others

BYTES: Final = 16 * 1024
"""Of the variables of one correction, as JSON: they travel through Temporal and stay in every
snapshot."""
MOST: Final = 100
DEEPEST: Final = 8
WHOLE: Final = 2**53

Why = Annotated[Line, Field(min_length=1, max_length=500)]
Element = Annotated[Line, Field(min_length=1, max_length=200)]
"""An element's id in the diagram."""


def _bounded(variables: dict[str, Any]) -> dict[str, Any]:
    for value in variables.values():
        _check(value, DEEPEST)
    if len(json.dumps(variables, ensure_ascii=False).encode()) > BYTES:
        raise refuse("too_long", max_length=str(BYTES))
    return variables


def _check(value: Any, depth: int) -> None:
    if depth < 0:
        raise refuse("too_deep", limit=str(DEEPEST))
    match value:
        case str():
            if not all(map(_storable, value)):
                raise refuse("bad_characters")
        case int() | float() if not math.isfinite(value) or abs(value) > WHOLE:
            raise refuse("out_of_range")
        case list():
            for inner in value:
                _check(inner, depth - 1)
        case dict():
            for name, inner in value.items():
                _check(name, depth - 1)
                _check(inner, depth - 1)
        case _:
            pass


def _storable(sign: str) -> bool:
    """PostgreSQL takes no NUL and no half of a surrogate pair; other control characters only arrive
    by mistake."""
    return (ord(sign) >= 32 or sign in "\n\r\t") and not 0xD800 <= ord(sign) <= 0xDFFF


Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\W\d]\w*$")]
Variables = Annotated[
    dict[Name, Any],
    Field(min_length=1, max_length=MOST, description="JSON values by name: ids, codes and times, no personal data"),
    AfterValidator(_bounded),
]


class CorrectBody(Form):
    """Variables of a running process are set; others stay as they are."""

    reason: Why
    execution: Annotated[str, Field(pattern=r"^[0-9]{1,12}$")] = Field(
        default="1",
        description="A token or scope: the variables of the process that it belongs to; 1 is the lead's own",
    )
    variables: Variables


class MoveBody(Form):
    """A token goes on at another element of its scope."""

    reason: Why
    element: Element


class RetryBody(Form):
    """The step is tried again, after its variables were corrected if any are given."""

    reason: Why
    variables: Variables | None = None


Size = Annotated[int, Field(ge=1, le=1000, description="Leads that are told in one transaction")]
Key = Annotated[Line, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Moves = Annotated[dict[Key, Annotated[dict[Element, Element], Field(max_length=500)]], Field(max_length=50)]


class MigrationBody(Form):
    """Leads that run on one version of a process, their own or a called one, shall run on
    another."""

    process: Key
    from_version: Version
    to_version: Version
    others: Others = Field(
        default="kept", description="kept: the other processes stay in their versions; newest: they take the newest"
    )
    plan: Moves | None = Field(
        default=None,
        description="By process key: old element → new element. Elements that are not named keep their id. "
        "Without a plan: the same id, else the same name and kind in the same sub-process",
    )


class PreviewBody(MigrationBody):
    """What to try, on how many leads."""

    at_most: Annotated[int, Field(ge=1, le=20_000, description="Leads to try it on, the oldest first")] = 5_000


class StartBody(MigrationBody):
    """The same, done."""

    reason: Why
    batch_size: Size = 200


class Filter(Form):
    """Which open incidents; what is not given does not matter. ``message`` is a part of theirs."""

    kind: Code | None = None
    element: Element | None = None
    process: Code | None = None
    message: Why | None = None


class BulkRetryBody(RetryBody):
    """Incidents by what they have in common, or by their ids."""

    filter: Filter | None = None
    ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)] | None = None
    batch_size: Size = 200
