"""The day's file of 600 dirty rows: every value of it is read, and as what is known exactly."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from domain.cleaning import (
    is_undecided,
    read_budget,
    read_horizon,
    read_instant,
    read_model,
    read_name,
    read_note,
    read_phone,
    read_place,
)
from tests.domain.cleaning.known import KnownModel

FILE = Path(__file__).parents[3] / "shared" / "samples" / "leads_day.csv"

KNOWN = (
    KnownModel("forester", "森林人", ("Forester", "新森林人")),
    KnownModel("outback", "傲虎", ("Outback",)),
    KnownModel("legacy", "力狮", ("Legacy",)),
    KnownModel("xv", "旭豹", ("XV", "Crosstrek")),
    KnownModel("wrx", "翼豹", ("WRX", "WRX STI")),
    KnownModel("brz", "BRZ"),
)
CITIES = [
    *("武汉", "北京", "西安", "青岛", "广州", "厦门", "杭州", "深圳"),
    *("昆明", "成都", "乌鲁木齐", "南京", "沈阳", "上海", "哈尔滨"),
]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    if not FILE.exists():
        pytest.skip("the sample file ../shared/samples/leads_day.csv is not beside this checkout")
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_phones(rows: list[dict[str, str]]) -> None:
    readings = [read_phone(row["手机号码"]) for row in rows]
    assert Counter((reading.kind.value, reading.test_number) for reading in readings) == {
        ("mobile", False): 514,
        ("mobile", True): 22,
        ("landline", False): 17,
        ("foreign", False): 6,
        ("malformed", False): 13,
        ("malformed", True): 13,
        ("missing", False): 15,
    }
    assert sum(reading.same_as_wechat for reading in readings) == 23
    assert len({reading.e164 for reading in readings if reading.kind == "mobile" and not reading.test_number}) == 419


def test_names(rows: list[dict[str, str]]) -> None:
    assert Counter(read_name(row["客户姓名"]).kind.value for row in rows) == {"person": 576, "test": 24}


def test_models(rows: list[dict[str, str]]) -> None:
    assert Counter(read_model(row["意向车型"], KNOWN) for row in rows) == {
        "forester": 102,
        "outback": 88,
        "legacy": 111,
        "xv": 100,
        "wrx": 106,
        "brz": 93,
    }


def test_budgets(rows: list[dict[str, str]]) -> None:
    spans = Counter((reading.min, reading.max) for reading in (read_budget(row["购车预算"]) for row in rows))
    assert spans == {
        (250_000, 300_000): 65,
        (180_000, 220_000): 60,
        (280_000, 280_000): 51,
        (250_000, 250_000): 51,
        (150_000, 200_000): 45,
        (200_000, 250_000): 45,
        (300_000, None): 43,
        (None, 300_000): 41,
        (None, None): 199,
    }


def test_horizons(rows: list[dict[str, str]]) -> None:
    bands: Counter[str] = Counter()
    for row in rows:
        stated = read_instant(row["留资时间"])
        assert stated is not None
        days = read_horizon(row["计划购车时间"], stated)
        bands[_band(days)] += 1
        assert days is not None or is_undecided(row["计划购车时间"]) or row["计划购车时间"] == ""
    assert bands == {"<= 7": 103, "<= 15": 112, "<= 30": 94, "<= 90": 72, "beyond": 64, "open": 155}


def _band(days: int | None) -> str:
    if days is None:
        return "open"
    return next((f"<= {most}" for most in (7, 15, 30, 90) if days <= most), "beyond")


def test_cities(rows: list[dict[str, str]]) -> None:
    assert all((found := read_place(row["所在城市"]).found) and found.city == row["所在城市"] for row in rows)


def test_notes(rows: list[dict[str, str]]) -> None:
    readings = [read_note(row["备注"]) for row in rows]
    assert sum(reading.trade_in for reading in readings) == 28
    assert sum(reading.test_drive_wish for reading in readings) == 40
    assert sum(reading.company for reading in readings) == 46
    assert {reading.cars for reading in readings if reading.company} == {5}
    assert sum(reading.add_wechat for reading in readings) == 38
    assert sum(reading.evenings for reading in readings) == 46
    assert not any(reading.do_not_call for reading in readings)
