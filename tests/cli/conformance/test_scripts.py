"""Scripts of the suite that take their time, say when they ran, or throw: in the pure core and as
real workflows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from cli.conformance.bpmn import deployed, main
from tests.cli.conformance.living import playing
from tests.cli.conformance.models import flows, folder, model, process, script

START, END = '<startEvent id="start"/>', '<endEvent id="end"/>'
INNER_START, INNER_END = '<startEvent id="start2"/>', '<endEvent id="end2"/>'
FORK, JOIN = '<parallelGateway id="fork"/>', '<parallelGateway id="join"/>'
DECLARED = '<error id="odd" errorCode="ODD"/><error id="bad" errorCode="BAD"/>'
ONE, TWO = script("one", "SCRIPT_task1"), script("two", "SCRIPT_task2")
WAIT, THROW = script("w", "WAIT_TEN_SECONDS"), script("t", "THROW_ERROR")
STAMPS = [script(f"s{n}", f"CREATE_TIMESTAMP_LOG_{n}") for n in (1, 2)]


def scope(key: str, *parts: str) -> str:
    return f'<subProcess id="{key}">{"".join(parts)}</subProcess>'


def border(key: str, host: str, definition: str) -> str:
    return f'<boundaryEvent id="{key}" attachedToRef="{host}">{definition}</boundaryEvent>'


def late(host: str) -> str:
    return border("late", host, "<timerEventDefinition><timeDuration>PT2S</timeDuration></timerEventDefinition>")


def caught(host: str, reference: str) -> str:
    return border("c", host, f"<errorEventDefinition{reference}/>")


def rounds(sequential: str) -> str:
    tag = "multiInstanceLoopCharacteristics"
    inside = f'<{tag} isSequential="{sequential}"><loopCardinality>2</loopCardinality></{tag}>'
    return process("P", START, script("s", "CREATE_TIMESTAMP_LOG_1", inside), END, flows("start s end"))


def thrown(task_or_scope: str, catcher: str, host: str) -> str:
    return process("P", START, task_or_scope, catcher, ONE, TWO, END, flows(f"start {host} one end", "c two end"))


WAITING = process("P", START, WAIT, ONE, END, flows("start w one end"))
LATE = process("P", START, WAIT, late("w"), ONE, TWO, END, flows("start w one end", "late two end"))
WAITING_INSIDE = scope("s", INNER_START, WAIT, ONE, INNER_END, flows("start2 w one end2"))
LATE_AROUND = process("P", START, WAITING_INSIDE, late("s"), TWO, END, flows("start s end", "late two end"))
THROWN = {
    "by its code": thrown(THROW, caught("t", ' errorRef="bad"'), "t"),
    "by any": thrown(THROW, caught("t", ""), "t"),
    "around it": thrown(
        scope("s", INNER_START, THROW, INNER_END, flows("start2 t end2")), caught("s", ' errorRef="odd"'), "s"
    ),
}
UNCAUGHT = process("P", START, ONE, THROW, TWO, END, flows("start one t two end"))
TOGETHER = process("P", START, FORK, *STAMPS, JOIN, END, flows("start fork s1 join end", "fork s2 join"))
IN_TURN = process("P", START, *STAMPS, END, flows("start s1 s2 end"))
NAMES = ["CREATE_TIMESTAMP_LOG_1", "CREATE_TIMESTAMP_LOG_2"]
LONG = {"wait_ms": 22_000, "expect": [], "parallel": True}

CASES: list[tuple[str, str, dict[str, Any], bool]] = [
    ("it takes ten seconds", WAITING, {"wait_ms": 10_000, "expect": ["task1"]}, True),
    ("not less", WAITING, {"wait_ms": 9_999, "expect": []}, True),
    ("an event at its border is earlier", LATE, {"wait_ms": 12_000, "expect": ["task2"]}, True),
    ("or around it", LATE_AROUND, {"wait_ms": 12_000, "expect": ["task2"]}, True),
    *((f"an error is caught {how}", text, {"expect": ["task2"]}, True) for how, text in THROWN.items()),
    ("or ends the run", UNCAUGHT, {"expect": ["task1"], "outcome": "assertErrorThrownErrorEvent"}, True),
    ("and is no normal end", UNCAUGHT, {"expect": ["task1"]}, False),
    ("branches overlap", TOGETHER, LONG, True),
    ("their marks may be asked for", TOGETHER, {**LONG, "expect": NAMES}, True),
    ("one after the other they do not", IN_TURN, LONG, False),
    ("one that is still there has not", TOGETHER, {**LONG, "wait_ms": 9_000}, False),
    ("one alone overlaps with none", WAITING, {**LONG, "expect": ["task1"]}, False),
    ("instances overlap", rounds("false"), LONG, True),
    ("but not in turn", rounds("true"), LONG, False),
]


@pytest.mark.parametrize(("text", "case", "right"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_what_a_script_does_in_the_core(tmp_path: Path, text: str, case: dict[str, Any], right: bool) -> None:
    lines: list[str] = []

    main(folder(tmp_path, {"P": model(text, declared=DECLARED)}, P=[case]), lines.append)

    assert lines[-1] == f"right {int(right)}, refused 0, wrong {int(not right)}"


@pytest.mark.parametrize(
    ("text", "seconds", "marks", "incidents"),
    [
        (WAITING, 10, ["task1"], set()),
        (LATE, 12, ["task2"], set()),
        *((text, 0, ["task2"], set()) for text in THROWN.values()),
        (UNCAUGHT, 0, ["task1"], {"uncaught_error"}),
        (TOGETHER, 22, [], set()),
    ],
    ids=["takes time", "too late", *THROWN, "uncaught", "together"],
)
async def test_what_a_script_does_in_a_workflow(
    temporal: WorkflowEnvironment, tmp_path: Path, text: str, seconds: int, marks: list[str], incidents: set[str]
) -> None:
    file = tmp_path / "P.bpmn"
    file.write_text(model(text, declared=DECLARED))

    async with playing(temporal, deployed(file), "P", {}) as played:
        if seconds:
            await played.life.pass_time(timedelta(seconds=seconds))
            await played.rest()

    assert played.marks.left == Counter(marks)
    assert played.incidents == incidents
    assert played.marks.stays.overlap == (text == TOGETHER)
