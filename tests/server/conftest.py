"""Homes and trees of the runtime's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.trees import Tree
from tests.servers import short_directory


@pytest.fixture
def home() -> Iterator[Path]:
    """A data directory that does not exist yet."""
    above = short_directory("baton-run-")
    yield above / "home"
    shutil.rmtree(above, ignore_errors=True)


@pytest.fixture
def tree(home: Path) -> Iterator[Tree]:
    tree = Tree(home)
    yield tree
    tree.clear()
