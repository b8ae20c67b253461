"""``baton import``: the day's file goes through the API's door, a verdict and a reason per row
(A2)."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from cli.importer import results, run
from cli.importer.patience import LONGEST, asked_pause
from cli.importer.reading import read
from cli.importer.results import Results
from cli.importer.sending import BEFORE
from store.session import Database
from tests.api.conftest import NOW, Desk, deploy, desk_over
from tests.cli.importer.whole import import_file
from tests.servers import free_port
from tests.timetravel import TestClock

DAY = Path(__file__).parents[2] / "data" / "leads_day.csv"


@pytest.fixture
async def desk(network: Database) -> AsyncIterator[Desk]:
    await deploy(network)
    async with desk_over(network, TestClock(NOW)) as desk:
        yield desk


async def test_the_days_file_gets_a_verdict_per_row_and_every_accepted_row_a_process(
    desk: Desk, tmp_path: Path
) -> None:
    sheet = read(DAY)

    imported = await import_file(sheet, desk.http)

    counts = Counter(one.verdict for one in imported.verdicts)
    leads = await desk.rows("SELECT id::text FROM whole_leads")
    told = await desk.rows("SELECT kind, count(*) n FROM outbox GROUP BY kind")
    assert sum(counts.values()) == len(list(sheet.rows)) == 600
    assert counts["created"] == len(leads) == {row["kind"]: row["n"] for row in told}["lead_created"]
    assert counts["created"] > 400
    assert counts["duplicate"] > 50
    assert {one.lead_id for one in imported.verdicts if one.verdict == "created"} == {row["id"] for row in leads}
    assert all(one.reason and one.codes for one in imported.verdicts)
    rejected = Counter(code for one in imported.verdicts if one.verdict == "rejected" for code in one.codes)
    assert set(rejected) == {"test_number", "test_name", "contact_missing", "contact_malformed"}

    out = tmp_path / "result.csv"
    Results(out, sheet.headings).add(imported.verdicts)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 601
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


async def test_the_same_file_again_starts_nothing_twice(desk: Desk) -> None:
    sheet = read(DAY)
    first = await import_file(sheet, desk.http)

    again = await import_file(sheet, desk.http)

    assert (again.again, first.again) == (True, False)
    assert [(one.verdict, one.lead_id, one.codes) for one in again.verdicts] == [
        (one.verdict, one.lead_id, one.codes) for one in first.verdicts
    ]
    assert {one.reason.startswith(BEFORE) for one in again.verdicts} == {True}
    assert len(await desk.rows("SELECT 1 FROM submissions")) == 600


async def test_when_the_api_goes_away_the_rest_is_said_not_to_be_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.importer.sending.FIRST_PAUSE", 0.0)
    answered = 0

    async def falters(request: httpx.Request) -> httpx.Response:
        nonlocal answered
        answered += 1
        if answered > 4:
            raise httpx.ConnectError("gone")
        sent = await desk.http.request(
            request.method, request.url.path, content=request.content, headers=dict(request.headers)
        )
        return httpx.Response(sent.status_code, content=sent.content)

    async with httpx.AsyncClient(transport=httpx.MockTransport(falters), base_url="http://baton") as client:
        imported = await import_file(read(DAY), client)

    counts = Counter(one.verdict for one in imported.verdicts)
    assert counts["not_sent"] == 450
    assert "does not answer" in imported.failure


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_api_is_asked_again_when_it_said(desk: Desk, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    pauses, busy = list[float](), [status]

    async def waits(seconds: float) -> None:
        pauses.append(seconds)

    async def answers(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and busy:
            return httpx.Response(busy.pop(), json={"detail": "busy"}, headers={"Retry-After": "7"})
        sent = await desk.http.request(
            request.method, request.url.path, content=request.content, headers=dict(request.headers)
        )
        return httpx.Response(sent.status_code, content=sent.content)

    monkeypatch.setattr("cli.importer.sending.asyncio.sleep", waits)
    async with httpx.AsyncClient(transport=httpx.MockTransport(answers), base_url="http://baton") as client:
        imported = await import_file(read(DAY), client)

    assert pauses == [7.0]
    assert "not_sent" not in {one.verdict for one in imported.verdicts}


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, 0.0),
        ("", 0.0),
        ("7", 7.0),
        ("0", 0.0),
        ("86400", LONGEST),
        ("-3", 0.0),
        ("1.5", 0.0),
        ("٣", 0.0),
        ("soon", 0.0),
        ("Sat, 21 Nov 2026 08:00:09 GMT", 9.0),
        ("Sat, 21 Nov 2026 07:00:00 GMT", 0.0),
    ],
)
def test_how_long_an_answer_asks_to_wait(said: str | None, seconds: float) -> None:
    answer = httpx.Response(503, headers={} if said is None else [(b"retry-after", said.encode())])

    assert asked_pause(answer, NOW) == seconds


@pytest.mark.parametrize("name", ["absent.csv", "."])
def test_a_problem_is_one_line_and_an_exit_code(tmp_path: Path, name: str) -> None:
    screen = io.StringIO()

    code = run(tmp_path / name, "http://127.0.0.1:1", console=Console(file=screen, width=300))

    assert (code, screen.getvalue().count("\n")) == (1, 1)


def test_an_api_that_does_not_run_is_one_line_too(tmp_path: Path) -> None:
    screen = io.StringIO()
    out = tmp_path / "result.csv"

    code = run(DAY, f"http://127.0.0.1:{free_port()}", out=out, console=Console(file=screen, width=300))

    assert (code, screen.getvalue().strip().count("\n")) == (1, 0)
    assert "make run" in screen.getvalue()
    assert not out.exists()


# -- interrupted and resumed ---------------------------------------------------------------------


@dataclass
class Door:
    """An API that takes so many batches, then is away; of some its answer is lost. It keeps what it
    was sent."""

    takes: int = 1_000_000
    loses: int = 0
    bodies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    replayed: int = 0
    says: dict[str, Any] = field(default_factory=dict)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/health/ready":
            return httpx.Response(200, json={})
        if len(self.bodies) >= self.takes:
            raise httpx.ConnectError("gone")
        key, sent = request.headers["idempotency-key"], json.loads(request.content)["leads"]
        again = key in self.bodies
        self.replayed += again
        assert self.bodies.setdefault(key, sent) == sent
        if self.loses:
            self.loses -= 1
            raise httpx.ReadError("the answer was lost")
        plain = {"verdict": "created", "reactivated": False, "problems": []}
        rows = [plain | {"lead_id": lead["phone"]} | self.says for lead in sent]
        return httpx.Response(200, json={"rows": rows}, headers={"idempotency-replayed": "true"} if again else {})

    def phones(self) -> list[str]:
        return [lead["phone"] for leads in self.bodies.values() for lead in leads]


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    door = Door()
    client = httpx.AsyncClient

    def through(**settings: Any) -> httpx.AsyncClient:
        settings.pop("trust_env", None)
        return client(**settings, transport=httpx.MockTransport(door.answer))

    monkeypatch.setattr("cli.importer.command.httpx.AsyncClient", through)
    monkeypatch.setattr("cli.importer.sending.FIRST_PAUSE", 0.0)
    return door


def leads_file(folder: Path, count: int) -> Path:
    path = folder / "leads.csv"
    lines = (f"王{number},{13900000000 + number},x,红色\n" for number in range(count))
    path.write_text("姓名,手机,渠道,备注\n" + "".join(lines), encoding="utf-8")
    return path


def result_of(path: Path) -> list[list[str]]:
    with results.beside(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("concurrency", [1, 4])
def test_an_interrupted_import_goes_on_where_it_stopped(tmp_path: Path, door: Door, concurrency: int) -> None:
    path, screen = leads_file(tmp_path, 730), Console(file=io.StringIO(), width=200)
    door.takes = 6

    first = run(path, "http://baton", console=screen, concurrency=concurrency)
    half = result_of(path)
    door.takes = 1_000_000
    second = run(path, "http://baton", console=screen, concurrency=concurrency)

    assert (first, second) == (1, 0)
    assert [row[1] for row in half[1:]].count("未发送") == 730 - 6 * 50
    assert [row[3] for row in result_of(path)[1:]] == [str(13900000000 + number) for number in range(730)]
    assert sorted(door.phones()) == sorted(row[3] for row in result_of(path)[1:])
    assert door.replayed == 0
    assert [one.name for one in tmp_path.iterdir() if "journal" in one.name] == []


def test_a_file_that_changed_is_begun_anew_and_equal_batches_are_recognised(tmp_path: Path, door: Door) -> None:
    path, said = leads_file(tmp_path, 300), io.StringIO()
    screen = Console(file=said, width=200)
    door.takes = 4
    run(path, "http://baton", console=screen)
    door.takes = 1_000_000
    path.write_text(path.read_text(encoding="utf-8").replace("王299", "李299"), encoding="utf-8")

    assert run(path, "http://baton", console=screen) == 0

    assert (len(result_of(path)), door.replayed) == (301, 4)
    assert [row[2].startswith(BEFORE) for row in result_of(path)[1:]] == [True] * 200 + [False] * 100
    assert "200 rows were imported before" in said.getvalue()


def test_a_row_whose_answer_was_lost_was_not_imported_before(tmp_path: Path, door: Door) -> None:
    path, screen = leads_file(tmp_path, 60), io.StringIO()
    door.loses = 1

    assert run(path, "http://baton", console=Console(file=screen, width=200)) == 0

    assert door.replayed == 1
    assert {row[2] for row in result_of(path)[1:]} == {"新线索，流程已启动"}
    assert "imported before" not in screen.getvalue()


def test_the_same_content_in_another_file_is_the_same_batch_but_not_further_down_in_one(
    tmp_path: Path, door: Door
) -> None:
    path, screen = leads_file(tmp_path, 100), Console(file=io.StringIO(), width=200)
    text = path.read_text(encoding="utf-8")
    run(path, "http://baton", console=screen)
    path.write_text("2026年11月线索\n" + text + text.partition("\n")[2], encoding="utf-8")

    assert run(path, "http://baton", console=screen) == 0

    assert (door.replayed, len(door.bodies), len(result_of(path))) == (2, 4, 201)


def test_what_was_not_understood_stands_in_the_result(tmp_path: Path, door: Door) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(
        "手机,渠道,试驾,颜色\n1398,x,嗯嗯,红\n1399,x,\xff,红\n合计,,,\n".encode().replace("\xff".encode(), b"\xff")
    )
    screen = io.StringIO()

    code = run(path, "http://baton", console=Console(file=screen, width=200))

    (_, taken, refused), said = result_of(path), screen.getvalue()
    assert code == 0
    assert (taken[:2], refused[:2]) == (["2", "新建"], ["3", "拒绝"])
    assert "试驾：“嗯嗯”" in taken[2]
    assert "line 3, column 3" in refused[2]
    assert "忽略的列 ignored columns: 颜色" in said
    assert "totals 1" in said


@pytest.mark.parametrize(
    ("said", "verdict", "reason"),
    [
        ({"verdict": "duplicate", "code": "already_taken"}, "重复", "该线索此前已收到，未作改动"),
        ({"verdict": "duplicate", "code": "stated_before_end"}, "重复", "为线索结束之前的旧信息，未作改动"),
        (
            {
                "verdict": "created",
                "unread": [{"field": "stated_at", "message": "读不懂", "cure": "", "code": "unreadable"}],
            },
            "新建",
            "新线索，流程已启动；留资时间：读不懂",
        ),
    ],
)
def test_the_result_says_what_the_api_said(
    tmp_path: Path, door: Door, said: dict[str, Any], verdict: str, reason: str
) -> None:
    door.says = said
    path, screen = leads_file(tmp_path, 1), io.StringIO()

    run(path, "http://baton", console=Console(file=screen, width=200))

    assert result_of(path)[1][1:3] == [verdict, reason]
    assert said.get("code", "accepted") in screen.getvalue()


@pytest.mark.parametrize(
    ("said", "sent"), [("maker.app", ["maker.app"]), ("厂商 / 垂直媒体/懂车帝", ["厂商", "垂直媒体", "懂车帝"])]
)
def test_a_channel_can_be_given_for_rows_that_name_none(tmp_path: Path, door: Door, said: str, sent: list[str]) -> None:
    path, screen = tmp_path / "leads.csv", io.StringIO()
    path.write_text("手机,渠道\n13911662097,\n13911662098,易车\n", encoding="utf-8")
    bare = tmp_path / "bare.csv"
    bare.write_text("手机\n13911662099\n", encoding="utf-8")
    console = Console(file=screen, width=200)

    assert run(path, "http://baton", console=console, channel=said) == 0
    assert run(bare, "http://baton", console=console) == 1
    assert run(bare, "http://baton", console=console, channel=said) == 0

    (first, second), (third,) = door.bodies.values()
    assert [first["channel"], second["channel"], third["channel"]] == [sent, "易车", sent]
    assert "--channel" in screen.getvalue()


def test_a_long_file_is_read_in_little_memory(tmp_path: Path) -> None:
    path = leads_file(tmp_path, 50_000)
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(path).rows)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 50_000
    assert most < 2**24
