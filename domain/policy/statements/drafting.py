"""Drafts of a table: begun, saved, commented, given up. Nobody writes over what somebody else saved
meanwhile.

Reading a file is heavy, so that it is done before and aside: ``name`` is what
``domain.policy.sheet.name_of`` found, and raises for a file that holds no such decision.
"""

from __future__ import annotations

from uuid import UUID

from cases.errors import FieldProblem, Invalid
from domain.policy.forms import CellsForm, CommentForm
from domain.policy.laws.seen import as_expected
from domain.policy.laws.who import makes_policy
from domain.policy.sheet import CellText, ExampleText, changed, check
from domain.speaker import Speaker
from domain.versions import Versions
from store.session import Tx
from store.tables import definitions, drafts
from store.tables.drafts import Comment, Draft


async def begin(tx: Tx, speaker: Speaker, key: str, name: str, xml: bytes, version: int | None, reason: str) -> Draft:
    """A draft that is taken from a version, else from the newest one there is. Raises
    ``Forbidden``, ``NotFound``."""
    makes_policy(speaker)
    based_on = version
    if version is not None:
        await definitions.table_version(tx, key, version)
    elif (newest := await definitions.newest_table(tx, key)) is not None:
        based_on = newest.version
    return await drafts.create(tx, key, name, xml, based_on, speaker.now(), reason)


async def save(
    tx: Tx,
    speaker: Speaker,
    key: str,
    draft_id: UUID,
    name: str,
    xml: bytes,
    *,
    seen: int,
    note: str,
    expected: Versions | None = None,
) -> Draft:
    """The file becomes the next save, if ``seen`` is the newest one still.

    Raises ``Forbidden``, ``NotFound``, ``Conflict``, and ``Changed`` with what was saved since.
    """
    makes_policy(speaker)
    draft = await drafts.hold(tx, draft_id, key)
    await as_expected(tx, speaker, draft, expected)
    return await drafts.save(tx, draft, seen, name, xml, speaker.now(), note)


async def with_cells(speaker: Speaker, key: str, xml: bytes, form: CellsForm) -> bytes:
    """The file with other cells and examples. Raises ``Invalid`` with every address that is
    none."""
    cells = [CellText(one.row, one.column, one.text, one.decision) for one in form.cells]
    examples = [ExampleText(one.example, one.part, one.name, one.text, one.decision) for one in form.examples]
    if not cells and not examples:
        raise Invalid("nothing_to_change", problems=(FieldProblem("cells", "missing"),))
    return await speaker.aside(changed, xml, key, cells, examples)


async def comment(
    tx: Tx, speaker: Speaker, key: str, draft_id: UUID, form: CommentForm, expected: Versions | None = None
) -> Comment:
    """A remark about a save, a row, a column or a cell of it. Raises ``Forbidden``, ``NotFound``,
    ``Changed``, and ``Invalid`` for a place that it does not have."""
    makes_policy(speaker)
    draft = await drafts.hold(tx, draft_id, key)
    await as_expected(tx, speaker, draft, expected)
    meant = await drafts.file(tx, draft_id, form.revision)
    await speaker.aside(check, meant.xml, key, form.row, form.column)
    return await drafts.comment(tx, draft, form.revision, speaker.now(), form.text, form.row, form.column)


async def discard(
    tx: Tx, speaker: Speaker, key: str, draft_id: UUID, reason: str, expected: Versions | None = None
) -> Draft:
    """It can neither be changed nor published any more. Raises ``Forbidden``, ``NotFound``,
    ``Conflict``, ``Changed``."""
    makes_policy(speaker)
    draft = await drafts.hold(tx, draft_id, key)
    await as_expected(tx, speaker, draft, expected)
    return await drafts.discard(tx, draft, speaker.now(), reason)
