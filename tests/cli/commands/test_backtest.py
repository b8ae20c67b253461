"""``baton backtest``: an operator tries a file on the past of a database, without an API or a
worker."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from store.session import Database
from tests.api.conftest import NOW
from tests.domain.policy.pasts import draft
from tests.rules.drawing import drawn
from tests.store.decided import SHORTER_A, graded

DAYS = ("--since", "2026-11-01", "--until", "2026-11-10")


async def typed(database: Database, monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> Result:
    monkeypatch.setenv("BATON_DATABASE_URL", database.url)
    monkeypatch.setattr("server.backtests.MOST_PROCESSES", 1)  # a second one would only start up beside it
    monkeypatch.setattr("cases.clock.SystemClock.now", lambda clock: NOW)
    return await asyncio.to_thread(CliRunner().invoke, app, ["backtest", *map(str, words)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "grade.dmn"
    path.write_bytes(draft("grade", SHORTER_A))
    return path


async def test_totals_are_printed_and_changes_written(
    database: Database, monkeypatch: pytest.MonkeyPatch, file: Path, tmp_path: Path
) -> None:
    leads = await graded(database, 9, 12, 14)
    out = tmp_path / "changes.csv"

    said = await typed(database, monkeypatch, file, *DAYS, "--out", out)

    assert said.exit_code == 0, said.output
    first, *rest = said.stdout.splitlines()
    assert first.startswith("grade: 3 decisions about 3 leads made again, 0 more in consequence (")
    assert rest == [
        "leads that would have fared otherwise: 2 (changes: grade 2)",
        "grade: A → B: 2",
        f"{out}: 2 changes",
    ]
    _, *lines = out.read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == [str(lead) for lead in leads[1:]]


async def test_what_cannot_be_tried_is_one_line_with_a_cure(
    database: Database, monkeypatch: pytest.MonkeyPatch, file: Path, tmp_path: Path
) -> None:
    await graded(database, 12)
    asks = tmp_path / "asks.dmn"
    asks.write_bytes(draft("grade").replace(b"horizon_days", b"age"))
    wrong = tmp_path / "wrong.dmn"
    wrong.write_text("<xml/>")
    endless = tmp_path / "endless.dmn"
    endless.write_bytes(drawn([("n", "number")], [["-", "count(for i in 1..100000000 return i)"]]))
    for words, meant in (
        ((file, "--since", "2026-11-10", "--until", "2026-11-01"), "the period ends before it begins"),
        ((file, "--since", "2026-11-10", "--until", "2999-11-01"), "the period lies in the future"),
        ((file, "--since", "2999-01-01"), "the period ends before it begins"),  # which is now
        ((file, "--since", "someday", "--until", "2026-11-01"), "--since someday is no date"),
        ((file, "--since", "2026-01-01", "--until", "2026-01-02"), "grade decided nothing in this period"),
        ((asks, *DAYS), "past decisions did not keep age"),
        ((wrong, *DAYS), "wrong.dmn cannot be read"),
        ((endless, *DAYS), "endless.dmn cannot be read"),
        ((file, *DAYS, "--table", "other"), "holds grade: name one of these with --table"),
    ):
        said = await typed(database, monkeypatch, *words)
        assert (said.exit_code, len(said.stderr.splitlines())) == (1, 1), said.stderr
        assert meant in said.stderr
