"""Notices are seen, read and sent once more by plain functions over a transaction and a speaker."""

from __future__ import annotations

from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Forbidden, NotFound
from cases.ids import new_id
from domain.notices import reads, statements
from server.channels import Log
from server.notices import Notices
from store.engine.notices import NoticeState
from store.listing import Window
from store.models import ContactPoint, Notification
from store.network.network_seed import staff_id
from store.session import Database, Tx
from store.spans import Span
from tests.domain.lives import CLOCK, sent, speaker
from tests.server.test_notices import Recorder

MANAGER = "BJ01-M1"


async def told(tx: Tx) -> UUID:
    """A manager with a mail address has to be told something about a lead."""
    lead = await sent(tx)
    tx.session.add(ContactPoint(staff_id=staff_id(MANAGER), channel="mail", address="m1@example.com"))
    row = {"code": "incident", "data": {"element": "grade"}, "to_staff_id": staff_id(MANAGER)}
    tx.session.add(Notification(id=new_id(), case_id=lead, created_at=CLOCK.now(), **row))
    return lead


async def test_what_was_given_up_is_sent_once_more_by_head_office(deployed: Database) -> None:
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await told(tx)
    mail = Recorder("mail")
    mail.away = True
    await Notices(deployed, CLOCK, [Log(), mail], most_attempts=1).deliver()
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        hq, manager = await speaker(tx, "HQ-01"), await speaker(tx, MANAGER)
        (given_up,) = (await reads.unsent(tx, hq, NoticeState.GIVEN_UP, Window(9))).items

        again = await statements.send_again(tx, hq, given_up.id)

        assert (given_up.lead_id, again.state, again.attempts) == (lead, NoticeState.WAITING, 0)
        with pytest.raises(NotFound, match="notice_not_found"):
            await statements.send_again(tx, hq, 2**62)
        with pytest.raises(Forbidden, match="role_not_allowed"):
            await statements.send_again(tx, manager, given_up.id)
        with pytest.raises(Forbidden, match="role_not_allowed"):
            await reads.unsent(tx, manager, None, Window(9))


async def test_what_somebody_was_told_is_read_in_their_language_by_them_and_whoever_may_act(
    deployed: Database,
) -> None:
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await told(tx)
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        manager, other, hq = await speaker(tx, MANAGER), await speaker(tx, "SH01-M1"), await speaker(tx, "HQ-01")

        (own,) = (await reads.told_to(tx, manager, Window(9), lead_id=None, codes=[], created=Span())).items
        (about,) = (await reads.told_about(tx, hq, lead, Window(9))).items

        assert (own.code, own.to and own.to.code, own.text) == ("incident", MANAGER, about.text)
        assert "grade" in own.text
        assert (await reads.told_to(tx, other, Window(9), lead_id=None, codes=[], created=Span())).items == ()
        with pytest.raises(Forbidden, match="other_dealer"):
            await reads.told_about(tx, other, lead, Window(9))
        with pytest.raises(Forbidden, match="actor_required"):
            await reads.told_to(tx, await speaker(tx, None), Window(9), lead_id=None, codes=[], created=Span())
