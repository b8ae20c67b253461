"""`baton up` as people meet it: real processes, real servers, ended in every way."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time

import httpx
import psutil

from server.settings import READY
from tests.server.trees import PATIENCE, Tree

WEB = httpx.Client(timeout=PATIENCE)


def baton(tree: Tree, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "cli", *arguments]
    return subprocess.run(command, env=tree.env(), capture_output=True, text=True, timeout=PATIENCE)


def send_a_lead(api: str) -> str:
    """Sends one that needs no call before it is dispatched; returns its id."""
    lead = {
        "name": "华桂珍", "phone": "13981590830", "channel": ["厂商", "垂直媒体", "懂车帝"], "city": "北京",
        "model": "傲虎", "budget": "25-30万", "purchase_time": "两周内",
    }  # fmt: skip
    answer = WEB.post(f"{api}/api/v1/leads", json=lead)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["lead_id"])


def wait_for_owner(api: str, lead: str) -> str:
    """The consultant's code, as soon as there is one."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = WEB.get(f"{api}/api/v1/leads/{lead}").json()["lead"]
        if found["owner"]:
            return str(found["owner"]["code"])
    raise AssertionError("the lead got no owner")


def test_a_first_start_answers_refuses_a_second_ends_with_ctrl_c_and_survives_a_kill(tree: Tree) -> None:
    # given a start in an empty directory
    line = tree.start().ready()

    # then everything answers under the addresses that the line names
    api = f"http://127.0.0.1:{tree.ports['PORT']}"
    assert line.startswith("ready") and f"{api}/docs" in line and str(tree.ports["TEMPORAL_UI_PORT"]) in line
    assert WEB.get(api + READY).is_success
    assert WEB.get(f"{api}/docs").is_success
    assert WEB.get(f"http://127.0.0.1:{tree.ports['TEMPORAL_UI_PORT']}").is_success
    assert baton(tree, "status").returncode == 0

    # and a lead that is sent finds its way to a consultant
    lead = send_a_lead(api)
    assert wait_for_owner(api, lead)

    # when a second one is started, it says so in one line and changes nothing
    second = baton(tree, "up")
    assert second.returncode == 1 and second.stdout == ""
    assert second.stderr.count("\n") == 1 and "already runs" in second.stderr and api in second.stderr
    assert WEB.get(api + READY).is_success

    # when it is ended, nothing is left but the data
    assert tree.end(signal.SIGINT) == 0
    assert tree.survivors() == []
    assert baton(tree, "status").returncode == 1

    # and the next start finds its data: nothing is deployed or loaded again
    tree.start().ready()
    assert not any("deployed" in said or "loaded" in said for said in tree.err)
    assert wait_for_owner(api, lead)

    # when its supervisor is killed without a word and started again at once
    assert tree.end(signal.SIGKILL) == -signal.SIGKILL
    orphans = tree.family()
    tree.start().ready()

    # then no child of the old one is left, and their ports were not called busy
    assert not any(orphan.is_running() for orphan in orphans)
    assert wait_for_owner(api, lead)
    assert tree.end(signal.SIGTERM) == 0
    assert tree.survivors() == []


def test_a_part_that_dies_is_started_again(tree: Tree) -> None:
    tree.start().ready()
    for name in ("worker", "api", "temporal", "postgres"):
        # when a part is killed
        old = tree.child(name)
        old.kill()

        # then it is said, and the part comes back
        tree.hear(tree.err, f"{name} ended (code -9)")
        tree.hear(tree.err, f"{name} runs again")
        assert tree.child(name).pid != old.pid
    assert tree.end() == 0
    assert tree.survivors() == []


def test_a_worker_that_dies_is_followed_by_the_one_in_reserve(tree: Tree) -> None:
    # given a worker that works, and after a while one in reserve
    tree.start().ready()
    until = time.monotonic() + PATIENCE
    while not (reserve := [one for one in tree.family() if _in_reserve(one)]):
        assert time.monotonic() < until, "no worker in reserve"

    # when the worker is killed
    tree.child("worker").kill()
    tree.hear(tree.err, "worker runs again")

    # then the one in reserve works
    assert [tree.child("worker").pid] == [one.pid for one in reserve]
    api = f"http://127.0.0.1:{tree.ports['PORT']}"
    assert wait_for_owner(api, send_a_lead(api))

    # and nothing is left at the end
    assert tree.end() == 0
    assert tree.survivors() == []


def _in_reserve(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return "--in-reserve" in process.cmdline()
    return False


def test_a_start_that_was_cut_short_is_completed_by_the_next(tree: Tree) -> None:
    # given first starts that are killed at one point after the other
    for point in ("making the database", "starting temporal", "bringing up to date"):
        tree.start()
        tree.hear(tree.err, point)
        tree.end(signal.SIGKILL)
    # whose children end by themselves
    assert tree.survivors() == []

    # when it is started once more, it completes what was begun
    tree.start().ready()
    assert tree.end() == 0
    assert tree.survivors() == []


def test_ctrl_c_while_starting_stops_all(tree: Tree) -> None:
    tree.start()
    tree.hear(tree.err, "bringing up to date")
    assert tree.end(signal.SIGINT) == 0
    assert tree.survivors() == []
    assert not any(line.startswith("ready") for line in tree.out)


def test_busy_ports_cost_one_line_and_leave_nothing(tree: Tree) -> None:
    # given somebody else on every one of the ports
    with contextlib.ExitStack() as stack:
        for port in tree.ports.values():
            somebody = stack.enter_context(socket.socket())
            somebody.bind(("127.0.0.1", port))
            somebody.listen()

        # when Baton is started
        said = baton(tree, "up")

    # then the line names each port and its variable, and no directory was made
    assert said.returncode == 1 and said.stdout == ""
    assert said.stderr.count("\n") == 1
    for name, port in tree.ports.items():
        assert str(port) in said.stderr and f"BATON_{name}" in said.stderr
    assert not tree.home.exists()


def test_a_home_that_cannot_be_used_costs_one_line(tree: Tree) -> None:
    tree.home.write_text("a file, not a directory", encoding="utf-8")
    said = baton(tree, "up")
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1 and "BATON_HOME" in said.stderr
