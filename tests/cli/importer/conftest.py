"""Where files of a network lie, and a Baton that takes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.session import Database
from tests.api.conftest import NOW, Desk, desk_over
from tests.timetravel import TestClock


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "network"


@pytest.fixture
async def desk(deployed: Database) -> AsyncIterator[Desk]:
    async with desk_over(deployed, TestClock(NOW)) as desk:
        yield desk
