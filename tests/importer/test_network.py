"""The network in files: read as people write them, written as they are read, taken row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
import xlsxwriter
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rich.console import Console

from importer.network import door, writing
from importer.network.command import Done, carry, run_import, summarise, write_template
from importer.network.kinds import SHEETS, of_name
from importer.network.reading import Network, read
from importer.problems import ImportProblem
from leads.actors import EVERYTHING, SYSTEM
from store import groundwork, setup
from store.session import Database
from tests.api.conftest import NOW, Desk, deploy, desk_over
from tests.timetravel import TestClock


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "network"


def written(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name.replace('_', '-')}.csv").write_text(text, encoding="utf-8")
    return folder


def acting(desk: Desk, by: str = "HQ-01") -> httpx.AsyncClient:
    desk.http.headers["Baton-Actor"] = by
    return desk.http


async def imported(desk: Desk, path: Path, **options: bool) -> Done:
    given = {"dry_run": False, "all_or_nothing": False, "deactivate_missing": False} | options
    return await carry(acting(desk), read(path), **given)  # type: ignore[arg-type]


def verdicts(done: Done) -> list[tuple[str, str]]:
    return [(one.code, one.verdict) for one in done.lines]


async def entry(desk: Desk, path: str) -> Any:
    answer = await desk.http.get(f"/api/v1/{path}")
    return answer.json() if answer.status_code == 200 else None


# -- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dealers", "dealers"), ("经销商", "dealers"), ("经销商 dealers", "dealers"), ("Dealer", "dealers"),
        ("门店", "dealers"), ("staff", "staff"), ("顾问", "staff"), ("车型", "models"),
        ("calendar-days", "calendar-days"),
        ("日历", "calendar-days"), ("说明", None), ("Sheet1", None),
    ],
)  # fmt: skip
def test_a_sheet_is_known_by_its_name(name: str, kind: str | None) -> None:
    found = of_name(name)
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    "text",
    [
        "经销商编码,经销商名称,大区,城市,日容量\nN1,新店,华北区,北京,60\n",
        "门店编码;名称;所属大区;所在城市;日承接量\nN1;新店;华北区;北京;60\n",
        "code\tname\tregion\tcity\tdaily_capacity\nN1\t新店\t华北区\t北京\t60条\n",
        "2026 年网络,,,,\n*经销商编码（必填）,经销商名称(必填),大区,城市,日容量\nN1,新店,华北区,北京,60.0\n",
        '"城市","大区","日容量","名称","编码"\n"北京","华北区","60","新店","N1"\n经销商编码,,,,\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_headings_delimiters_and_encodings_are_read_as_of_leads(files: Path, text: str, encoding: str) -> None:
    files.mkdir()
    (files / "经销商.csv").write_text(text, encoding=encoding)
    row = read(files).rows[0]
    assert (row.code, row.problem) == ("N1", "")
    assert dict(row.values) == {"name": "新店", "region": "华北区", "city": "北京", "daily_capacity": 60}


CELLS = [
    ("dealers", "models", "傲虎、outback，XV；\"A、B\"", ["傲虎", "outback", "XV", "A、B"]),
    ("dealers", "models", "", []),
    ("dealers", "active", "停用", False),
    ("dealers", "active", "√", True),
    ("staff", "rest_days", "周二、周日", [2, 7]),
    ("staff", "rest_days", "星期天 3", [3, 7]),
    ("staff", "role", "店总", "dealer_manager"),
    ("staff", "role", "Consultant", "consultant"),
    ("staff", "dealer", "", None),
    ("models", "price", "199,800元", 199800),
    ("channels", "side", "厂商", "maker"),
    ("closures", "starts_at", "2027/1/1", "2026-12-31T16:00:00+00:00"),
    ("calendar-days", "code", "2027年1月1日", "2027-01-01"),
    ("calendar-days", "working", "放假", False),
    ("hours", "team", "门店", "dealer"),
    ("hours", "valid_from", "2026年10月1日", "2026-10-01"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "field", "cell", "value"), CELLS)
def test_a_cell_means(files: Path, kind: str, field: str, cell: str, value: Any) -> None:
    sheet = SHEETS[kind]
    heading = {column.field: column.heading for column in sheet.columns}
    names = [heading["code"], *([] if field == "code" else [heading[field]])]
    rows = io.StringIO()
    csv.writer(rows).writerows([names, [cell] if field == "code" else ["2027-01-01", cell]])
    row = read(written(files, **{kind.replace("-", "_"): rows.getvalue()})).rows[0]
    assert row.problem == ""
    assert (row.code if field == "code" else row.values[field]) == value


@pytest.mark.parametrize(
    ("kind", "heading", "cell"),
    [
        ("dealers", "日容量", "很多"), ("dealers", "在用", "也许"), ("staff", "休息日", "周八"),
        ("staff", "角色", "老板"),
        ("calendar-days", "上班", "?"), ("closures", "开始", "不久"), ("models", "指导价", "-1"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_costs_its_row_and_says_which(
    files: Path, kind: str, heading: str, cell: str
) -> None:
    code = SHEETS[kind].columns[0].heading
    text = f"{code},{heading}\n2027-01-01,{cell}\n2027-01-02,\n"
    first, second = read(written(files, **{kind.replace("-", "_"): text})).rows
    assert heading in first.problem and cell in first.problem and first.number == 2
    assert second.problem == ""


WEEK = "周一,周二,周三,周四,周五,周六,周日"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("08:30-12:00 13:30-18:00", [["08:30", "12:00"], ["13:30", "18:00"]]),
        ("8：30～12：00、13:30 至 18:00", [["08:30", "12:00"], ["13:30", "18:00"]]),
        ("9:00:00 – 24:00", [["09:00", "24:00"]]),
        ("休息", []),
        ("", []),
    ],
)
def test_a_week_has_a_column_a_day(files: Path, cell: str, day: Any) -> None:
    rows = io.StringIO()
    names = ["适用对象", "经销商", "生效日", *WEEK.split(",")]
    csv.writer(rows).writerows([names, ["经销商", "BJ01", "2026-10-01", *[cell] * 6, "10:00-16:00"]])
    (row,) = read(written(files, hours=rows.getvalue())).rows
    assert (row.problem, row.code) == ("", "dealer-BJ01-2026-10-01")
    assert row.values["hours"] == [day] * 6 + [[["10:00", "16:00"]]]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        (
            "hours",
            f"适用对象,经销商,生效日,{WEEK}\n经销商,广州 (天河) 店,2026-10-01,8:00-9:00,,,,,,\n",
            "dealer-广州天河店-2026-10-01",
        ),
        ("closures", "经销商,开始,结束\n广州 (天河) 店,2026-10-01,2026-10-02\n", "广州天河店-20261001"),
    ],
)
def test_a_code_that_is_made_of_a_name_has_no_signs_that_codes_have_not(
    files: Path, name: str, text: str, code: str
) -> None:
    (row,) = read(written(files, **{name: text})).rows
    assert (row.problem, row.code) == ("", code)


def test_a_week_lacks_no_day(files: Path) -> None:
    (row,) = read(written(files, hours="适用对象,生效日,周一,周二\n总部,2026-10-01,09:00-18:00,\n")).rows
    assert "周三、周四、周五、周六、周日" in row.problem


@pytest.mark.parametrize("cell", ["上午", "09:00", "09:00-", "9-18", "09:00-12:00-13:00"])
def test_a_day_that_cannot_be_read_is_named(files: Path, cell: str) -> None:
    (row,) = read(written(files, hours=f"适用对象,生效日,{WEEK}\n总部,2026-10-01,,,{cell},,,,\n")).rows
    assert "周三" in row.problem and cell in row.problem


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


def test_of_a_workbook_each_sheet_is_a_kind_and_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "network.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in {
            "说明": [["请填写"]],
            "大区": [["大区编码", "大区名称"], ["R1", "一区"]],
            "人员 staff": [["工号", "姓名", "颜色"], [1001.0, "王", "红"]],
        }.items():
            page = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                page.write_row(at, 0, cells)
    found = read(path)
    assert [(row.sheet.kind, row.number, row.code) for row in found.rows] == [
        ("regions", 2, "R1"),
        ("staff", 2, "1001"),
    ]
    assert found.ignored == ["说明", "人员 staff: 颜色"]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"notes": "a,b\n1,2\n"}, "没有数据"),
        ({"dealers": "经销商编码,名称\n"}, "没有数据"),
        ({"dealers": "颜色,形状\n红,圆\n"}, "没有认识的列名"),
        ({"dealers": "名称,城市\n新店,北京\n"}, "没有 经销商编码 列"),
    ],
)
def test_what_is_no_network_costs_one_line(files: Path, texts: dict[str, str], said: str) -> None:
    with pytest.raises(ImportProblem, match=said):
        read(written(files, **texts))


# -- templates and round trips -----------------------------------------------------------------------------------------


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
    from importer.network.cells import CELLS

    kinds = {id(cell): name for name, cell in CELLS.items()}
    return {
        sheet.kind: [
            together({column.field: draw(FIELDS[kinds[id(column.cell)]]) for column in sheet.columns})
            for _ in range(draw(st.integers(0, 3)))
        ]
        for sheet in SHEETS.values()
    }


@given(network=networks())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_to_a_folder_is_read_as_it_was(network: dict[str, list[dict[str, Any]]]) -> None:
    assert there_and_back(network, "n") == network


@given(network=networks())
# Each sheet is read by a process of its own.
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
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
async def desk(deployed: Database) -> AsyncIterator[Desk]:
    async with desk_over(deployed, TestClock(NOW)) as desk:
        yield desk


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


# -- taking ------------------------------------------------------------------------------------------------------------

TWO = """经销商编码,经销商名称,大区,城市
N1,一店,华北区,北京
N2,二店,月球区,北京
"""


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
    query = "SELECT s.code FROM leads l JOIN staff s ON s.id = l.owner_id WHERE l.id = :lead"
    (row,) = await desk.rows(query, lead=lead)
    assert (row["code"] == "BJ01-C1") is (owner == "BJ01-C1")
    told = await desk.rows("SELECT 1 FROM timeline WHERE lead_id = :lead AND code LIKE 'redistributed_%'", lead=lead)
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
