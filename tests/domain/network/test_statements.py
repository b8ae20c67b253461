"""The network is kept by plain functions over a transaction and a speaker: no request, no app, the
same laws as at the API."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from cases.actors import EVERYTHING, SYSTEM, Actor
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.states import Status, TaskKind
from domain.leads.intake import receiving
from domain.network.forms import FORMS
from domain.network.reads import changes
from domain.network.reads import entries as shown
from domain.network.reads import people as reads
from domain.network.statements import contact, entries, importing, presence
from domain.speaker import Speaker
from domain.versions import Changed, Versions
from server.settings import CHECKOUT
from store.leads import leads
from store.listing import Window
from store.network import people
from store.network.network_seed import dealer_id, staff_id
from store.session import Database, Tx
from tests.store import kept
from tests.timetravel import MORNING, TestClock

CLOCK = TestClock(MORNING)
DAY = timedelta(days=1)
SENT = {"name": "华桂珍", "phone": "139 8159 0830", "model": "傲虎", "channel": "maker.vertical.dongchedi"}
REGION = FORMS["regions"].whole.model_validate({"name": "西北区"})


async def speaker(tx: Tx, code: str | None) -> Speaker:
    return Speaker(None if code is None else await people.person(tx, code), CLOCK, "en")


async def a_lead_of(tx: Tx, owner: str) -> UUID:
    """A lead that somebody works on, with a first follow-up that is due in a day."""
    (received,) = await receiving.receive(tx, Speaker(None, CLOCK), [SENT])
    assert received.lead_id is not None
    at, lead, dealer, person = CLOCK.now(), received.lead_id, dealer_id("BJ01"), staff_id(owner)
    due = at + timedelta(hours=24)
    held = {"dealer_id": dealer, "owner_id": person, "assigned_at": at, "region": "NORTH", "grade": "B"}
    await leads.change(tx, lead, status=Status.WORKING, stage="first_follow_up_due", **held)
    await kept.task(tx, lead, TaskKind.FIRST_FOLLOW_UP, "consultant", dealer=dealer, owner=person, at=at, due=due)
    return lead


async def test_who_leaves_gives_their_leads_to_colleagues(deployed: Database) -> None:
    async with deployed.transaction(Actor("channel", "file"), EVERYTHING) as tx:
        lead = await a_lead_of(tx, "BJ01-C1")
        manager = await speaker(tx, "BJ01-M1")

        gone = await presence.set_presence(tx, manager, "BJ01-C1", presence.PresenceBody(active=False))
        again = await presence.set_presence(tx, manager, "BJ01-C1", presence.PresenceBody(active=False))

        assert [one.lead_id for one in gone.moved] == [lead]
        owner = (await leads.get(tx, lead)).owner_id
        assert owner is not None and gone.moved[0].to == (await people.persons(tx, [owner]))[0].code != "BJ01-C1"
        assert (gone.active, again.moved) == (False, [])


@pytest.mark.parametrize(("days", "moves"), [(1, False), (6, True)])
async def test_an_absence_moves_what_falls_due_in_it(deployed: Database, days: int, moves: bool) -> None:
    async with deployed.transaction(Actor("channel", "file"), EVERYTHING) as tx:
        await a_lead_of(tx, "BJ01-C1")
        manager = await speaker(tx, "BJ01-M1")
        body = presence.AbsenceBody(starts_at=CLOCK.now(), ends_at=CLOCK.now() + days * DAY)

        entered = await presence.enter_absence(tx, manager, "BJ01-C1", body)

        assert (len(entered.moved), entered.kept) == ((1, 0) if moves else (0, 1))
        assert [one.id for one in await reads.absences(tx, manager, "BJ01-C1")] == [entered.id]
        assert (await presence.remove_absence(tx, manager, "BJ01-C1", entered.id)).staff == "BJ01-C1"
        with pytest.raises(NotFound, match="absence_not_found"):
            await presence.remove_absence(tx, manager, "BJ01-C1", entered.id)


@pytest.mark.parametrize(
    ("who", "of_whom", "code"),
    [
        (None, "BJ01-C1", "actor_required"),
        ("BJ01-C2", "BJ01-C1", "role_not_allowed"),
        ("BJ02-M1", "BJ01-C1", "other_dealer"),
        ("BJ01-M1", "NOBODY", "staff_not_found"),
    ],
)
async def test_of_whom_one_may_speak(deployed: Database, who: str | None, of_whom: str, code: str) -> None:
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        said = presence.PresenceBody(active=False)
        with pytest.raises((Forbidden, NotFound), match=code):
            await presence.set_presence(tx, await speaker(tx, who), of_whom, said)


async def test_an_entry_is_put_changed_and_removed_by_whoever_has_seen_it(deployed: Database) -> None:
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        hq = await speaker(tx, "HQ-01")

        created, first = await entries.put(tx, hq, "regions", "NW", REGION)
        same, _ = await entries.put(tx, hq, "regions", "NW", REGION, Versions(False, ((False, str(first)),)))
        part = FORMS["regions"].part.model_validate({"name": "西北大区"})
        changed, second = await entries.patch(tx, hq, "regions", "NW", part)

        assert (created.verdict, same.verdict, changed.verdict) == ("created", "unchanged", "changed")
        assert changed.changes["name"].model_dump() == {"before": "西北区", "after": "西北大区"}
        assert await shown.entry(tx, hq, "regions", "NW") == ({"code": "NW", "name": "西北大区"}, second)
        with pytest.raises(Changed) as meanwhile:
            await entries.remove(tx, hq, "regions", "NW", Versions(False, ((False, str(first)),)))
        assert [(one.field, one.before, one.now) for one in meanwhile.value.more["changes"]] == [
            ("name", "西北区", "西北大区")
        ]
        assert (await entries.remove(tx, hq, "regions", "NW")).entry == {"code": "NW", "name": "西北大区"}
        with pytest.raises(NotFound, match="entry_not_found"):
            await shown.entry(tx, hq, "regions", "NW")
        lines = await changes.changes(tx, hq, Window(9), kind=None, code="NW", by=None)
        assert [one.what for one in lines.items] == ["removed", "changed", "created"]


async def test_the_laws_of_entries_are_the_same_without_a_request(deployed: Database) -> None:
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        hq, manager = await speaker(tx, "HQ-01"), await speaker(tx, "BJ01-M1")
        nothing = FORMS["regions"].part.model_validate({})

        with pytest.raises(Forbidden, match="role_not_allowed"):
            await entries.put(tx, manager, "regions", "NW", REGION)
        with pytest.raises(Forbidden, match="role_not_allowed"):
            await shown.entries(tx, manager, "contact-points")
        with pytest.raises(Invalid, match="nothing_to_change"):
            await entries.patch(tx, hq, "regions", "NORTH", nothing)
        with pytest.raises(Invalid) as unknown:
            city = FORMS["cities"].whole.model_validate({"region": "NOWHERE"})
            await entries.put(tx, hq, "cities", "新城", city)
        with pytest.raises(Conflict):
            await entries.remove(tx, hq, "regions", "NORTH")
    assert [problem.field for problem in unknown.value.problems] == ["region"]


async def test_a_file_of_entries_has_a_verdict_for_each(deployed: Database) -> None:
    rows = importing.read(
        [
            ("cities", "新城", {"region": "NW"}),
            ("regions", "NW", {"name": "西北区"}),
            ("dealers", "BJ01", {"daily_capacity": "many"}),
        ]
    )
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        hq, manager = await speaker(tx, "HQ-01"), await speaker(tx, "BJ01-M1")
        body = importing.ImportBody.model_validate({"rows": [{"kind": "regions", "code": "NW", "values": {}}]})
        with pytest.raises(Forbidden):
            await importing.import_network(tx, manager, body, rows)
        whole = body.model_copy(update={"all_or_nothing": True})

        nothing = await importing.import_network(tx, hq, whole, rows)
        done = await importing.import_network(tx, hq, body, rows)

        assert (nothing.applied, done.applied) == (False, True)
        assert [one.outcome.verdict for one in done.rows] == ["created", "created", "refused"]
        assert (done.count("created"), done.rows[2].outcome.problems[0].field) == (2, "daily_capacity")
        assert (await shown.entry(tx, hq, "cities", "新城"))[0]["region"] == "NW"


async def test_a_person_says_how_they_are_reached_and_nobody_else_but_head_office(deployed: Database) -> None:
    body = contact.ContactPointsBody.model_validate({"language": "en", "addresses": {"mail": "m@example.com"}})
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        manager, colleague = await speaker(tx, "BJ01-M1"), await speaker(tx, "BJ01-C1")

        saved = await contact.set_contact_points(tx, manager, "BJ01-M1", body)

        assert (saved.language, saved.channels) == ("en", ["mail"])
        assert (await reads.contact_points(tx, manager, "BJ01-M1")).addresses == {"mail": "m@example.com"}
        with pytest.raises(Forbidden, match="another_person"):
            await contact.set_contact_points(tx, colleague, "BJ01-M1", body)


def test_an_absence_ends_after_it_begins() -> None:
    with pytest.raises(ValidationError):
        presence.AbsenceBody(starts_at=MORNING, ends_at=MORNING)


def test_statements_drag_in_no_http() -> None:
    modules = "domain.network.statements.entries, domain.network.statements.importing, domain.network.laws.departures"
    program = f"import sys, {modules}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert set(done.stdout.split()) & {"api", "activities", "fastapi", "starlette", "uvicorn", "temporalio"} == set()
