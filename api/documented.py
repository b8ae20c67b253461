"""How answers look in the OpenAPI document: every problem that an address can give, with an example
of its success."""

from __future__ import annotations

from typing import Any

from api.problems import MEDIA_TYPE, Problem

Responses = dict[int | str, dict[str, Any]]

_SCHEMA = {"$ref": "#/components/schemas/Problem"}
_MEANINGS = {
    400: "The body is not JSON",
    403: "The caller is unknown or may not do that",
    404: "There is no such thing",
    409: "Somebody was faster, or the thing is past that point; `detail` says what is possible",
    412: "It was changed since the version in `If-Match`; `changes` says what, `ETag` is the present version",
    413: "The body is too large",
    415: "The body is of another type than the address takes",
    422: "Fields are missing, unknown or impossible; `problems` lists them",
    503: "Too much is asked at once, or the database does not answer; try again after `Retry-After` seconds",
}
READ = (403, 422, 503)
READ_ONE = (403, 404, 422, 503)
WRITE = (400, 403, 404, 409, 413, 415, 422, 503)

XML_FILE: dict[str, Any] = {"type": "string", "format": "binary"}
"""A body that is sent as it is: generated clients take bytes for it."""

CHANGE = (*WRITE, 412)
"""Of what can be changed under a condition."""

_ETAG = {"description": "The version that this is; strong", "schema": {"type": "string"}, "example": '"7"'}
_RETRY = {"description": "Seconds", "schema": {"type": "integer", "minimum": 1, "maximum": 60}}
_HEADERS = {412: {"ETag": _ETAG}, 503: {"Retry-After": _RETRY}}


def problems(*statuses: int) -> Responses:
    """The problem answers of these statuses."""
    return {
        status: {
            "model": Problem,
            "description": _MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": _SCHEMA}},
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }
        for status in statuses
    }


def example(value: Any, status: int = 200) -> Responses:
    """A successful answer as people will see it."""
    return {status: {"content": {"application/json": {"example": value}}}}


def listed(*items: Any) -> dict[str, Any]:
    """The only page of a list, as an example."""
    return {"items": list(items), "next": None}


def tagged(answers: Responses, status: int = 200, *, known: bool = False) -> Responses:
    """These answers, of which the successful one has an ``ETag``; ``known``: it may be 304
    instead."""
    found = answers | {status: answers[status] | {"headers": {"ETag": _ETAG}}}
    if known:
        found[304] = {"description": "It is still as `If-None-Match` says", "headers": {"ETag": _ETAG}}
    return found
