"""Each round that the table names has one running case: opened at deployment, and whenever any
round plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import rules
from domain.rounds.kind import ROUND
from domain.rounds.words import Round, RoundStatus
from store.engine import opening
from store.engine.opening import NewCase
from store.kinds import rounds
from store.session import Tx


class Answer(Protocol):
    """What a table says."""

    @property
    def outputs(self) -> Any: ...


class Tables(Protocol):
    """The tables in force (``domain.tables.Tables``)."""

    def decide(self, key: str, at: datetime, inputs: Mapping[str, Any]) -> Answer: ...


def row_of(tables: Tables, key: str, at: datetime) -> Mapping[str, Any]:
    """What the table says of a round; nothing if it has no row for it. Raises ``Unavailable``
    without the table."""
    try:
        outputs = tables.decide("rounds", at, {"round": key}).outputs
    except rules.InputRefused:  # a table that a person published under a Baton that did not know this round
        return {}
    return outputs if isinstance(outputs, Mapping) else {}


async def open_missing(tx: Tx, tables: Tables, at: datetime) -> tuple[str, ...]:
    """Opens a case for each round that the table names and that has none; which they were.

    Raises ``Unavailable`` while the process or the table is not deployed.
    """
    wanted = [key.value for key in Round if row_of(tables, key, at).get("every") is not None]
    known = await rounds.running(tx)
    missing = tuple(key for key in wanted if key not in known)
    for key in missing:
        await opening.open_case(tx, ROUND, NewCase(RoundStatus.RUNNING, facts={"round": key}), at)
    return missing
