"""Published tables, their versions, and their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import Response

from api.context import ReadCall
from api.documented import READ, READ_ONE, example, listed, problems
from api.paging import AskedMany, Page, cut
from api.tables.views import VERSION, Key, Version, VersionView, names_in, versions
from cases.errors import NotFound
from domain.policy.laws.versions import VersionState
from store.leads.views import Named
from store.session import Tx
from store.tables import definitions, drafts
from store.tables.definitions import TableLine
from store.tables.drafts import Draft

router = APIRouter(tags=["tables"])


@dataclass(frozen=True, slots=True)
class TableView:
    """A table by its key. ``in_force`` is None until a first version's time has come; ``drafts``
    are open ones."""

    key: str
    name: str
    in_force: VersionView | None
    scheduled: tuple[VersionView, ...]
    drafts: int


@dataclass(frozen=True, slots=True)
class TableWithVersions:
    """A table with every version that was ever published, newest first."""

    key: str
    name: str
    in_force: VersionView | None
    scheduled: tuple[VersionView, ...]
    drafts: int
    versions: tuple[VersionView, ...]


_TABLE = {"key": "price-tier", "name": "价位与激励", "in_force": VERSION, "scheduled": [], "drafts": 1}


@router.get("/tables", responses=problems(*READ) | example(listed(_TABLE)), summary="Decision tables")
async def list_tables(call: ReadCall, asked: AskedMany) -> Page[TableView]:
    """Every table by its key, also those of which there is only a draft: what decides now, and what
    will."""

    async def read(tx: Tx) -> list[TableView]:
        at = call.now()
        lines = await definitions.table_lines(tx)
        names = await names_in(tx, lines)
        published = {key: tuple(group) for key, group in groupby(lines, lambda line: line.key)}
        drafted: dict[str, list[Draft]] = {}
        for draft in await drafts.of_key(tx):
            drafted.setdefault(draft.key, []).append(draft)
        keys = sorted(published.keys() | drafted.keys())
        return [_short(_described(key, published.get(key, ()), drafted.get(key, []), names, at)) for key in keys]

    return cut("tables", await call.read(read), asked, lambda one: (one.key,))


@router.get(
    "/tables/{key}",
    responses=problems(*READ_ONE) | example(_TABLE | {"versions": [VERSION]}),
    summary="A decision table and its versions",
)
async def show_table(key: Key, call: ReadCall) -> TableWithVersions:
    """Every version: since when it decides, who published it, when and why, and what became of
    it."""

    async def read(tx: Tx) -> TableWithVersions:
        lines = await definitions.table_lines(tx, key)
        drafted = await drafts.of_key(tx, key)
        if not lines and not drafted:
            raise NotFound("table_not_found", key=key)
        return _described(key, lines, drafted, await names_in(tx, lines), call.now())

    return await call.read(read)


@router.get(
    "/tables/{key}/{version}.dmn",
    response_class=Response,
    responses=problems(*READ_ONE) | {200: {"content": {"application/xml": {"example": "<definitions …/>"}}}},
    summary="A version of a table as DMN",
)
async def show_version(key: Key, version: Version, call: ReadCall) -> Response:
    """The file as it was published; versions never change, so it may be kept for ever."""
    found = await call.read(lambda tx: definitions.table_version(tx, key, version))
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found.xml, media_type="application/xml", headers=headers)


def _described(
    key: str, lines: Sequence[TableLine], drafted: Sequence[Draft], names: Mapping[str, Named], at: datetime
) -> TableWithVersions:
    shown = versions(lines, names, at)
    in_force = next((one for one in shown if one.state is VersionState.IN_FORCE), None)
    scheduled = tuple(one for one in reversed(shown) if one.state is VersionState.SCHEDULED)
    named = in_force or next(iter(shown), None) or drafted[0]
    return TableWithVersions(key, named.name, in_force, scheduled, len(drafted), shown)


def _short(one: TableWithVersions) -> TableView:
    return TableView(one.key, one.name, one.in_force, one.scheduled, one.drafts)
