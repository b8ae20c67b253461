"""What many leads need follows from measured figures, and the page shows what is kept of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bench import scale
from bench.scale import Asked, Measured
from bench.stack import PARTS

CPU = {"api": 4.0, "worker": 40.0, "postgres": 10.0, "temporal": 20.0}
BASE = Measured(
    machine="a machine",
    busy=False,
    arrival=CPU,
    statement={part: ms / 2 for part, ms in CPU.items()},
    deadline={part: ms / 4 for part, ms in CPU.items()},
    events=12,
    database_kb=40.0,
    temporal_kb=20.0,
)


def _needs(base: Measured, asked: Asked) -> dict[str, str]:
    return {what: much for what, much, _ in scale.needs(base, asked)[0]}


def test_needs_follow_from_figures() -> None:
    asked = Asked(leads_a_day=36_000, peak=2.0, statements=4, deadlines=4, at_once=0.5, done_in=600, use=0.5)

    found = _needs(BASE, asked)

    assert found["leads a second, busiest minutes"] == "2.0"
    assert found["wake-ups a second"] == "18"
    assert found["rungs a second at the herd's hour"] == "30"
    assert found["CPU ms of a life"] == "296"  # 74 + 4 × 37 + 4 × 18.5
    assert found["cores: worker"] == "0.6"  # 30 rungs of 10 ms in a second, at half of a core
    assert found["workers"] == "1"
    assert found["sleeping workflows"] == "1,080,000"
    assert found["Temporal's database"] == "22 GB"
    assert found["shards of Temporal"] == "512"
    assert found["database a month"] == "216 GB"  # 36,000 × 30 × 40 kB × (1 + 8 / 2)


def test_more_leads_need_more_and_the_dearest_part_is_named() -> None:
    few, many = (_needs(BASE, Asked(leads_a_day=count)) for count in (100_000, 10_000_000))

    assert int(many["workers"]) > 50 * int(few["workers"]) > 0
    assert int(many["shards of Temporal"]) > 512
    assert scale.needs(BASE, Asked())[1] == "worker"
    assert scale.needs(replace(BASE, deadline=CPU | {"postgres": 90.0}), Asked())[1] == "postgres"


def test_figures_are_taken_from_what_benchmarks_write() -> None:
    def rows(*rows: dict[str, Any], busy: bool = False) -> dict[str, Any]:
        return {"rows": list(rows), "busy": busy}

    sleeping = {"leads": 50, "db kB a lead": 30.0, "temporal kB a lead": 9.0}
    first = {"machine": {"processor": "P", "cores": 2, "at": "2026-11-29T10:00:00+00:00"}}
    first["results"] = {"leads": rows(CPU | {"events": 6}), "sleepers": rows({}, sleeping)}
    second = {"results": {"latency": rows({}, CPU), "outage": rows(CPU, busy=True)}}

    found = scale.taken([first, second])

    assert found == Measured("P, 2 cores, 2026-11-29", True, CPU, CPU, CPU, 6.0, 30.0, 9.0)
    assert "**on a busy machine**" in scale.page(found, Asked())
    with pytest.raises(KeyError):
        scale.taken([first])


def test_the_page_shows_what_is_kept() -> None:
    shown = scale.PAGE.read_text(encoding="utf-8").partition(scale.BEGIN)[2].partition(scale.END)[0]

    assert shown.strip() == scale.page(scale.kept(), Asked())
    assert set(json.loads(scale.KEPT.read_text(encoding="utf-8"))["arrival"]) == set(PARTS)
