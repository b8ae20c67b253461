"""Head office sees the notices that have not got through, and has them sent once more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from server.channels import Log
from server.notices import Notices
from store.models import ContactPoint, Notification
from store.network.network_seed import staff_id
from tests.api.conftest import Desk, headers
from tests.server.test_notices import Recorder

HQ = headers("HQ-01", language="en")


async def told(desk: Desk, lead: UUID | None = None) -> UUID:
    """Somebody of a dealer with a mail address has to be told something."""
    lead = lead or await desk.created()
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        if await tx.session.get(ContactPoint, (staff_id("BJ01-M1"), "mail")) is None:
            tx.session.add(ContactPoint(staff_id=staff_id("BJ01-M1"), channel="mail", address="m1@example.com"))
        row = {"code": "incident", "data": {"element": "grade"}, "to_staff_id": staff_id("BJ01-M1")}
        tx.session.add(Notification(id=new_id(), case_id=lead, created_at=desk.clock.now(), **row))
    return lead


async def delivered(desk: Desk, mail: Recorder | None, *, attempts: int = 1) -> None:
    channels = [Log()] if mail is None else [Log(), mail]
    await Notices(desk.database, desk.clock, channels, most_attempts=attempts).deliver()


async def listed(desk: Desk, **params: Any) -> list[dict[str, Any]]:
    answer = await desk.http.get("/api/v1/notices", params=params, headers=HQ)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture
def away() -> Recorder:
    mail = Recorder("mail")
    mail.away = True
    return mail


async def test_what_was_given_up_is_seen_and_sent_once_more(desk: Desk, away: Recorder) -> None:
    # given a notice that a dead mail server has made hopeless
    lead = await told(desk)
    await delivered(desk, away)
    (shown,) = await listed(desk, state="given_up")
    assert await listed(desk, state="waiting") == []
    assert shown.pop("given_up_at") and shown.pop("since") and shown.pop("notification_id")
    assert shown == {
        "id": shown["id"], "lead_id": str(lead), "code": "incident", "channel": "mail", "staff": "BJ01-M1",
        "role": None, "state": "given_up", "reason": None, "attempts": 1, "last_error": "ConnectionError",
    }  # fmt: skip

    # when head office has it sent again, twice
    with structlog.testing.capture_logs() as lines:
        for _ in range(2):
            answer = await desk.http.post(f"/api/v1/notices/{shown['id']}/retry", headers=HQ)
            found = answer.json()
            assert (found["state"], found["reason"], found["attempts"]) == ("waiting", "failed", 0), answer.text
    assert {line["by"] for line in lines} == {f"staff:{staff_id('HQ-01')}"}

    # then it goes out, its history says once by whom, and nothing is left to do
    away.away = False
    await delivered(desk, away)
    assert [one.address for one in away.got] == ["m1@example.com"]
    assert await listed(desk) == []
    history = await desk.list(f"/leads/{lead}/timeline")
    assert [line["by"]["code"] for line in history if line["code"] == "notice_retried"] == ["HQ-01"]
    late = await desk.http.post(f"/api/v1/notices/{shown['id']}/retry", headers=HQ)
    assert (late.status_code, late.json()["code"]) == (409, "notice_delivered")


async def test_a_notice_that_waits_is_due_at_once(desk: Desk, away: Recorder) -> None:
    await told(desk)
    await delivered(desk, away, attempts=9)
    (shown,) = await listed(desk, state="waiting")
    assert (shown["reason"], shown["attempts"]) == ("failed", 1)
    await desk.http.post(f"/api/v1/notices/{shown['id']}/retry", headers=HQ)
    await delivered(desk, away, attempts=9)
    assert len(away.tried) == 2


async def test_one_that_somebody_has_in_hand_is_left_to_them(desk: Desk, away: Recorder) -> None:
    await told(desk)
    await delivered(desk, away, attempts=9)
    (shown,) = await listed(desk)
    held = "UPDATE deliveries SET leased_by = 'other', due_at = now() + interval '1 hour' WHERE channel = 'mail'"
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text(held))
    answer = await desk.http.post(f"/api/v1/notices/{shown['id']}/retry", headers=HQ)
    assert answer.status_code == 200
    await delivered(desk, away, attempts=9)
    assert len(away.tried) == 1


async def test_a_channel_that_nobody_runs_any_more_is_the_reason_why_its_notices_wait(
    desk: Desk, away: Recorder
) -> None:
    # given a channel that was run when the notice was made
    await told(desk)
    await delivered(desk, away, attempts=9)
    assert [(one["channel"], one["reason"]) for one in await listed(desk)] == [("mail", "failed")]

    # when workers have gone on without it for a while
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("UPDATE notice_channels SET seen_at = now() - interval '2 minutes'"))
    await told(desk)
    await delivered(desk, None)

    # then the others get through and this one says what it waits for
    (shown,) = await listed(desk)
    assert (shown["channel"], shown["state"], shown["reason"]) == ("mail", "waiting", "channel_off")

    # and it goes out when the channel is back
    await desk.http.post(f"/api/v1/notices/{shown['id']}/retry", headers=HQ)
    away.away = False
    await delivered(desk, away)
    assert len(away.got) == 1
    assert await listed(desk) == []


async def test_pages_hold_each_notice_once(desk: Desk, away: Recorder) -> None:
    lead = await desk.created()
    for _ in range(5):
        await told(desk, lead)
    await delivered(desk, away)
    seen: list[int] = []
    params: dict[str, Any] = {"limit": 2, "state": "given_up"}
    while True:
        page = (await desk.http.get("/api/v1/notices", params=params, headers=HQ)).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert len(seen) == 5
    assert seen == sorted(set(seen), reverse=True)


@pytest.mark.parametrize(
    ("method", "path", "by", "status", "code"),
    [
        ("GET", "/notices", None, 403, "actor_required"),
        ("GET", "/notices", "BJ01-M1", 403, "role_not_allowed"),
        ("GET", "/notices?state=lost", "HQ-01", 422, "invalid_input"),
        ("GET", "/notices?cursor=x", "HQ-01", 422, "cursor_invalid"),
        ("POST", "/notices/1/retry", "BJ01-M1", 403, "role_not_allowed"),
        ("POST", "/notices/1/retry", "HQ-01", 404, "notice_not_found"),
        ("POST", "/notices/9223372036854775808/retry", "HQ-01", 422, "invalid_input"),
        ("POST", "/notices/x/retry", "HQ-01", 422, "invalid_input"),
    ],
)
async def test_what_cannot_be(desk: Desk, method: str, path: str, by: str | None, status: int, code: str) -> None:
    answer = await desk.http.request(method, f"/api/v1{path}", headers=headers(by))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_cursor_of_another_list_is_refused(desk: Desk) -> None:
    for _ in range(2):
        await desk.created()
    other = (await desk.get("/leads", limit=1))["next"]
    answer = await desk.http.get("/api/v1/notices", params={"cursor": other}, headers=HQ)
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")
