"""Every kind of element as it was once lived on the real server goes on the same way with today's
code."""

from __future__ import annotations

import hashlib

import pytest

from tests.golden import kept
from tests.golden.elements.stories import HERE, STORIES, ElementStory
from tests.workflows.bpmn.diagrams import definitions as drawn
from workflows.bpmn.elements import REGISTRY
from workflows.bpmn.elements.loops import LOOPS
from workflows.bpmn.model import Element, Loop
from workflows.stretch import Stretch

EACH = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
WAYS = pytest.mark.parametrize("folder", ["", f"{kept.AHEAD}/"], ids=["former", "ahead"])
NOT_REACHED = {
    ("process", ""): "the process itself is no visit",
    ("boundaryEvent", "compensate"): "no token ever comes there",
    ("startEvent", "signal"): "a lead is never begun by a signal",
    ("startEvent", "conditional"): "nor by a condition",
    ("startEvent", "multiple"): "nor by any of them",
    ("startEvent", "timer"): "nor by a timer, if there is a plain start",
}


@pytest.fixture(autouse=True)
def processes() -> None:
    kept.load(HERE)


@EACH
@WAYS
async def test_every_history_replays_with_every_deadline(story: ElementStory, folder: str) -> None:
    name = folder + story.name
    assert await kept.deadlines_of(kept.histories(name, HERE)) == kept.deadlines(name, HERE)


@EACH
@WAYS
async def test_a_history_is_of_the_diagram_beside_it(story: ElementStory, folder: str) -> None:
    runs = kept.histories(folder + story.name, HERE)
    assert (await kept.life_of(runs[0])).process.sha256 == hashlib.sha256(story.text.encode()).hexdigest()
    assert (story.wakes is None) == (len(runs) == 1) or story.name == "beginnings"


def test_nothing_else_is_kept() -> None:
    assert kept.names(HERE) == sorted(folder + story.name for story in STORIES for folder in ("", f"{kept.AHEAD}/"))
    texts = {hashlib.sha256(story.text.encode()).hexdigest() for story in STORIES}
    assert {path.stem for path in (HERE / "processes").iterdir()} == texts, "python -m tests.golden.record sweeps"


def test_the_diagrams_have_every_kind_of_element_and_of_loop() -> None:
    elements = [element for story in STORIES for element in _elements(story).values()]
    loops = [element.loop for element in elements if element.loop is not None]

    assert {element.key for element in elements} | {("process", "")} == set(REGISTRY)
    assert {loop.kind for loop in loops} == set(LOOPS)
    assert {how for loop in loops for how in _ways(loop)} == {*ALL_WAYS}
    assert any(element.start_quantity > 1 for element in elements)
    assert any(element.completion_quantity > 1 for element in elements)


async def test_tokens_have_been_at_every_kind_of_element(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[tuple[str, str]] = set()
    settled = Stretch.settled

    for story in STORIES:
        elements = _elements(story)

        def noted(stretch: Stretch, elements: dict[str, Element] = elements) -> None:
            settlement = stretch.settlement()
            if settlement is not None:
                seen.update(elements[visit.element].key for visit in settlement.rest.visits)
            settled(stretch)

        monkeypatch.setattr(Stretch, "settled", noted)
        await kept.deadlines_of(kept.histories(story.name, HERE))

    assert set(REGISTRY) - seen == set(NOT_REACHED)


ALL_WAYS = ("before", "after", "at most", "one by one", "side by side", "collection", "number", "until", "collected")


def _ways(loop: Loop) -> list[str]:
    if loop.kind == "standard":
        return ["before" if loop.test_before else "after", *(["at most"] if loop.maximum is not None else [])]
    said = (loop.collection, loop.cardinality, loop.condition, loop.collected)
    how = "one by one" if loop.sequential else "side by side"
    return [
        how,
        *(way for way, given in zip(("collection", "number", "until", "collected"), said, strict=True) if given),
    ]


def _elements(story: ElementStory) -> dict[str, Element]:
    return {name: one for process in drawn(story.text).processes.values() for name, one in process.elements.items()}
