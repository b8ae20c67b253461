"""What pydantic finds wrong with what somebody wrote, in our own codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cases.errors import FieldProblem
from cases.messages.fields import FIELDS
from domain.forms import AT

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
    """A pydantic error as a field problem with a code of ours; the value itself is never
    repeated."""
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
    """Pydantic names the branch of a union in the location (``int``, ``constrained-str``,
    ``function-after[…]``)."""
    return place in ("int", "str", "constrained-str", "constrained-int") or "[" in place
