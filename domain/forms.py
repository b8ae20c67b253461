"""The building blocks of forms: bounded texts without control characters, readable instants, closed
models."""

from __future__ import annotations

from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from cases.errors import FieldProblem
from cases.zone import minute_shown
from domain.cleaning.instant import read_instant
from domain.cleaning.plate import read_plate
from domain.cleaning.vin import plain_vin, vin_fault

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MOST_YUAN = 100_000_000

_ALLOWED_CONTROLS = frozenset("\n\r\t")


AT = "at"
"""What ``refuse`` says of a form as a whole: which of its fields to look at."""


def refuse(code: str, **params: str) -> PydanticCustomError:
    """A validator's refusal under a code of ``cases.messages.fields``; of a whole form, ``at``
    names the field."""
    return PydanticCustomError(code, code.replace("_", " "), params or None)  # type: ignore[arg-type]


def in_past(field: str, at: datetime) -> FieldProblem:
    """What is wrong with an instant before ``at``, the earliest one that is possible."""
    return FieldProblem(field, "in_past", {"earliest": minute_shown(at)})


def _printable(value: str) -> str:
    # PostgreSQL takes no NUL, and other control characters only ever arrive by mistake or malice.
    if any((ord(sign) < 32 and sign not in _ALLOWED_CONTROLS) or ord(sign) == 127 for sign in value):
        raise refuse("bad_characters")
    return value


def _instant(value: Any) -> datetime:
    if isinstance(value, bool) or not isinstance(value, str | datetime):
        raise refuse("bad_instant")
    instant = read_instant(value)
    if instant is None:
        raise refuse("bad_instant")
    if not EARLIEST <= instant < LATEST:
        raise refuse("out_of_range")
    return instant


Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_printable)]
"""Text as people type it: trimmed, no control characters; the length comes with each of the
following."""

Short = Annotated[Line, Field(max_length=100)]
Reason = Annotated[Line, Field(min_length=1, max_length=200)]
Long = Annotated[Line, Field(max_length=2000)]
Code = Annotated[Line, Field(min_length=1, max_length=100)]
Moment = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "maxLength": 40, "examples": ["2026-11-14T02:15:05+08:00"]}
    ),
]
Yuan = Annotated[int, Field(ge=0, le=MOST_YUAN, strict=True)]


def _vin(value: Any) -> str:
    if not isinstance(value, str):
        raise refuse("vin_length", count="0", limit="17")
    vin = plain_vin(value)
    if (fault := vin_fault(vin)) is not None:
        raise refuse(fault.code, **fault.said)
    return vin


def _plate(value: Any) -> str:
    plate = read_plate(value)
    if plate is None:
        raise refuse("bad_plate")
    return plate


Vin = Annotated[
    str,
    BeforeValidator(_vin),
    WithJsonSchema({"type": "string", "minLength": 17, "maxLength": 40, "examples": ["JF1SH95F1AG000123"]}),
]
"""The number of a vehicle, as people type it."""
Plate = Annotated[
    str, BeforeValidator(_plate), WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["京A12345"]})
]


class Form(BaseModel):
    """What is filled in at a door: unknown fields are refused, so that a misspelt one is never
    ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _mail(value: str) -> str:
    """A mail address as a mail's header takes it (RFC 5322, addr-spec)."""
    try:
        parsed = Address(addr_spec=value)
    except (ValueError, IndexError, HeaderParseError) as failure:
        raise refuse("bad_mail_address") from failure
    if not (value.isascii() and parsed.username and parsed.domain and parsed.addr_spec == value):
        raise refuse("bad_mail_address")
    return value


MailAddress = Annotated[Line, Field(min_length=3, max_length=254), AfterValidator(_mail)]
