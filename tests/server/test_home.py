"""The data directory: one holder, and no child of a dead holder survives the next."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import psutil
import pytest

from server.home import CHILDREN, Home, children, held
from server.problems import StartProblem


def test_one_holder_at_a_time(home: Path) -> None:
    with Home(home) as first:
        first.say("process 1, http://somewhere")
        assert held(home) == "process 1, http://somewhere"
        with pytest.raises(StartProblem, match="already runs") as problem, Home(home):
            pass
        assert "http://somewhere" in problem.value.line()
    assert held(home) is None
    with Home(home):
        pass


def test_a_failed_start_takes_away_the_directory_that_it_made(home: Path) -> None:
    with pytest.raises(StartProblem), Home(home / "deep" / "er"):
        raise StartProblem("something")
    assert not home.exists()


def test_a_failed_start_keeps_a_directory_with_data(home: Path) -> None:
    home.mkdir()
    (home / "postgres").mkdir()
    with pytest.raises(StartProblem), Home(home):
        raise StartProblem("something")
    assert (home / "postgres").exists()


def test_children_of_a_killed_holder_are_ended(home: Path) -> None:
    # given a child that a holder recorded and did not end
    child = subprocess.Popen(["sleep", "1000"])
    with Home(home) as first:
        first.record("worker", child.pid)

    # when the next one cleans
    with Home(home) as second:
        assert second.clean(5) == ["worker"]

    # then it is gone, and so is its record
    assert not psutil.pid_exists(child.pid)
    assert children(home) == []


def test_a_stranger_with_a_recorded_number_is_left_alone(home: Path) -> None:
    # given a record whose number belongs to a younger process by now
    stranger = subprocess.Popen(["sleep", "1000"])
    try:
        with Home(home) as first:
            first.record("worker", stranger.pid)
        entries = json.loads((home / CHILDREN).read_text())
        entries[0]["born"] -= 3600
        (home / CHILDREN).write_text(json.dumps(entries))

        # then it is not touched
        with Home(home) as second:
            assert second.clean(5) == []
        assert psutil.Process(stranger.pid).is_running() and stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("record", ["", "[{", '[{"pid": 1}]', '{"a": 1}'])
def test_a_torn_record_is_no_record(home: Path, record: str) -> None:
    home.mkdir()
    (home / CHILDREN).write_text(record)
    assert children(home) == []
