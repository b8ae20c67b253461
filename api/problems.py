"""Errors as ``application/problem+json`` (RFC 9457): a stable ``code``, texts in the caller's
language, fields.

Every answer of 400 or more has this form, also those that the framework makes (unknown path, bad
JSON).
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_jsonable_python
from starlette.exceptions import HTTPException

from api.conditions import etag
from api.language import preferred
from cases.errors import BatonError, FieldProblem
from cases.messages import Language, chosen
from cases.messages.fields import FIELDS
from cases.messages.marks import MARKS
from cases.messages.named import kinds, named
from cases.messages.problems import PROBLEMS
from cases.messages.text import words
from domain.malformed import as_field_problem
from domain.versions import Changed
from rules.feel import FeelTooMuch

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
CALLER_GONE = 499
"""What logs and figures call a request whose caller has hung up (as nginx does)."""
PLACES = 6
"""Places of an unexpected error that its log line names, the innermost first."""
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
    """What went wrong. Clients key on ``code``; ``detail`` and ``cure`` are for people, in their
    language."""

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
        headers["ETag"] = etag(error.version)
        more |= {"etag": headers["ETag"]} | to_jsonable_python(error.more)
    return problem_response(
        error.status, error.code, language, params=params, problems=error.problems, more=more, headers=headers
    )


async def _too_much(request: Request, error: FeelTooMuch) -> JSONResponse:
    params = {"bound": error.bound.name, "limit": f"{error.bound.limit:,}"}
    return problem_response(422, "too_much", _language(request), params=params, more={"params": params})


def _spoken(error: BatonError, language: Language) -> dict[str, str]:
    """Params for people: codes in words, an empty list of possibilities, too."""
    nothing = chosen(MARKS["nothing_possible"], language)
    return {name: named(name, value, language) or nothing for name, value in error.params.items()}


async def _http_error(request: Request, error: HTTPException) -> JSONResponse:
    codes = {404: "unknown_path", 405: "method_not_allowed", 400: "bad_json"}
    code = codes.get(error.status_code, "bad_request")
    return problem_response(error.status_code, code, _language(request), headers=dict(error.headers or {}))


async def _nobody_there(request: Request, error: Exception) -> Response:
    return Response(status_code=CALLER_GONE)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", path_template=route_template(request.scope), **told_safely(error))
    # The server closes the connection, for the error goes on to it. A client that is not told sends
    # its next request into a connection that is just going away.
    return problem_response(500, "internal_error", _language(request), headers={"Connection": "close"})


def told_safely(error: BaseException) -> dict[str, Any]:
    """An error for a log: kinds, SQLSTATEs and where it was raised, never its text, which may quote
    what people typed."""
    chain, at = list(_chain(error)), traceback.extract_tb(error.__traceback__)
    kinds = [" ".join(filter(None, (type(one).__name__, getattr(one, "sqlstate", None)))) for one in chain]
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in at[-PLACES:]]
    return {"error": kinds[0], "because": kinds[1:], "at": places[::-1]}


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    met: set[int] = set()  # of a lost connection an error may be its own cause by way of others
    while error is not None and id(error) not in met:
        met.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


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
