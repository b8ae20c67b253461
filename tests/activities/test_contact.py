"""Whoever must not be called is not, whichever activity would reach them (F3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from activities.catalogue import ACTIVITIES
from cases.contact import MATERIAL
from cases.states import TaskKind
from domain import kinds
from store.models import Material, SlaClock, TimelineEntry
from tests.activities.scene import START, Scene

REACHES_NOBODY = frozenset(
    {
        "clean", "find_duplicates", "attach_duplicate", "grade", "decide", "dispatch", "assign", "enter_pool",
        "leave_pool", "expire_pool", "keep_choice", "take_over", "climb", "close", "ask_confirmation", "reopen",
        "archive", "reactivate", "plan_nurture", "note_intent", "refresh_customer", "announce_interest", "erase",
        "send_message", "throw_signal", "record_incident", "record_migration", "open_case", "classify_ticket",
        "plan_round", "run_round",
        "await_confirmation", "reopen_ticket",
        "note_about_ended", "close_ticket", "hq_first", "ask_undo",
        "keep_win", "undo_win", "plan_firm_up", "relieve_owner",
    }
)  # fmt: skip
"""They change what is known, or speak to people of the network."""
REACHES = {name: one.reaches for name, one in kinds.activities().items() if one.reaches}
OF_LEADS = {name: one.reaches for name, one in kinds.working_on("lead").items()}
CALLS = {TaskKind.OUTBOUND_CALL, TaskKind.INTENT_CHECK, TaskKind.RECALL}


async def refuses(scene: Scene) -> None:
    await scene.sql("UPDATE customers SET do_not_call = true, call_said_at = now()")


def test_of_every_activity_is_said_whether_it_reaches_the_customer() -> None:
    """A new activity fails here until it is declared."""
    assert REACHES.keys() | REACHES_NOBODY == ACTIVITIES.keys()
    assert not REACHES.keys() & REACHES_NOBODY
    assert set().union(*REACHES.values()) == set(kinds.purposes())


@pytest.mark.parametrize(
    ("name", "purpose"), [(name, str(purpose)) for name, purposes in OF_LEADS.items() for purpose in purposes]
)
async def test_nothing_that_reaches_a_customer_calls_who_refused(scene: Scene, name: str, purpose: str) -> None:
    lead_id = await scene.working()
    await refuses(scene)
    given: dict[str, dict[str, Any]] = {"plan_task": {"kind": purpose}, "plan_recall": {"outcome": "lost"}}
    if purpose == TaskKind.NEXT_FOLLOW_UP:
        await _spoken_with(scene, lead_id)

    for times in range(6):  # each number of a material has a channel of its own
        result = await scene.run(name, lead_id, START + timedelta(days=20 * times), **given.get(name, {}))

    lines = {one.code for one in await scene.rows(TimelineEntry, lead_id)}
    clocks = {one.kind for one in await scene.rows(SlaClock, lead_id)}
    if purpose == MATERIAL:
        sent = await scene.rows(Material, lead_id)
        assert sent and not {"call", "sms"} & {one.channel for one in sent}
    elif name == "plan_recall":
        assert result == {"recall_at": None}
    elif purpose in CALLS:
        assert result["outcome"] == kinds.task_kinds()[purpose].spared
        assert purpose not in clocks and "call_spared" in lines
    else:
        assert "outcome" not in result
        assert purpose in clocks and "written_contact" in lines


async def _spoken_with(scene: Scene, lead_id: object) -> None:
    await scene.sql(
        "INSERT INTO follow_ups (id, lead_id, by_id, at, channel, outcome, late)"
        " SELECT gen_random_uuid(), id, owner_id, :at, 'wechat', 'continue', false FROM cases WHERE id = :id",
        at=START,
        id=lead_id,
    )


@pytest.mark.parametrize("kind", [one for one in TaskKind])
async def test_who_said_nothing_is_reached_as_ever(scene: Scene, kind: TaskKind) -> None:
    lead_id = await scene.working()

    planned = await scene.run("plan_task", lead_id, kind=kind)

    assert "outcome" not in planned
    assert not {"call_spared", "written_contact"} & {one.code for one in await scene.rows(TimelineEntry, lead_id)}
