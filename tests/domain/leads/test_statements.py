"""A lead comes in and is worked on through plain functions: no request, no app, the same laws as at
the API."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM, Actor
from cases.errors import Conflict, Forbidden, Invalid
from cases.stated import Statement
from cases.states import Status, TaskKind, Verdict
from domain.leads.intake import receiving
from domain.leads.laws.kinds import KINDS, answering
from domain.leads.laws.possible import possible
from domain.leads.statements import bulk, forms, saying
from domain.speaker import Speaker
from server.settings import CHECKOUT
from store.leads import leads
from store.network import people
from store.network.network_seed import dealer_id, staff_id
from store.session import Database
from tests.store import kept
from tests.timetravel import MORNING, TestClock

CLOCK = TestClock(MORNING)
SENT = {"name": "华桂珍", "phone": "139 8159 0830", "model": "傲虎", "channel": "maker.vertical.dongchedi"}


async def speaker(database: Database, code: str) -> Speaker:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return Speaker(await people.person(tx, code), CLOCK, "en")


async def taken_in(database: Database) -> UUID:
    """A lead of a channel, which is no person, given to the consultant BJ01-C1 with a first
    follow-up."""
    async with database.transaction(Actor("channel", "file"), EVERYTHING) as tx:
        (received,) = await receiving.receive(tx, Speaker(None, CLOCK), [SENT])
        assert received.verdict is Verdict.CREATED and received.lead_id is not None
        at, lead = CLOCK.now(), received.lead_id
        dealer, owner = dealer_id("BJ01"), staff_id("BJ01-C1")
        held = {"dealer_id": dealer, "owner_id": owner, "assigned_at": at, "region": "NORTH", "grade": "B"}
        await leads.change(tx, lead, status=Status.WORKING, stage="first_follow_up_due", **held)
        due = at + timedelta(hours=24)
        await kept.task(tx, lead, TaskKind.FIRST_FOLLOW_UP, "consultant", dealer=dealer, owner=owner, at=at, due=due)
    return lead


def met(**said: object) -> forms.FollowUpBody:
    return forms.FollowUpBody.model_validate({"content": "介绍了四驱系统", "answer": "周末来看车"} | said)


async def test_a_follow_up_is_stated_without_a_request(deployed: Database) -> None:
    lead, owner = await taken_in(deployed), await speaker(deployed, "BJ01-C1")

    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        stated = await saying.follow_up(tx, owner, lead, "follow_up", met(grade="H"))

    assert (stated.statement, stated.outcome, stated.grade) == (Statement.FOLLOW_UP, "continue", "H")
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        with pytest.raises(Conflict, match="no_open_task"):
            await saying.follow_up(tx, owner, lead, "follow_up", met())


async def test_the_laws_are_the_same_without_a_request(deployed: Database) -> None:
    lead = await taken_in(deployed)
    owner, colleague = await speaker(deployed, "BJ01-C1"), await speaker(deployed, "BJ01-C2")

    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        assert set(await possible(tx, await leads.get(tx, lead))) >= set(answering(TaskKind.FIRST_FOLLOW_UP))
        with pytest.raises(Forbidden, match="actor_required"):
            await saying.follow_up(tx, Speaker(None, CLOCK), lead, "follow_up", met())
        with pytest.raises(Forbidden, match="not_yours"):
            await saying.follow_up(tx, colleague, lead, "follow_up", met())
        with pytest.raises(Invalid) as empty:
            await saying.follow_up(tx, owner, lead, "follow_up", met(content="…", answer=""))
    assert [problem.code for problem in empty.value.problems] == ["says_nothing"]


async def test_of_many_leads_those_that_cannot_be_given_say_why(deployed: Database) -> None:
    lead, manager = await taken_in(deployed), await speaker(deployed, "BJ01-M1")
    body = forms.BulkReassignBody(leads=[lead, UUID(int=7), lead], to_staff="BJ01-C2", reason="离职交接")

    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        found = await bulk.reassign_many(tx, manager, body)

    assert [(one.lead_id, one.verdict, one.code) for one in found.leads] == [
        (lead, "reassigned", None),
        (UUID(int=7), "refused", "lead_not_found"),
    ]
    assert (found.reassigned, found.refused) == (1, 1)
    assert found.leads[1].message == "There is no such lead"


def test_every_task_kind_of_a_lead_can_be_answered() -> None:
    assert {kind for one in KINDS.values() for kind in one.answers} == set(TaskKind)
    assert len({one.called for one in KINDS.values()}) == len(KINDS)


def test_statements_drag_in_no_http() -> None:
    program = "import sys, domain.leads.statements.bulk, domain.leads.statements.saying, domain.leads.intake.receiving"
    shown = "; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program + shown], capture_output=True, text=True, cwd=CHECKOUT)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) & {"api", "fastapi", "starlette", "uvicorn", "temporalio"} == set()
