"""Scenarios share nothing but the servers: each has a world of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from store.session import Database
from tests.scenarios.world import World, living_world


@pytest.fixture
async def world(deployed: Database, temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    async with living_world(deployed, temporal) as world:
        yield world
