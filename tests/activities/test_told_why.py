"""Who gets a lead is told why: a supervisor's word, a colleague or a dealer that left, somebody who
is away (A11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.actors import EVERYTHING, SYSTEM
from store.leads import leads
from store.leads.assignments import AssignmentKind, transfer
from store.models import Notification
from store.network.network_seed import dealer_id, staff_id
from tests.activities.scene import START, Scene


@pytest.mark.parametrize("to_staff", ["BJ02-C1", None])
@pytest.mark.parametrize(
    ("kind", "reason", "case"),
    [
        (AssignmentKind.REASSIGN, "left", None),  # a supervisor's own words are no case
        (AssignmentKind.REDISTRIBUTE, "left", "left"),
        (AssignmentKind.REDISTRIBUTE, "absent", "absent"),
        (AssignmentKind.REDISTRIBUTE, "dealer_left", "dealer_left"),
    ],
)
async def test_a_notice_says_by_which_hand_a_lead_came(
    scene: Scene, kind: AssignmentKind, reason: str, case: str | None, to_staff: str | None
) -> None:
    lead_id, at = await scene.working(), START + timedelta(hours=5)
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await leads.lock(tx, lead_id)
        staff = staff_id(to_staff) if to_staff else None
        await transfer(
            tx, lead, to_dealer=dealer_id("BJ02"), to_staff=staff, kind=kind, by="system", at=at, reason=reason
        )

    await scene.run("take_over", lead_id, at)

    code = "reassigned_to_you" if to_staff else "reassigned_to_dealer"
    assert [one.data["case"] for one in await scene.rows(Notification, lead_id) if one.code == code] == [case]
