"""Requests that would keep an API busy, and one that runs as its users run it: ``python -m
tests.api.hostile``."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import asdict

import uvicorn

from api.app import create_app
from api.aside import Limits, Pool
from api.context import ReadCall
from store.session import Database
from tests.api.conftest import NOW
from tests.timetravel import TestClock
from tests.workflows.bpmn.diagrams import bpmn

BOMB = 'matches("' + "a" * 60 + 'b", "(a+)+c")'
NESTED = "count(for a in 1..2000, b in 1..2000, c in 1..2000 return a)"
GROWING = 'for i in 1..60 return if i = 1 then "ab" else concat([string(partial), string(partial)])'
WIDE = "1" + " + 1" * 100_000


def command(url: str, port: int, limits: Limits) -> list[str]:
    """What starts an API process on a port of this machine."""
    return [sys.executable, "-m", "tests.api.hostile", url, str(port), json.dumps(asdict(limits))]


def dmn(rows: int, columns: int, *, output: str = "1", cell: str = "", hit: str = "FIRST") -> bytes:
    """A table of ranges that overlap in many ways; ``cell`` is what its first cell says instead."""
    inputs = "".join(
        f'<input id="i{one}"><inputExpression typeRef="number"><text>x{one}</text></inputExpression></input>'
        for one in range(columns)
    )

    def text(row: int, column: int) -> str:
        low = (row * 7919 + column * 104729) % 10_000
        return cell if cell and not row + column else f"[{low}..{low + 50 + row % 900}]"

    rules = "".join(
        f'<rule id="r{row}">'
        + "".join(f"<inputEntry><text>{text(row, one)}</text></inputEntry>" for one in range(columns))
        + f"<outputEntry><text>{output}</text></outputEntry></rule>"
        for row in range(rows)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        f'<decision id="t" name="t"><decisionTable hitPolicy="{hit}">{inputs}<output id="o" typeRef="number"/>{rules}'
        "</decisionTable></decision></definitions>"
    ).encode()


def entities() -> bytes:
    """The billion laughs."""
    lines = "".join(f'<!ENTITY e{one} "{f"&e{one - 1};" * 10}">' for one in range(1, 10))
    return f'<!DOCTYPE d [<!ENTITY e0 "ha">{lines}]><definitions>&e9;</definitions>'.encode()


def deep(levels: int) -> bytes:
    return b"<a>" * levels + b"</a>" * levels


def played(diagram: bytes, **script: object) -> dict[str, object]:
    """A rehearsal of a diagram."""
    return {"xml": diagram.decode(), "key": "p", "script": script}


def scripted(expression: str) -> dict[str, object]:
    """A rehearsal in which a person's script says something."""
    return played(bpmn("start -> a:service(x) -> end"), answers={"a": [{"result": {"n": "=" + expression}}]})


BUSY = bpmn("start -> g:xor -> a:service(x) -> h:xor -[n = null]-> g\nh -[else]-> end")
TOKENS = bpmn("s:sub {\nstart2 -> t:task -> end2\n}\nstart -> s -> end\ns.times 1000\nt.times 1000")
RECURSIVE = bpmn("start -> c:call(p) -> end")


WORK: dict[str, tuple[Callable[..., object], tuple[object, ...]]] = {
    "sleep": (time.sleep, (600,)),
    "lock": (re.match, ("(a+)+$", "a" * 60 + "b")),  # a call into C that never gives the interpreter's lock back
    "memory": (bytearray, (10**10,)),
}
"""What no bound of an expression catches: the processes' limits have to."""


async def labour(call: ReadCall, what: str) -> None:
    work, given = WORK[what]
    await call.aside(work, *given)


def main() -> None:
    url, port, limits = sys.argv[1:]
    app = create_app(Database(url), TestClock(NOW), aside=Pool(Limits(**json.loads(limits))))
    app.add_api_route("/labour", labour)
    uvicorn.run(app, port=int(port), log_config=None, access_log=False, timeout_graceful_shutdown=1)  # as served


if __name__ == "__main__":
    main()
