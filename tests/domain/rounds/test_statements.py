"""A period of a round is asked for by a plain function over a transaction and a speaker."""

from __future__ import annotations

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from domain.rounds import statements
from domain.rounds.statements import RunForm
from store.session import Database
from tests.domain.lives import speaker
from tests.scenarios.rounds import set_up
from tests.timetravel import MORNING

ROUND = "refused_submissions"
LAST_NIGHT = RunForm(period="2026-11-20")


async def test_head_office_has_a_period_done_that_was_left_out_once(deployed: Database) -> None:
    await set_up(deployed, MORNING, {ROUND: {}})
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        hq, manager = await speaker(tx, "HQ-01"), await speaker(tx, "BJ01-M1")

        asked = await statements.ask_run(tx, hq, ROUND, LAST_NIGHT)

        assert (asked.period, asked.planned, asked.asked_at) == ("2026-11-20", False, MORNING)
        with pytest.raises(Conflict):
            await statements.ask_run(tx, hq, ROUND, LAST_NIGHT)
        with pytest.raises(Conflict, match="period_not_due"):
            await statements.ask_run(tx, hq, ROUND, RunForm(period="2027-11-20"))
        with pytest.raises(Invalid) as strange:
            await statements.ask_run(tx, hq, ROUND, RunForm(period="someday"))
        with pytest.raises(NotFound, match="round_not_found"):
            await statements.ask_run(tx, hq, "nothing", LAST_NIGHT)
        for somebody in (manager, await speaker(tx, None)):
            with pytest.raises(Forbidden):
                await statements.ask_run(tx, somebody, ROUND, LAST_NIGHT)
    assert [(one.field, one.code) for one in strange.value.problems] == [("period", "no_period")]
