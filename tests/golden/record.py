"""Records the golden histories anew: ``python -m tests.golden.record`` (when, and what to look at:
README.md)."""

from __future__ import annotations

import hashlib
import sys

import pytest
from temporalio.testing import WorkflowEnvironment

from store.session import Database
from tests.golden import kept
from tests.golden.elements import record as elements
from tests.golden.stories import STORIES, Golden
from tests.scenarios.world import living_world
from workflows import processes


@pytest.mark.parametrize("golden", STORIES, ids=lambda golden: golden.name)
async def test_record(golden: Golden, network: Database, temporal: WorkflowEnvironment) -> None:
    shipped = {hashlib.sha256(xml).hexdigest(): xml for xml in processes.shipped().values()}
    async with living_world(network, temporal, golden.at, wakes=golden.wakes) as world:
        runs = await world.histories(await golden.tell(world))
        life = await kept.life_of(runs[0])
        named = {ref.sha256: shipped[ref.sha256] for ref in (life.process, *life.called)}
    # Other cases of the world would arm their timers meanwhile.
    kept.keep(golden.name, runs, await kept.deadlines_of(runs), named)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, elements.__file__, "-p", "no:cacheprovider"]))
