"""The API asks nobody's role and nobody's reach: that is a law, and laws stand in the domain."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from server.settings import CHECKOUT

ROOMS = sorted((CHECKOUT / "api").rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The modules that a file imports from, and those whose names it takes."""
    return {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        for name in (node.module, *(f"{node.module}.{one.name}" for one in node.names))
    }


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_route_asks_who_may(path: Path) -> None:
    assert "domain.reach" not in imported(path)
