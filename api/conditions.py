"""``ETag``, ``If-Match`` and ``If-None-Match`` (RFC 9110, sections 8.8.3 and 13.1): nobody writes
over what they have not seen. A tag is a version that the store counts, not a hash of an answer: it
is the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Header, Request, Response

from cases.errors import FieldProblem, Invalid
from domain.versions import Versions

_TAG: Final = re.compile(r'(?P<weak>W/)?"(?P<opaque>[\x21\x23-\x7e\x80-\xff]*)"')
_EMPTY: Final = re.compile(r"[ \t]*(,[ \t]*)*")


def etag(version: object) -> str:
    """A strong tag."""
    return f'"{version}"'


def parsed(name: str, lines: Sequence[str]) -> Versions | None:
    """The condition in a header's lines; None without one. Raises ``Invalid`` when it is neither
    ``*`` nor tags."""
    if not lines:
        return None
    said = ", ".join(lines).strip(" \t")
    if said == "*":
        return Versions(any=True)
    tags, place = list[tuple[bool, str]](), 0
    while True:
        place = _gap(said, place, first=not tags, name=name)
        if place == len(said) and tags:
            return Versions(any=False, tags=tuple(tags))
        found = _TAG.match(said, place)
        if found is None:
            raise _malformed(name)
        tags.append((found["weak"] is not None, found["opaque"]))
        place = found.end()


def _gap(said: str, place: int, *, first: bool, name: str) -> int:
    """Behind the commas between two tags; one at least, but for the first."""
    found = _EMPTY.match(said, place)
    assert found is not None
    if not first and found.end() < len(said) and "," not in found[0]:
        raise _malformed(name)
    return found.end()


def _malformed(name: str) -> Invalid:
    return Invalid("invalid_input", problems=(FieldProblem(name, "bad_etag"),))


# The parameters are there for the document; the header's lines are read from the request, which may
# have several.
async def _expected(
    request: Request,
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The `ETag` of what was seen: 412 if it was changed since. Without it, the last one wins",
            max_length=2000,
            examples=['"7"'],
        ),
    ] = None,
) -> Versions | None:
    return parsed("If-Match", request.headers.getlist("if-match"))


async def _known(
    request: Request,
    if_none_match: Annotated[
        str | None,
        Header(
            alias="If-None-Match",
            description="The `ETag` of what is there already: 304 if it is still so",
            max_length=2000,
            examples=['"7"'],
        ),
    ] = None,
) -> Versions | None:
    return parsed("If-None-Match", request.headers.getlist("if-none-match"))


Expected = Annotated[Versions | None, Depends(_expected)]
"""``If-Match`` of a request that changes something."""

Known = Annotated[Versions | None, Depends(_known)]
"""``If-None-Match`` of a request that reads."""


REVALIDATE: Final = {"Cache-Control": "private, no-cache"}
"""A browser may keep it, and has to ask whether it is still so."""


def unchanged(known: Versions | None, version: object) -> bool:
    """Whether the caller has this version already."""
    return known is not None and known.know(version)


def not_modified(version: object) -> Response:
    """The answer 304."""
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag(version), **REVALIDATE})
