"""What people fill in when they change a table, at whichever door."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from domain.forms import Code, Form, Line, Moment, Reason, Short

MOST_CELLS: Final = 1_000
"""Cells of one save; who changes more sends the file."""

Number = Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]


class CellForm(Form):
    """One cell, as FEEL. `column` is an input's label or expression, an output's name or label, or
    an id."""

    row: Code = Field(description="The rule's id; its number, from 1, if it has none")
    column: Code
    text: Annotated[Line, Field(max_length=4000)]
    decision: Code | None = Field(default=None, description="Another decision of the same file")


class ExampleForm(Form):
    """One value of an example, as FEEL."""

    example: Code = Field(description="The example's name")
    part: Literal["given", "expect"] = "expect"
    name: Code = Field(description="The input that is given, or the output that is expected")
    text: Annotated[Line, Field(max_length=4000)]
    decision: Code | None = Field(default=None, description="Another decision of the same file")


class CellsForm(Form):
    """Cells, and values of examples, to be changed in the newest revision."""

    revision: int | None = Field(
        default=None,
        ge=1,
        le=2**31 - 1,
        strict=True,
        description="The one that the change was made to; not needed with `If-Match`",
    )
    cells: list[CellForm] = Field(default=[], max_length=MOST_CELLS)
    examples: list[ExampleForm] = Field(default=[], max_length=MOST_CELLS)
    note: Short = ""


class CommentForm(Form):
    """A remark about a revision. `row` (a rule's id) and `column` say which cell is meant; both may
    be left out."""

    revision: int = Field(ge=1, le=2**31 - 1, strict=True)
    text: Annotated[Line, Field(min_length=1, max_length=2000)]
    row: Code | None = None
    column: Code | None = None


class PublicationForm(Form):
    """What is published, since when it decides, and why."""

    revision: Number | None = Field(
        default=None, description="The newest one: what the publisher has looked at; not needed with `If-Match`"
    )
    comment: Reason
    effective_from: Moment | None = Field(default=None, description="At once, if not given")
    replaces: Number | None = Field(
        default=None, description="The newest version, if the draft was taken from an older one and that is meant"
    )
    keep_scheduled: bool = Field(
        default=False, description="A version that is scheduled for later shall take over then all the same"
    )


class RollbackForm(Form):
    """The version whose file shall decide again, and why."""

    to: Number
    reason: Reason


class ShadowForm(Form):
    """Which draft runs beside its table, for how long, and why."""

    draft: UUID
    revision: int | None = Field(default=None, ge=1, le=2**31 - 1, description="The newest one, if not given")
    until: Moment | None = Field(default=None, description="Until it is stopped, if not given")
    reason: Reason


class BacktestForm(Form):
    """What is tried, and on which period: decisions at or after `since` and before `until`."""

    draft: UUID | None = Field(default=None, description="A draft of the table; or `version`")
    revision: int | None = Field(default=None, ge=1, le=2**31 - 1, description="The draft's newest one, if not given")
    version: int | None = Field(default=None, ge=1, le=2**31 - 1, description="A published version; or `draft`")
    since: Moment
    until: Moment
