"""Who reads what is written down about leads, by plain functions over a transaction and a
speaker."""

from __future__ import annotations

from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM, Actor
from cases.errors import Forbidden, NotFound
from domain.leads.reads.submitted import submitted
from domain.leads.reads.theirs import history, theirs
from domain.leads.statements import saying
from store.leads.submissions import SubmissionFilters
from store.listing import Window
from store.session import Database
from tests.domain.leads.test_statements import met, speaker, taken_in
from tests.domain.lives import sent
from tests.domain.lives import speaker as speaking


async def test_head_office_alone_reads_what_came_in(deployed: Database) -> None:
    async with deployed.transaction(Actor("channel", "file"), EVERYTHING) as tx:
        lead = await sent(tx)
        found = await submitted(tx, await speaking(tx, "HQ-01"), SubmissionFilters(), Window(9), "-received")

        assert [(one.lead_id, one.verdict) for one in found.items] == [(lead, "created")]
        for who in (None, "BJ01-M1", "CC-01"):
            with pytest.raises(Forbidden):
                await submitted(tx, await speaking(tx, who), SubmissionFilters(), Window(9), "-received")


async def test_the_history_is_for_all_and_what_was_said_for_whoever_may_act(deployed: Database) -> None:
    lead, owner = await taken_in(deployed), await speaker(deployed, "BJ01-C1")
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        await saying.follow_up(tx, owner, lead, "follow_up", met())
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        other = await speaking(tx, "SH01-M1")

        assert (await theirs(tx, owner, lead)).id == lead
        for somebody, code in ((other, "other_dealer"), (await speaking(tx, None), "actor_required")):
            with pytest.raises(Forbidden, match=code):
                await theirs(tx, somebody, lead)
        with pytest.raises(NotFound):
            await theirs(tx, owner, UUID(int=7))
        told = [(await history(tx, one, lead, Window(50))).items for one in (owner, other)]
    assert [len(lines) for lines in told] == [len(told[0])] * 2
    assert [[line.follow_up.content for line in lines if line.follow_up] for lines in told] == [["介绍了四驱系统"], []]
