"""What people say when running leads shall go on in another version."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.context import Call
from api.migrations.trying import planned
from api.repairs.batches import Size
from api.repairs.bodies import Element, Why
from cases.errors import FieldProblem, Invalid
from domain.forms import Form, Line
from domain.repairs.fitting import Others, Wanted
from store.session import Tx
from store.tables import definitions
from workflows.bpmn.migration import Plan

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


class StartBody(MigrationBody):
    """The same, done."""

    reason: Why
    batch_size: Size = 200


async def as_wanted(tx: Tx, call: Call, body: MigrationBody) -> Wanted:
    """The migration that is asked for. Raises ``NotFound`` for versions, ``Invalid`` for elements
    that do not exist."""
    if body.from_version == body.to_version and body.others == "kept":
        raise Invalid("invalid_input", problems=(FieldProblem("to_version", "same_version"),))
    before = await definitions.process(tx, body.process, body.from_version)
    after = await definitions.process(tx, body.process, body.to_version)
    found = await call.aside(planned, body.process, before.xml, after.xml, body.plan)
    if found.strange:
        strange = (FieldProblem(f"plan/{body.process}/{source}", "no_such_element") for source in found.strange)
        raise Invalid("invalid_input", problems=tuple(strange))
    return Wanted(body.process, before.ref, after.ref, body.others, Plan(found.moves))
