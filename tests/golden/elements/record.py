"""Records the golden histories of the elements anew; ``python -m tests.golden.record`` does this,
too."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator

import pytest
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from tests.golden import kept
from tests.golden.elements.stories import HERE, STORIES, ElementStory
from tests.workflows.bpmn.diagrams import bpmn
from tests.workflows.hosting import Life, living


@pytest.fixture(scope="module", autouse=True)
def sweep() -> Iterator[None]:
    """Diagrams that are no more are not kept."""
    yield
    texts = {hashlib.sha256(story.text.encode()).hexdigest() for story in STORIES}
    for path in (HERE / "processes").iterdir():
        if path.stem not in texts:
            path.unlink()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_record(story: ElementStory, temporal: WorkflowEnvironment) -> None:
    async with living(temporal, story.text, answers=dict(story.answers), wakes=story.wakes) as life:
        await story.tell(life)
        assert await life.handle.result() == story.outcome
    runs = await _runs(life)
    sha256 = (await kept.life_of(runs[0])).process.sha256
    kept.keep(story.name, runs, await kept.deadlines_of(runs), {sha256: bpmn(story.text)}, folder=HERE)


async def _runs(life: Life) -> list[WorkflowHistory]:
    """The runs of a life, each of which says which is the next."""
    found: list[WorkflowHistory] = []
    run_id = life.handle.first_execution_run_id
    while run_id:
        handle = life.env.client.get_workflow_handle(life.handle.id, run_id=run_id)
        found.append(await handle.fetch_history())
        run_id = found[-1].events[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-p", "no:cacheprovider"]))
