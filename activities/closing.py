"""Ends and returns of a lead: won, lost, invalid, archived, recalled, reactivated (A13, A14,
A16)."""

from __future__ import annotations

from datetime import timedelta

from activities.contact import Slot, approach
from cases.contact import Contactable
from cases.states import ENDED, Badge, Outcome, Role, Stage, Status, TaskKind
from domain.work import Result, Work, iso
from store.leads import sales

FINAL: dict[str, tuple[Status, Stage]] = {
    Outcome.WON: (Status.WON, Stage.WON),
    Outcome.LOST: (Status.LOST, Stage.LOST),
    Outcome.INVALID: (Status.INVALID, Stage.INVALID),
}
"""What a lead becomes by its outcome."""


async def close(work: Work) -> Result:
    """Ends the lead as won, lost or invalid. A sale gets price tier and incentive (table
    ``price-tier``), and finance and after-sales hear of it."""
    outcome = str(work.data["outcome"])
    status, stage = FINAL[outcome]
    await work.put_down()
    closing = {**work.lead.closing, "outcome": outcome}
    work.change(status=status, stage=stage.value, ended_at=work.at, closing=closing)
    result: Result = {}
    if status is Status.WON:
        result = await _reward(work)
        work.tell("won_for_finance", role=Role.FINANCE, **result)
        work.tell("won_for_after_sales", role=Role.AFTER_SALES)
    work.note("closed", outcome=outcome, reason=closing.get("reason"), **result)
    return result


async def ask_confirmation(work: Work) -> Result:
    """A stated loss or invalidity waits for the dealer's manager (A14)."""
    words = {"outcome": work.data.get("outcome"), "reason": work.lead.closing.get("reason")}
    work.change(status=Status.CONFIRMING)
    await work.tell_manager("confirmation_wanted", owner=work.lead.owner_id, **words)
    work.note("confirmation_asked", **words)
    return {}


async def reopen(work: Work) -> Result:
    """The manager refused: the consultant goes on."""
    work.change(status=Status.WORKING, closing={})
    work.tell_owner("closing_refused", otherwise=Role.DEALER_MANAGER)
    work.note("reopened")
    return {}


async def plan_recall(work: Work) -> Result:
    """Whether and when HQ calls a lost customer back (table ``recall``); never one who does not
    want to be called."""
    closing = work.lead.closing
    outcome = str(work.data.get("outcome") or closing.get("outcome") or Outcome.LOST)
    made = work.decide("recall", outcome=outcome, reason=str(closing.get("reason") or ""))
    planned = work.at + timedelta(days=float(made.get("after_days") or 0))
    found, slot = await approach(work, TaskKind.RECALL, slot=Slot(planned, planned))
    if not made.get("recall") or found.verdict in (Contactable.DROP, Contactable.OTHER_CHANNEL):
        work.note("no_recall", because=made.id, reason=closing.get("reason"))
        return {"recall_at": None}
    recall_at = slot.due
    work.change(next_due_at=recall_at)
    work.note("recall_planned", because=made.id, at=recall_at)
    return {"recall_at": iso(recall_at)}


async def archive(work: Work) -> Result:
    """Puts a cold lead away; interest brings it back."""
    await work.put_down()
    work.change(status=Status.ARCHIVED, ended_at=work.at)
    work.note("archived")
    return {}


async def reactivate(work: Work) -> Result:
    """An ended lead lives again, 激, with its history; it is qualified and routed afresh (A16).

    Where a statement has brought it back already (life counted, status moved), only what is left is
    done. A dealer's own lead comes back with that dealer. A grade that a person stated in the life
    before counts no more; one stated since (by the recall) does.
    """
    await work.put_down()
    ended_at, graded_at = work.lead.ended_at, work.lead.graded_at
    if work.lead.status in ENDED:
        work.change(life=work.lead.life + 1)
    if ended_at is None or graded_at is None or graded_at <= ended_at:
        work.change(grade_reason=None)
    work.badge(Badge.REACTIVATED)
    work.change(
        status=Status.QUALIFYING,
        stage=None,
        dealer_id=work.lead.home_dealer_id,
        owner_id=None,
        closing={},
        ended_at=None,
        progress_at=None,  # a new life, so a new clock
        best_grade=None,
        best_stage=None,
    )
    work.note("reactivated", life=work.lead.life)
    return {}


async def _reward(work: Work) -> Result:
    sale = await sales.standing(work.tx, work.lead.id)
    if sale is None:
        return {}
    made = work.decide("price-tier", price=sale.price)
    tier, incentive = made.get("tier"), made.get("incentive")
    await sales.reward(work.tx, work.lead.id, sale, tier, incentive, work.at)
    return {"price_tier": tier, "incentive": incentive}
