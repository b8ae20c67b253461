"""Which migration is asked for, and whether its plan names what there is."""

from __future__ import annotations

from cases.errors import FieldProblem, Invalid
from domain.repairs.fitting import Wanted
from domain.repairs.forms import MigrationBody
from domain.repairs.trying import planned
from domain.speaker import Speaker
from store.session import Tx
from store.tables import definitions
from workflows.bpmn.migration import Plan


async def as_wanted(tx: Tx, speaker: Speaker, body: MigrationBody) -> Wanted:
    """The migration that is asked for. Raises ``NotFound`` for versions, ``Invalid`` for elements
    that do not exist."""
    if body.from_version == body.to_version and body.others == "kept":
        raise Invalid("invalid_input", problems=(FieldProblem("to_version", "same_version"),))
    before = await definitions.process(tx, body.process, body.from_version)
    after = await definitions.process(tx, body.process, body.to_version)
    found = await speaker.aside(planned, body.process, before.xml, after.xml, body.plan)
    if found.strange:
        strange = (FieldProblem(f"plan/{body.process}/{source}", "no_such_element") for source in found.strange)
        raise Invalid("invalid_input", problems=tuple(strange))
    return Wanted(body.process, before.ref, after.ref, body.others, Plan(found.moves))
