"""``baton table``: people check decision tables at the keyboard."""

from __future__ import annotations

import asyncio
from pathlib import Path

from typer.testing import CliRunner

import rules
from cases.actors import EVERYTHING, SYSTEM
from cli.app import app
from store.session import Database
from store.tables import definitions
from tests.api.conftest import NOW
from tests.cli.commands.conftest import Keyboard
from tests.rules.drawing import drawn

EXAMPLE = (
    '<baton:example name="five"><baton:given name="n">5</baton:given>'
    '<baton:expect name="out">{}</baton:expect></baton:example>'
)


def checked(*files: Path) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["table", "check", *map(str, files)])
    return result.exit_code, result.output.splitlines()


def compared(*what: Path | str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["table", "diff", *map(str, what)])
    return result.exit_code, result.output.splitlines()


def written(folder: Path, content: bytes) -> Path:
    file = folder / "draft.dmn"
    file.write_bytes(content)
    return file


def test_shipped_tables_can_be_deployed() -> None:
    some = rules.shipped()[:3]  # tests/policy reviews all of them

    code, lines = checked(*some)

    assert (code, [line for line in lines if "can be deployed" not in line]) == (0, [])
    assert len(lines) == len(some)


def test_a_warning_is_said_and_does_not_stop(tmp_path: Path) -> None:
    file = written(tmp_path, drawn([("n", "number")], [["> 5", "1"]]))

    assert checked(file) == (
        0,
        [
            f"{file}: drawn: no row covers n = 0. Add a row for it, or a default output. [gap, warning]",
            f"{file}: drawn can be deployed",
        ],
    )


def test_an_error_names_the_rows_line(tmp_path: Path) -> None:
    file = written(tmp_path, drawn([("n", "number")], [["-", "1"], ["> 5", "2"]]))

    code, (line,) = checked(file)

    assert code == 1
    assert line.startswith(f"{file}:1: drawn: rows 1 (r1) and 2 (r2) both apply to n = ") and line.endswith("[overlap]")


def test_examples_are_tried(tmp_path: Path) -> None:
    row = [["-", "1"]]

    held = checked(written(tmp_path, drawn([("n", "number")], row, examples=EXAMPLE.format(1))))
    broken = checked(written(tmp_path, drawn([("n", "number")], row, examples=EXAMPLE.format(2))))

    assert held == (0, [f"{tmp_path}/draft.dmn: drawn can be deployed"])
    assert broken[0] == 1 and "example five" in broken[1][0] and "out is 1 instead of 2" in broken[1][0]


def test_a_file_that_is_refused(tmp_path: Path) -> None:
    code, lines = checked(written(tmp_path, b"<no/>"), tmp_path / "nowhere.dmn")

    assert (code, len(lines)) == (1, 2)
    assert "this is no DMN 1.3, 1.4 or 1.5 file" in lines[0] and "nowhere.dmn cannot be read" in lines[1]


def test_what_code_needs_of_a_table_is_checked(tmp_path: Path) -> None:
    pool = next(path for path in rules.shipped() if path.stem == "pool").read_bytes()

    code, (*_, line) = checked(written(tmp_path, pool.replace(b"<text>24</text>", b"<text>0</text>")))

    assert code == 1
    assert line.startswith(f"{tmp_path}/draft.dmn:") and line.endswith(
        "pool: “keep_hours” is 0, which Baton does not understand. "
        "Give a number; these are understood: (0..87600]. [output_not_understood]"
    )


# -- comparing -----------------------------------------------------------------------------------


def test_two_files_differ_cell_by_cell(tmp_path: Path) -> None:
    old, new = tmp_path / "old.dmn", tmp_path / "new.dmn"
    old.write_bytes(drawn([("n", "number")], [["< 5", "1"], [">= 5", "2"]], examples=EXAMPLE.format(2)))
    rows = [["< 5", "1"], [">= 5", "3"], ["null", "-1"]]
    new.write_bytes(drawn([("n", "number")], rows, hit="FIRST", examples=EXAMPLE.format(3)))

    assert compared(old, new) == (
        0,
        [
            "drawn: ~ hitPolicy UNIQUE → FIRST",
            "drawn: + row r3 (3): n null, out -1",
            "drawn: ~ row r2 (2), out: 2 → 3",
            'drawn: ~ example "five": expect out 2 → 3',
        ],
    )
    assert compared(old, old) == (0, ["drawn: nothing differs"])


def test_files_that_cannot_be_compared(tmp_path: Path) -> None:
    file = written(tmp_path, b"<no/>")

    assert compared(file, file)[0] == 1
    endless = written(tmp_path, drawn([("n", "number")], [["-", "count(for i in 1..100000000 return i)"]]))
    assert compared(endless, endless)[0] == 1
    assert compared("price-tier", "1") == (1, ["baton: price-tier cannot be read (No such file or directory)"])
    assert compared("pool", "1", "2", "3")[1] == [
        "baton: what shall be compared?: give KEY OLD NEW, or two files",
    ]


async def test_two_published_versions_differ_cell_by_cell(served: Keyboard, network: Database) -> None:
    shipped = next(path for path in rules.shipped() if path.stem == "price-tier").read_bytes()
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        dearer = shipped.replace(b"<text>500</text>", b"<text>600</text>")
        await definitions.publish_table(tx, "price-tier", "价位", dearer, NOW, "staff:1")

    code, lines = await asyncio.to_thread(compared, "price-tier", "1", "2", "--url", served.url)

    assert (code, lines) == (0, ["price-tier: ~ row tier-middle (2), incentive: 500 → 600"])
