"""Whatever the API keeps of a network, a file keeps too: each kind by both ways, and no kind by one
alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.importer.network import door, writing
from cli.importer.network.kinds import CODE, SHEETS
from domain.network.forms import FORMS
from store import models
from store.models import network
from store.models.base import Base
from store.network.keeping import KINDS, EntryKind
from tests.api.conftest import Desk
from tests.api.networks import ENTRIES, ask, patch, put, shown
from tests.cli.importer.networks import acting, imported, written

OF_BATON = {"network_changes", "snapshots", "departures", "departure_leads"}
"""Tables of the network that nobody fills: what Baton notes about it."""


def test_no_kind_is_missing_on_the_way() -> None:
    assert {*KINDS} == {*FORMS} == {*SHEETS} == {*EntryKind} == {*ENTRIES}
    for kind in KINDS.values():
        fields = {one.field.partition("/")[0] for one in SHEETS[kind.name].columns}
        assert fields == {CODE, *(one.name for one in kind.fields)} == {CODE, *FORMS[kind.name].whole.model_fields}


def test_every_table_of_the_network_is_a_kind() -> None:
    own = {
        one.__tablename__
        for one in vars(network).values()
        if isinstance(one, type) and issubclass(one, Base) and one.__module__ == network.__name__
    }
    assert own - OF_BATON == {kind.table.name for kind in KINDS.values()}
    assert models.Absence.__tablename__ in own


@pytest.mark.parametrize("kind", ENTRIES)
async def test_what_the_api_keeps_a_file_keeps_and_the_other_way_round(desk: Desk, tmp_path: Path, kind: str) -> None:
    code, fields, change = ENTRIES[kind]
    path = f"{kind}/{code}"
    # given an entry that came by the API, written to a file
    assert (await put(desk, path, fields)).status_code == 201
    entry = await shown(desk, path)
    acting(desk)
    network = await door.everything(desk.http)
    only = {one: [row for row in network[one] if (one, row["code"]) == (kind, code)] for one in SHEETS}
    writing.write(tmp_path / "network", only)
    # then the file changes nothing, brings it back when it is gone, and undoes a change
    for before, verdict in ((None, "unchanged"), ("DELETE", "created"), ("PATCH", "changed")):
        if before == "DELETE":
            assert (await ask(desk, "DELETE", path)).status_code == 200
        elif before == "PATCH":
            assert (await patch(desk, path, change)).status_code == 200
        (line,) = (await imported(desk, tmp_path / "network")).lines
        assert (line.code, line.verdict, line.reason) == (code, verdict, "")
        assert await shown(desk, path) == entry


async def test_a_file_of_absences_and_addresses_needs_no_codes(desk: Desk, tmp_path: Path) -> None:
    lead = await desk.at_consultant("BJ01-C1")
    done = await imported(
        desk,
        written(
            tmp_path / "network",
            请假="工号,开始时间,结束时间,假别\nBJ01-C1,2026-11-21 16:00,2026-11-28 16:00,年假\n",
            联系方式="工号,邮箱\nBJ01-M1,m1@example.com\n",
        ),
    )
    assert [(one.code, one.verdict) for one in done.lines] == [
        ("BJ01-C1-20261121", "created"),
        ("BJ01-M1-mail", "created"),
    ]
    assert await desk.rows("SELECT 1 FROM timeline WHERE case_id = :lead AND code = 'redistributed_absent'", lead=lead)
    reached = await ask(desk, "GET", "staff/BJ01-M1/contact-points")
    assert reached.json()["addresses"] == {"mail": "m1@example.com"}
    assert "m1@" not in str(done.lines)
