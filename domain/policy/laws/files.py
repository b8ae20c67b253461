"""The files that statements about a table are about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cases.errors import FieldProblem, Invalid
from domain.policy.laws.seen import meant
from domain.policy.laws.who import makes_policy
from domain.reach import Speaking
from domain.versions import Versions
from store.session import Tx
from store.tables import definitions, drafts
from store.tables.drafts import Draft, Revision


@dataclass(frozen=True, slots=True)
class Seen:
    """The save of a draft that its speaker has seen, by what the request says of it."""

    draft: Draft
    file: Revision


async def drafted(tx: Tx, key: str, draft_id: UUID, revision: int | None = None) -> tuple[Draft, Revision]:
    """A draft and the file of its newest save, or of a certain one. Raises ``NotFound``."""
    return await drafts.one(tx, draft_id, key), await drafts.file(tx, draft_id, revision)


async def seen(
    tx: Tx, speaker: Speaking, key: str, draft_id: UUID, revision: int | None, expected: Versions | None
) -> Seen:
    """What a change to a draft, or its publication, is about. Raises ``Forbidden``, ``NotFound``,
    and ``Invalid`` if nothing says which save it is."""
    makes_policy(speaker)
    draft = await drafts.one(tx, draft_id, key)
    newest = await drafts.file(tx, draft_id)
    number = meant(draft, revision, expected)
    return Seen(draft, newest if number == newest.number else await drafts.file(tx, draft_id, number))


async def to_begin_with(tx: Tx, speaker: Speaking, key: str, version: int | None) -> bytes:
    """The file of the version that a draft begins with. Raises ``Forbidden``, ``NotFound``, and
    ``Invalid`` without one."""
    makes_policy(speaker)
    if version is None:
        raise Invalid("invalid_input", problems=(FieldProblem("from", "missing"),))
    return (await definitions.table_version(tx, key, version)).xml
