"""Incidents as people see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.coded import coded
from store.engine.inbox import IncidentLine
from store.leads import views
from store.session import Tx


async def resolved_by(tx: Tx, found: Sequence[IncidentLine]) -> list[IncidentLine]:
    """Incidents with the code of whoever resolved each, if it was a person."""
    names = await views.named_in(tx, (one.resolved_by for one in found))
    return [replace(one, resolved_by=coded(one.resolved_by, names)) for one in found]
