"""``baton table``: people check decision tables at the keyboard."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

import rules
from cli import app
from tests.rules.drawing import drawn

EXAMPLE = (
    '<baton:example name="five"><baton:given name="n">5</baton:given>'
    '<baton:expect name="out">{}</baton:expect></baton:example>'
)


def checked(*files: Path) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["table", "check", *map(str, files)])
    return result.exit_code, result.output.splitlines()


def written(folder: Path, content: bytes) -> Path:
    file = folder / "draft.dmn"
    file.write_bytes(content)
    return file


def test_shipped_tables_can_be_deployed() -> None:
    code, lines = checked(*rules.shipped())

    assert code == 0
    assert len([line for line in lines if "can be deployed" in line]) == len(rules.shipped())


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
