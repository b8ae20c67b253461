"""A network's rows are taken one by one: verdicts, options, who may."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from cli.importer.network import door, writing
from cli.importer.network.command import carry, run_import, summarise
from cli.importer.network.kinds import SHEETS
from cli.importer.network.reading import Network, read
from cli.importer.problems import ImportProblem
from tests.api.conftest import Desk
from tests.cli.importer.networks import TWO, acting, entry, imported, verdicts, written

WEEK = "周一,周二,周三,周四,周五,周六,周日"


async def test_a_row_that_is_wrong_costs_that_row(desk: Desk, files: Path) -> None:
    done = await imported(desk, written(files, dealers=TWO))
    assert verdicts(done) == [("N1", "created"), ("N2", "refused")]
    assert "大区" in done.lines[1].reason and "没有这个大区" in done.lines[1].reason
    assert (await entry(desk, "dealers/N1"))["region"] == "NORTH"


@pytest.mark.parametrize("text", [TWO, TWO.replace("月球区", "华北区").replace("北京\n", "北京,x\n") + "N3,,,\n"])
async def test_or_all_of_them_where_that_is_wanted(desk: Desk, files: Path, text: str) -> None:
    done = await imported(desk, written(files, dealers=text), all_or_nothing=True)
    assert not done.applied and "refused" in dict(verdicts(done)).values()
    assert await entry(desk, "dealers/N1") is None


async def test_a_dry_run_says_what_would_change_and_changes_nothing(desk: Desk, files: Path) -> None:
    text = "经销商编码,经销商名称,大区,城市,日容量\nBJ01,北京翔鹰斯巴鲁4S店,NORTH,北京,66\nN1,新店,NORTH,北京,\n"
    done = await imported(desk, written(files, dealers=text), dry_run=True)
    assert verdicts(done) == [("BJ01", "changed"), ("N1", "created")]
    assert done.lines[0].changes == "日容量: 40 → 66" and not done.applied
    assert (await entry(desk, "dealers/BJ01"))["daily_capacity"] == 40
    assert await entry(desk, "dealers/N1") is None
    assert await desk.rows("SELECT 1 FROM network_changes WHERE by <> 'system'") == []


@pytest.mark.parametrize(
    ("option", "others", "owner"),
    [
        ("dry_run", "", "BJ01-C1"),
        ("all_or_nothing", "P1,周周,顾问,NOWHERE,\n", "BJ01-C1"),
        ("all_or_nothing", "", "another"),
    ],
)
async def test_only_what_is_written_gives_the_leads_of_who_leaves_to_others(
    desk: Desk, files: Path, option: str, others: str, owner: str
) -> None:
    lead = await desk.at_consultant("BJ01-C1")
    text = f"工号,姓名,角色,经销商,在职\nBJ01-C1,李晓东,顾问,BJ01,离职\n{others}"
    done = await imported(desk, written(files, staff=text), **{option: True})
    assert done.applied is (owner == "another")
    query = "SELECT s.code FROM whole_leads l JOIN staff s ON s.id = l.owner_id WHERE l.id = :lead"
    (row,) = await desk.rows(query, lead=lead)
    assert (row["code"] == "BJ01-C1") is (owner == "BJ01-C1")
    told = await desk.rows("SELECT 1 FROM timeline WHERE case_id = :lead AND code LIKE 'redistributed_%'", lead=lead)
    assert bool(told) is done.applied


async def test_what_a_file_does_not_say_stays_as_it_is(desk: Desk, files: Path) -> None:
    before = await entry(desk, "dealers/BJ01")
    done = await imported(desk, written(files, dealers="经销商编码,日容量,认证\nBJ01,,\n"))
    assert done.lines[0].changes == '认证: ["nev"] → []'  # an empty list is said, an empty number is not
    assert await entry(desk, "dealers/BJ01") == before | {"certificates": []}


async def test_rows_may_need_each_other_in_any_order_and_kind(desk: Desk, files: Path) -> None:
    done = await imported(
        desk,
        written(
            files,
            staff="工号,姓名,角色,经销商,擅长车型,认证\nP1,周周,顾问,月球一店,月车,space\n",
            dealers="门店编码,门店名称,大区,城市\nM1,月球一店,月球区,静海\n",
            models="车型编码,车型名称,指导价,所需认证\nmoon,月车,1000000,space\n",
            channels="渠道编码,渠道名称,上级渠道\nm.l.a,月报,m.l\nm.l,月媒,maker\n",
            cities="城市,大区\n静海,月球区\n",
            regions="大区编码,大区名称\nMOON,月球区\n",
        ),
    )
    assert {one.verdict for one in done.lines} == {"created"}, done.lines
    person = await entry(desk, "staff/P1")
    assert (person["dealer"], person["region"], person["skills"]) == ("M1", "MOON", ["moon"])
    assert (await entry(desk, "channels/m.l.a"))["side"] == "maker"


@pytest.mark.parametrize("missing", [False, True])
async def test_who_is_missing_becomes_inactive_only_when_that_is_wanted(desk: Desk, files: Path, missing: bool) -> None:
    network = await door.everything(acting(desk))
    kept = {"dealers": [one for one in network["dealers"] if one["code"] != "BJ02"]}
    lead = await desk.at_consultant("BJ02-C1")
    writing.write(files, {kind: kept.get(kind, []) for kind in SHEETS})
    done = await imported(desk, files, deactivate_missing=missing)
    assert (await entry(desk, "dealers/BJ02"))["active"] is not missing
    changed = [one for one in done.lines if one.verdict == "changed"]
    assert [(one.code, one.number) for one in changed] == ([("BJ02", None)] if missing else [])
    assert not missing or "1 条在办线索" in changed[0].reason
    assert (await entry(desk, "staff/BJ02-C1"))["active"] is True  # of another sheet
    assert lead


@pytest.mark.parametrize("text", [TWO, "经销商编码,日容量\nBJ01,很多\nBJ02,40\n"])
async def test_where_a_row_was_refused_nobody_is_taken_for_missing(desk: Desk, files: Path, text: str) -> None:
    await imported(desk, written(files, dealers=text), deactivate_missing=True)
    assert await desk.rows("SELECT code FROM dealers WHERE NOT active") == []


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ("N1,一店,华北区,北京\nN1,一店,华北区,北京\n", ["created", "refused"]),
        ("N 1,一店,华北区,北京\n", ["refused"]),
        (",一店,华北区,北京\n", ["refused"]),
        ("N1,,华北区,北京\n", ["refused"]),
    ],
)
async def test_what_a_row_has_to_have(desk: Desk, files: Path, rows: str, verdict: list[str]) -> None:
    done = await imported(desk, written(files, dealers=f"经销商编码,经销商名称,大区,城市\n{rows}"))
    assert [one.verdict for one in done.lines] == verdict
    assert all(one.reason for one in done.lines if one.verdict == "refused")


async def test_channels_retire_with_those_above_them_in_one_file(desk: Desk, files: Path) -> None:
    text = "渠道编码,在用\nmaker.portal,停用\nmaker.portal.sina,停用\nmaker.portal.sohu,停用\n"
    done = await imported(desk, written(files, channels=text))
    assert {one.verdict for one in done.lines} == {"changed"}, done.lines
    back = await imported(desk, written(files, channels=text.replace("停用", "启用")))
    assert {one.verdict for one in back.lines} == {"changed"}, back.lines


async def test_only_head_office_may(desk: Desk, files: Path) -> None:
    network = read(written(files, dealers=TWO))
    options = {"dry_run": False, "all_or_nothing": False, "deactivate_missing": False}
    for by in ("BJ01-M1", "NOBODY"):
        with pytest.raises(ImportProblem):
            await carry(acting(desk, by), network, **options)
    assert await entry(desk, "dealers/N1") is None


def test_without_an_api_it_costs_one_line(files: Path) -> None:
    screen = io.StringIO()
    code = run_import(written(files, dealers=TWO), "http://127.0.0.1:9", "HQ-01", console=Console(file=screen))
    assert code == 1 and screen.getvalue().count("\n") == 1 and "make run" in screen.getvalue()


async def test_the_summary_counts_by_sheet(desk: Desk, files: Path) -> None:
    screen = io.StringIO()
    network: Network = read(written(files, dealers=TWO))
    done = await imported(desk, files, dry_run=True)
    summarise(Console(file=screen, width=100), network, done, Path("n.result.csv"), dry_run=True)
    (row,) = [line for line in screen.getvalue().splitlines() if "经销商 dealers" in line]
    assert row.split("│")[1:-1] and [cell.strip() for cell in row.split("│")[2:-1]] == ["1", "0", "0", "1"]
    assert "试运行" in screen.getvalue()


async def test_a_week_in_a_file_is_told_day_by_day(desk: Desk, files: Path) -> None:
    """What is wrong, and what is different, by the name of the day's column."""
    text = f"适用对象,经销商,生效日,{WEEK}\n经销商,BJ01,2026-12-01,09:00-08:00,,,,,09:00-12:00 11:00-13:00,\n"
    (bad,) = (await imported(desk, written(files, hours=text))).lines
    assert bad.verdict == "refused" and "周一：" in bad.reason and "周六：" in bad.reason
    for monday, verdict in (("09:00-18:00", "created"), ("", "changed")):
        text = f"适用对象,经销商,生效日,{WEEK}\n经销商,BJ01,2026-12-01,{monday},10:00-16:00,,,,,\n"
        (one,) = (await imported(desk, written(files, hours=text))).lines
        assert (one.code, one.verdict) == ("dealer-BJ01-2026-12-01", verdict)
    assert one.changes == "周一: 09:00-18:00 → –"
