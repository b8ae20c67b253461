"""Plain facts in forms and answers: each field is made from the fact's declaration
(``cases.lead_facts``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, create_model
from pydantic.json_schema import WithJsonSchema

from cases.lead_facts import PLAIN, Fact, Reads
from domain.cleaning.count import MOST
from domain.forms import Short
from domain.leads.plain import read_plain

Body = TypeVar("Body", bound=BaseModel)

Text = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}]})]
"""A cell as a channel sends it: the schema refuses none."""
Ticked = Annotated[
    Any, WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "string"}, {"type": "number"}, {"type": "null"}]})
]

_Count: Any = Annotated[int, Field(ge=0, le=MOST, strict=True)]
_SENT: Mapping[Reads, Any] = {Reads.FLAG: Ticked}
_STATED: Mapping[Reads, Any] = {Reads.FLAG: bool | None, Reads.NUMBER: _Count | Short | None}


def sent(body: type[Body]) -> type[Body]:
    """A submission with the plain facts: typed as anybody types them."""
    return _with(body, PLAIN, lambda fact: _SENT.get(fact.reads, Text))


def stated(body: type[Body]) -> type[Body]:
    """A person's body with the plain facts that people correct."""
    corrected = tuple(fact for fact in PLAIN if fact.corrected)
    return _with(body, corrected, lambda fact: _STATED.get(fact.reads, Short | None))


def _with(body: type[Body], facts: tuple[Fact, ...], kind: Callable[[Fact], Any]) -> type[Body]:
    fields: dict[str, Any] = {fact.name: (kind(fact), Field(default=None, description=_about(fact))) for fact in facts}
    return create_model(body.__name__, __base__=body, __doc__=body.__doc__, __module__=body.__module__, **fields)


def _about(fact: Fact) -> str:
    return f"{fact.zh}: {fact.about or fact.en}" + (f", e.g. {fact.example}" if fact.example else "")


def shown() -> dict[str, Any]:
    """The plain facts of an answer's example, by column."""
    return {fact.column: read_plain(fact, fact.example).value for fact in PLAIN}
