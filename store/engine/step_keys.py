"""The parts of a step's key (``cases.step_key``) inside statements."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func


def life_in(key: ColumnElement[str]) -> ColumnElement[str]:
    """The number of the life, as text."""
    return func.split_part(key, ":", 2)


def execution_in(key: ColumnElement[str]) -> ColumnElement[str]:
    """The execution of the element."""
    return func.split_part(key, ":", 3)
