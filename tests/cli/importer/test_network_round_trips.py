"""What is written of a network is read as it was: templates, exports, one Baton set up from
another."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rich.console import Console

from cases.actors import EVERYTHING, SYSTEM
from cli.importer.network import door, writing
from cli.importer.network.cells import CELLS
from cli.importer.network.command import write_template
from cli.importer.network.kinds import SHEETS
from cli.importer.network.reading import read
from cli.importer.problems import ImportProblem
from store import setup
from store.network import groundwork
from store.session import Database
from tests.api.conftest import NOW, Desk, deploy, desk_over
from tests.cli.importer.networks import acting, imported, written
from tests.timetravel import TestClock


@pytest.mark.parametrize("name", ["template.xlsx", "template"])
def test_a_template_has_every_column_and_an_example_that_is_not_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    screen = Console(file=io.StringIO())
    assert write_template(path, screen) == 0
    assert write_template(path, screen) == 1  # nothing is written over
    with pytest.raises(ImportProblem, match="没有数据"):
        read(path)


@pytest.mark.parametrize("kind", SHEETS)
def test_the_example_of_a_template_can_be_read(files: Path, kind: str) -> None:
    sheet = SHEETS[kind]
    rows = io.StringIO()
    csv.writer(rows).writerows([[one.heading for one in sheet.columns], [one.example for one in sheet.columns]])
    (row,) = read(written(files, **{kind.replace("-", "_"): rows.getvalue()})).rows
    assert row.problem == "" and row.code == sheet.columns[0].example


NAMES = st.text(
    st.characters(blacklist_categories=["C", "Z"], blacklist_characters="'‘’"), min_size=1, max_size=12
).filter(lambda name: name[0] not in '"“”' and not name.startswith("示例"))
FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "text": NAMES,
    "optional": st.none() | NAMES,
    "words": st.just("") | NAMES,
    "given": NAMES,
    "way": st.just("mail"),
    "number": st.integers(0, 100_000),
    "degrees": st.none() | st.floats(-90, 90, allow_nan=False),
    "flag": st.booleans(),
    "list": st.lists(NAMES, max_size=4, unique=True),
    "weekdays": st.lists(st.integers(1, 7), max_size=7, unique=True).map(sorted),
    "instant": st.integers(978_307_200, 4_070_908_800).map(lambda at: datetime.fromtimestamp(at, UTC).isoformat()),
    "intervals": st.lists(st.tuples(st.times(), st.times()), max_size=3).map(
        lambda spans: [[f"{one:%H:%M}" for one in span] for span in spans]
    ),
    "team": st.sampled_from(["dealer", "region", "call_centre", "head_office"]),
    "day": st.dates(date(2001, 1, 1), date(2098, 1, 1)).map(date.isoformat),
    "role": st.sampled_from(["hq", "consultant", "auditor"]),
    "side": st.sampled_from(["maker", "dealer"]),
    "language": st.sampled_from(["zh", "en"]),
}


def together(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as the API has them: a week's seven days are one."""
    week = [value for name, value in fields.items() if name.startswith("hours/")]
    rest = {name: value for name, value in fields.items() if "/" not in name}
    return rest | ({"hours": week} if week else {})


@st.composite
def networks(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    kinds = {id(cell): name for name, cell in CELLS.items()}
    return {
        sheet.kind: [
            together({column.field: draw(FIELDS[kinds[id(column.cell)]]) for column in sheet.columns})
            for _ in range(draw(st.integers(0, 3)))
        ]
        for sheet in SHEETS.values()
    }


@given(network=networks())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_what_is_written_to_a_folder_is_read_as_it_was(network: dict[str, list[dict[str, Any]]]) -> None:
    assert there_and_back(network, "n") == network


@given(network=networks())
# Each sheet is read by a process of its own.
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def test_what_is_written_to_a_workbook_is_read_as_it_was(network: dict[str, list[dict[str, Any]]]) -> None:
    assert there_and_back(network, "n.xlsx") == network


def there_and_back(network: dict[str, list[dict[str, Any]]], name: str) -> dict[str, list[dict[str, Any]]]:
    assume(any(network.values()))
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in SHEETS}
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        writing.write(path, network)
        for row in read(path).rows:
            assert row.problem == ""
            found[row.sheet.kind].append({"code": row.code, **row.values})
    return found


@pytest.mark.parametrize("name", ["network", "network.xlsx"])
async def test_export_then_import_changes_nothing(desk: Desk, tmp_path: Path, name: str) -> None:
    await desk.http.put(
        "/api/v1/closures/c1",
        json={"dealer": "BJ01", "starts_at": "2026-12-01T08:30:15+08:00", "ends_at": "2026-12-03"},
        headers={"Baton-Actor": "HQ-01"},
    )
    before = await door.everything(acting(desk))
    changes = len(await desk.rows("SELECT 1 FROM network_changes"))
    writing.write(tmp_path / name, before)
    done = await imported(desk, tmp_path / name, deactivate_missing=True)
    assert {one.verdict for one in done.lines} == {"unchanged"}, [one for one in done.lines if one.reason][:5]
    assert len(done.lines) == sum(map(len, before.values()))
    assert len(await desk.rows("SELECT 1 FROM network_changes")) == changes


@pytest.fixture
async def bare(database: Database) -> AsyncIterator[Desk]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await groundwork.load(tx)
        await setup.begin(tx, "HQ-01", "王平")
    await deploy(database)
    async with desk_over(database, TestClock(NOW)) as desk:
        yield desk


async def test_a_whole_network_is_set_up_from_a_file_and_again(desk: Desk, bare: Desk, tmp_path: Path) -> None:
    """What one Baton exports sets up another, in one go and whatever the order of the rows."""
    path = tmp_path / "network.xlsx"
    theirs = await door.everything(acting(desk))
    writing.write(path, {kind: list(reversed(entries)) for kind, entries in theirs.items()})
    first = await imported(bare, path)
    assert {one.verdict for one in first.lines} <= {"created", "changed", "unchanged"}, first.lines
    assert {one.verdict for one in (await imported(bare, path)).lines} == {"unchanged"}
    assert await door.everything(acting(bare)) == theirs
    assert (await bare.http.get("/health/ready")).json()["network"] == "ok"
