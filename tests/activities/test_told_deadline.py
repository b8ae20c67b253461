"""Whoever gets a lead is told until when the customer has to be reached: the deadline that the task
then has."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from cases.messages import NOTIFICATIONS, TIMELINE
from cases.zone import CHINA
from store.models import Notification
from tests.activities.scene import Scene

WHEN = (
    datetime(2026, 11, 24, 10, tzinfo=CHINA),  # a Tuesday
    datetime(2026, 11, 24, 2, tzinfo=CHINA),
    datetime(2026, 11, 27, 21, 30, tzinfo=CHINA),  # a Friday evening
    datetime(2027, 2, 4, 17, 50, tzinfo=CHINA),  # the eve of a long holiday
    datetime(2026, 12, 31, 23, 59, tzinfo=CHINA),
)


async def promised(scene: Scene, lead_id: UUID, code: str, name: str) -> datetime:
    notices = [one for one in await scene.rows(Notification, lead_id) if one.code == code]
    return datetime.fromisoformat(notices[-1].data[name])


@pytest.mark.parametrize("at", WHEN)
@pytest.mark.parametrize("quiet", [False, True])
async def test_the_notice_names_the_deadline_of_the_first_follow_up(scene: Scene, at: datetime, quiet: bool) -> None:
    await scene.sql("UPDATE working_hours SET holidays = false")
    lead_id = await scene.lead(at=at)
    if quiet:
        await scene.sql("UPDATE customers SET do_not_call = true, call_said_at = now()")
    graded = await scene.run("grade", lead_id, at)
    await scene.run("dispatch", lead_id, at, lane=graded["lane"])
    await scene.run("assign", lead_id, at, lane=graded["lane"])

    planned = await scene.chased(lead_id, at)

    code = "lead_assigned_quiet" if quiet else "lead_assigned"
    assert await promised(scene, lead_id, code, "due") == datetime.fromisoformat(planned["due"])


@pytest.mark.parametrize("at", WHEN)
async def test_who_gets_it_by_a_hand_over_is_told_the_new_deadline(scene: Scene, at: datetime) -> None:
    lead_id = await scene.working(at=at)
    rung = (await scene.chased(lead_id, at))["rung_at"]
    while rung is not None:
        now = datetime.fromisoformat(rung)
        rung = (await scene.run("climb", lead_id, now, kind="first_follow_up"))["rung_at"]

    planned = await scene.chased(lead_id, now)

    due = datetime.fromisoformat(planned["due"])
    assert await promised(scene, lead_id, "handed_over_to_you", "until") == due
    assert due >= now + timedelta(hours=24)


def test_no_text_repeats_a_number_that_a_table_has() -> None:
    """How long somebody has is the tables' to say: a text names the instant."""
    for catalogue in (NOTIFICATIONS, TIMELINE):
        for code, words in catalogue.items():
            assert not any(sign.isdecimal() for sign in words.zh + words.en), code
