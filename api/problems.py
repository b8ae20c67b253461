"""Errors as ``application/problem+json`` (RFC 9457): a stable ``code``, texts in the caller's language, fields.

Every answer of 400 or more has this form, also those that the framework makes (unknown path, bad JSON).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_jsonable_python
from starlette.exceptions import HTTPException

from api.conditions import Changed
from api.forms import AT
from api.language import Language, preferred
from api.texts import FIELDS, PROBLEMS, kinds, named, words
from cases.errors import BatonError, FieldProblem
from rules.feel import FeelTooMuch

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
CALLER_GONE = 499
"""What logs and figures call a request whose caller has hung up (as nginx does)."""
PREFIX = "/api/v1"
"""What every resource's path begins with."""


class CallerGone(Exception):
    """Whoever asked has hung up: nobody reads the answer."""


class FieldProblemBody(BaseModel):
    """One thing wrong with one field."""

    field: str = Field(description="JSON pointer without the leading slash; empty for the body as a whole")
    code: str
    message: str
    cure: str


class Problem(BaseModel):
    """What went wrong. Clients key on ``code``; ``detail`` and ``cure`` are for people, in their language."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "type": "urn:baton:problem:lead_rejected",
                "title": "Unprocessable Content",
                "status": 422,
                "code": "lead_rejected",
                "detail": "线索未被接收",
                "cure": "请按 problems 修改后重新提交",
                "problems": [
                    {"field": "phone", "code": "test_data", "message": "测试数据", "cure": "请勿提交测试数据"}
                ],
            }
        },
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    cure: str
    problems: list[FieldProblemBody] = []


def field_problem(problem: FieldProblem, language: Language) -> dict[str, str]:
    """One field's problem in the caller's words."""
    params = {name: named(name, value, language) for name, value in problem.params.items()}
    if problem.code == "wrong_type":
        params |= {"expected": kinds(params.get("expected", ""), language)}
    message, cure = words(FIELDS, problem.code, language, params)
    return {"field": problem.field, "code": problem.code, "message": message, "cure": cure}


def problem_body(
    status: int,
    code: str,
    language: Language,
    *,
    params: dict[str, str] | None = None,
    problems: tuple[FieldProblem, ...] = (),
    more: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The body of a problem answer; ``more`` are extension members such as ``possible``."""
    detail, cure = words(PROBLEMS, code, language, params or {})
    return {
        "type": f"urn:baton:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "cure": cure,
        "problems": [field_problem(problem, language) for problem in problems],
    } | (more or {})


def problem_response(
    status: int,
    code: str,
    language: Language,
    *,
    params: dict[str, str] | None = None,
    problems: tuple[FieldProblem, ...] = (),
    more: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """A problem as an HTTP answer."""
    body = problem_body(status, code, language, params=params, problems=problems, more=more)
    return JSONResponse(body, status, headers={"Content-Language": language} | (headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Makes ``app`` answer every error as a problem."""
    app.add_exception_handler(BatonError, _baton_error)  # type: ignore[arg-type]
    app.add_exception_handler(FeelTooMuch, _too_much)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _malformed)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http_error)  # type: ignore[arg-type]
    app.add_exception_handler(CallerGone, _nobody_there)
    app.add_exception_handler(Exception, _unexpected)


def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language"))


async def _baton_error(request: Request, error: BatonError) -> JSONResponse:
    language = _language(request)
    params = _spoken(error, language)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if error.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    more: dict[str, Any] = {"params": error.params} if error.params else {}
    if isinstance(error, Changed):
        headers["ETag"] = error.etag
        more |= {"etag": error.etag} | to_jsonable_python(error.more)
    return problem_response(
        error.status, error.code, language, params=params, problems=error.problems, more=more, headers=headers
    )


async def _too_much(request: Request, error: FeelTooMuch) -> JSONResponse:
    params = {"bound": error.bound.name, "limit": f"{error.bound.limit:,}"}
    return problem_response(422, "too_much", _language(request), params=params, more={"params": params})


def _spoken(error: BatonError, language: Language) -> dict[str, str]:
    """Params for people: codes in words, an empty list of possibilities, too."""
    nothing = "无" if language == "zh" else "nothing; the process is moving, look again shortly"
    return {name: named(name, value, language) or nothing for name, value in error.params.items()}


async def _http_error(request: Request, error: HTTPException) -> JSONResponse:
    codes = {404: "unknown_path", 405: "method_not_allowed", 400: "bad_json"}
    code = codes.get(error.status_code, "bad_request")
    return problem_response(error.status_code, code, _language(request), headers=dict(error.headers or {}))


async def _nobody_there(request: Request, error: Exception) -> Response:
    return Response(status_code=CALLER_GONE)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # The exception's text may quote parameters of a query, so only its type is logged.
    log.error("request_failed", error=type(error).__name__, path_template=route_template(request.scope))
    # The server closes the connection, for the error goes on to it. A client that is not told sends its next request
    # into a connection that is just going away.
    return problem_response(500, "internal_error", _language(request), headers={"Connection": "close"})


def route_template(scope: Any) -> str:
    """The path with its placeholders (``/leads/{lead_id}``): safe for logs and metric labels."""
    route = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None) or "unmatched"
    # A route knows its path only below the prefix that its router was included under.
    below = scope["path"].startswith(PREFIX) and route is not None and not path.startswith(PREFIX)
    return PREFIX + path if below else path


async def _malformed(request: Request, error: RequestValidationError) -> JSONResponse:
    language = _language(request)
    errors = error.errors()
    if any(found["type"] == "json_invalid" for found in errors):
        return problem_response(400, "bad_json", language)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    in_body = any(tuple(found["loc"]) == ("body",) for found in errors)
    if in_body and content_type != "application/json" and not content_type.endswith("+json"):
        return problem_response(415, "not_json", language)
    problems = tuple(as_field_problem(found) for found in errors)
    if any(problem.field.lower() == "idempotency-key" for problem in problems):
        return problem_response(422, "idempotency_key_invalid", language, problems=problems)
    return problem_response(422, "invalid_input", language, problems=problems)


_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_long",
    "too_short": "too_short",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large_number",
    "less_than": "too_large_number",
    "literal_error": "not_in_list",
    "enum": "not_in_list",
    "string_pattern_mismatch": "bad_format",
    "string_unicode": "bad_characters",
    "uuid_parsing": "bad_format",
    "uuid_type": "bad_format",
}
_TYPES = {
    "string_type": "text",
    "int_type": "whole number",
    "int_parsing": "whole number",
    "int_from_float": "whole number",
    "bool_type": "true/false",
    "bool_parsing": "true/false",
    "list_type": "list",
    "model_type": "object",
    "model_attributes_type": "object",
    "dict_type": "object",
}
_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""A member of an enumeration as pydantic lists what it had expected; people are told its value."""

_LIMITS = ("max_length", "min_length", "ge", "gt", "le", "lt")


def as_field_problem(found: Mapping[str, Any]) -> FieldProblem:
    """A pydantic error as a field problem with a code of ours; the value itself is never repeated."""
    kind, context = str(found["type"]), found.get("ctx") or {}
    places = [str(part) for part in found["loc"] if part not in ("body", "query", "path", "header")]
    places = [place for place in places if not _is_union_branch(place)]
    if at := context.get(AT):
        places.append(str(at))
    field = "/".join(places)
    if kind in _TYPES:
        return FieldProblem(field, "wrong_type", {"expected": _TYPES[kind]})
    code = kind if kind in FIELDS else _CODES.get(kind)
    if code is None:
        code = "bad_instant" if kind.startswith(("date", "timezone", "time")) else "invalid_value"
    params = {
        name: str(value) for name, value in context.items() if name != AT and isinstance(value, str | int | float)
    }
    limits = [params[name] for name in _LIMITS if name in params]
    if limits:
        params["limit"] = limits[0]
    if "expected" in params:
        params["expected"] = _MEMBER.sub(r"\1", params["expected"]).replace("'", "").replace(" or ", ", ")
    return FieldProblem(field, code, params)


def _is_union_branch(place: str) -> bool:
    """Pydantic names the branch of a union in the location (``int``, ``constrained-str``, ``function-after[…]``)."""
    return place in ("int", "str", "constrained-str", "constrained-int") or "[" in place
