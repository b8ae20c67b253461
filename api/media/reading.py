"""From a body in another form to rows for the door: a plain function, so that it can run beside the
API."""

from __future__ import annotations

from typing import Any, Final

from api.media import adf, form, twin
from api.media.markup import decoded, name_of, parsed
from cases.errors import Invalid

FORM: Final = "application/x-www-form-urlencoded"
XML: Final = frozenset({"application/xml", "text/xml", "application/x-adf+xml", "application/adf+xml"})

Row = dict[str, Any]


def is_other(media: str) -> bool:
    """Whether bodies of this media type are read here."""
    return media == FORM or media in XML or media.endswith("+xml")


def rows(body: bytes, media: str, charset: str | None) -> list[Row]:
    """The submissions in a body, at least one, with the fields of ``api.leads.submission``. Raises
    ``Invalid``."""
    if media == FORM:
        return [form.fields(body, charset)]
    root = parsed(decoded(body, charset), adf.ROOTS | twin.ROOTS)
    found = adf.prospects(root) if name_of(root) in adf.ROOTS else twin.leads(root)
    if not found:
        raise Invalid("xml_empty")
    return found
