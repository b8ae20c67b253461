"""A scene with the demo network and the shipped tables, fresh for each test."""

from __future__ import annotations

import pytest

from store.session import Database
from tests.activities.scene import Scene, publish


@pytest.fixture
async def scene(network: Database) -> Scene:
    await publish(network)
    return Scene(network)
