"""Golden files: histories as Temporal exports them, the deadlines in them, and the process files
that they ran on.

``histories/<name>.json`` holds the runs of one lead, ``deadlines/<name>.json`` every timer that
they armed with the instant at which it was due, ``processes/<sha256>.bpmn`` the exact versions that
the histories name.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter

from cases.clock import ClockSpec
from cases.contracts import CaseInput
from tests.scenarios.replays import replayer
from workflows import bpmn, definitions

HERE = Path(__file__).parent
"""The folder of the whole lives; ``elements`` beside it holds small ones."""
AHEAD = "ahead"
"""The folder within for lives in which a wake-up is one activity; beside it are those of the former
shape, in which each step is one. Those are never recorded anew: no life begins like that any
more."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One timer: the step of the diagram that waits for it, and the application instant at which it
    is due."""

    run: int
    step: str
    due: str


async def life_of(history: WorkflowHistory) -> CaseInput:
    """What a run was started with."""
    started = history.events[0].workflow_execution_started_event_attributes
    (life,) = await pydantic_data_converter.decode(started.input.payloads, [CaseInput])
    return life


async def deadlines_of(runs: list[WorkflowHistory]) -> list[Deadline]:
    """The timers that this Baton asks for when it replays the histories, in their order.

    What it asks for, not what the histories hold: a replay does not notice a timer of another
    length (FACTS).
    """
    found: list[Deadline] = []
    replays, sleep = replayer(), workflow.sleep
    for number, history in enumerate(runs, start=1):
        clock = (await life_of(history)).clock

        async def noted(
            duration: timedelta, *, summary: str = "", number: int = number, clock: ClockSpec = clock
        ) -> None:
            due = clock.at(workflow.now()) + duration * clock.speed
            found.append(Deadline(number, summary, due.replace(microsecond=0).isoformat()))
            await sleep(duration, summary=summary)

        workflow.sleep = noted
        try:
            await replays.replay_workflow(history)
        finally:
            workflow.sleep = sleep
    return found


def names(folder: Path = HERE) -> list[str]:
    """All lives of a folder; the newer ones have ``AHEAD`` before their names."""
    found = (folder / "histories").rglob("*.json")
    return sorted(str(path.relative_to(folder / "histories").with_suffix("")) for path in found)


def histories(name: str, folder: Path = HERE) -> list[WorkflowHistory]:
    runs = json.loads((folder / "histories" / f"{name}.json").read_text(encoding="utf-8"))
    return [WorkflowHistory.from_json(f"golden-{name}", run) for run in runs]


def deadlines(name: str, folder: Path = HERE) -> list[Deadline]:
    return [Deadline(**one) for one in json.loads((folder / "deadlines" / f"{name}.json").read_text(encoding="utf-8"))]


def load(folder: Path = HERE) -> None:
    """Makes known the versions that the histories name, as a worker would load them from the
    store."""
    for path in (folder / "processes").glob("*.bpmn"):
        definitions.keep(path.stem, bpmn.read(path.read_bytes()).processes.values())


def keep(
    name: str, runs: list[WorkflowHistory], due: list[Deadline], processes: dict[str, bytes], folder: Path = HERE
) -> None:
    """Writes a life; ``processes`` are the files by sha256."""
    (folder / "processes").mkdir(exist_ok=True)
    _write(folder / "histories" / AHEAD / f"{name}.json", [_clean(run.to_json_dict()) for run in runs])
    _write(folder / "deadlines" / AHEAD / f"{name}.json", [asdict(one) for one in due])
    for sha256, xml in processes.items():
        (folder / "processes" / f"{sha256}.bpmn").write_bytes(xml)


def payloads(value: Any) -> Iterator[str]:
    """Every payload in an exported history, as text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "data" and isinstance(inner, str):
                yield base64.b64decode(inner).decode()
            else:
                yield from payloads(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from payloads(inner)


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


_OF_THE_MACHINE = frozenset({"identity", "stickyAttributes", "stackTrace"})
"""Says where a history was recorded; a replay asks for none of it."""


def _clean(value: Any) -> Any:
    """Without the names of the machine and process that recorded it."""
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items() if key not in _OF_THE_MACHINE}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return value
