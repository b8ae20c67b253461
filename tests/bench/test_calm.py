"""Figures of a busy machine are refused: by which loads, with which words, and what the command
does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench import __main__ as command
from bench import calm, parts, report
from bench.calm import Load, Reading, TooBusy
from bench.parts import Part, What
from bench.report import Result
from bench.sizes import QUICK, Size

CALM = Load(others=0.02, steal=0.0, waiting=0.4)
SHOWN = Result("engine", "a title", ({"side": "Baton", "per second": 1.5},), {"ratio": 1.5}, ("a note",))


@pytest.mark.parametrize(
    ("load", "said"),
    [
        (CALM, ()),
        (replace(CALM, waiting=None), ()),
        (replace(CALM, waiting=calm.MOST_LOAD), ()),
        (replace(CALM, others=calm.MOST_OTHERS, steal=calm.MOST_STEAL), ()),
        (replace(CALM, waiting=2.5), ("load of the last minute 2.50 a core (at most 1.00)",)),
        (replace(CALM, others=0.35), ("others use 35% of the cores (at most 10%)",)),
        (replace(CALM, steal=0.2), ("other machines take 20% of the cores (at most 3%)",)),
        (Load(0.5, 0.1, 4.0), ("load of the last", "others use 50%", "other machines take 10%")),
    ],
)
def test_a_load_above_a_bound_is_refused_and_said(load: Load, said: tuple[str, ...]) -> None:
    faults = load.faults()

    assert len(faults) == len(said)
    assert all(fault.startswith(words) for fault, words in zip(faults, said, strict=True))
    assert calm.insist(load, busy_ok=True) is bool(said)
    if said:
        with pytest.raises(TooBusy) as refused:
            calm.insist(load, busy_ok=False)
        assert all(fault in str(refused.value) for fault in faults)
    else:
        assert calm.insist(load, busy_ok=False) is False


def test_what_a_run_itself_uses_is_none_of_the_others() -> None:
    cores = os.cpu_count() or 1
    before = Reading(at=100.0, used=1_000.0, stolen=5.0, own=10.0)

    alone = calm.between(before, Reading(110.0, 1_000.0 + 9 * cores, 5.0, 10.0 + 9 * cores))
    beside = calm.between(before, Reading(110.0, 1_000.0 + 9 * cores, 5.0 + cores, 10.0 + 4 * cores))

    assert alone == Load(0.0, 0.0)
    assert beside == Load(0.5, 0.1)
    assert calm.between(before, replace(before, at=110.0, own=11.0)).others == 0.0  # counters are not read at once


def test_children_that_have_ended_are_the_runs_own() -> None:
    before = calm.read()

    subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"], check=True)
    after = calm.read()

    assert after.own - before.own > 0.05


def _part(result: Result) -> Part:
    async def alone(size: Size) -> tuple[Result, ...]:
        return (result,)

    return Part(What.ENGINE, alone=alone)


async def test_a_result_says_its_load_and_whether_that_was_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    about, load = report.machine(), [CALM]
    monkeypatch.setattr(calm, "between", lambda before, after: load[-1])

    (quiet,), _ = await parts.measured(_part(SHOWN), QUICK, about, busy_ok=False)
    load.append(Load(0.5, 0.0))
    (marked,), _ = await parts.measured(_part(SHOWN), QUICK, about, busy_ok=True)

    assert (quiet.load, quiet.busy) == (CALM, False)
    assert (marked.load, marked.busy) == (Load(0.5, 0.0), True)
    with pytest.raises(TooBusy):
        await parts.measured(_part(SHOWN), QUICK, about, busy_ok=False)
    assert "ON A BUSY MACHINE" not in _shown(quiet)
    said = _shown(marked)
    assert "ON A BUSY MACHINE: a title" in said and "others used 50% of the cores" in said and "a note" in said


def _shown(result: Result) -> str:
    file = StringIO()
    report.show(Console(file=file, width=160), result)
    return file.getvalue()


@pytest.mark.parametrize(
    ("beforehand", "meanwhile", "busy_ok", "code", "shown"),
    [
        (CALM, CALM, False, 0, ["engine"]),
        (Load(0.9, 0.0, 3.0), CALM, False, calm.BUSY, None),
        (CALM, Load(0.9, 0.0), False, calm.BUSY, []),
        (Load(0.9, 0.0, 3.0), Load(0.9, 0.0), True, 0, ["engine"]),
    ],
)
async def test_the_command_shows_nothing_that_means_nothing(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    beforehand: Load,
    meanwhile: Load,
    busy_ok: bool,
    code: int,
    shown: list[str] | None,
) -> None:
    async def looked() -> Load:
        return beforehand

    said = StringIO()
    monkeypatch.setattr(calm, "beforehand", looked)
    monkeypatch.setattr(calm, "between", lambda before, after: meanwhile)
    monkeypatch.setattr(command, "PARTS", (_part(SHOWN),))
    monkeypatch.setattr(command, "console", Console(file=said, width=160))
    monkeypatch.setattr(command, "complaints", Console(file=said, width=160))
    file = tmp_path / "figures.json"

    assert await command._measure((What.ENGINE,), QUICK, busy_ok=busy_ok, file=file) == code

    assert (list(json.loads(file.read_text())["results"]) if file.exists() else None) == shown
    assert ("a title" in said.getvalue()) is bool(shown)
    assert ("--busy-ok" in said.getvalue()) is (code == calm.BUSY)


def test_a_spread_and_percentiles() -> None:
    assert report.spread([3.0, 1.0, 2.5]) == "1.00–3.00"
    assert report.spread([3.0]) == ""
    assert report.percentile([], 0.5) == 0.0
    assert report.percentile(range(1, 101), 0.5) == 51
    assert report.percentile([1.0, 9.0], 0.99) == 9.0


def test_every_benchmark_has_one_name() -> None:
    assert [part.what for part in parts.PARTS] == list(What)


def test_what_takes_hours_is_measured_when_it_is_named_or_quickly() -> None:
    assert parts.chosen((), quick=True) == tuple(What)
    assert set(What) - set(parts.chosen((), quick=False)) == {What.OUTAGE, What.GROWTH, What.SCREENS}
    assert parts.chosen([What.GROWTH], quick=False) == (What.GROWTH,)
