"""Keep a customer warm until interest rises (A15)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from activities.contact import approach
from cases.contact import MATERIAL, Contactable
from cases.states import Status
from domain.tables import Made
from domain.work import Result, Work, iso
from store.leads import materials


async def plan_nurture(work: Work) -> Result:
    """How often material is sent, intent checked, and how long in all (table ``nurture-plan``)."""
    side = str(work.data.get("side") or _side(work))
    lost_pool = work.lead.status in (Status.POOL, Status.QUALIFYING) and work.lead.owner_id is None
    await work.put_down()
    made = work.decide("nurture-plan", **_asked(work, side))
    if lost_pool:
        work.change(dealer_id=None)  # a dealer that left it in the pool is no choice to come back to
    check_at = _later(work, made, "check_every_days")
    keep_until = _later(work, made, "keep_days")
    work.change(status=Status.NURTURE, stage=None)
    work.note("nurture_planned", because=made.id, side=side, keep_until=keep_until)
    return {"material_at": iso(work.at), "check_at": iso(check_at), "keep_until": iso(keep_until)}


async def send_material(work: Work) -> Result:
    """Sends the next material (table ``material``), and says when the one after is due (table
    ``nurture-plan``).

    At most one a day: a form that a customer sends five times brings one answer.
    """
    lead = work.lead
    count, last_at = await materials.sent(work.tx, lead.id)
    number = count + 1
    plan = work.look("nurture-plan", **_asked(work, _side(work)))
    if last_at is not None and work.at - last_at < timedelta(days=1):
        return {"material_at": iso(_later(work, plan, "material_every_days")), "code": None}
    made = work.look("material", grade=lead.grade or "", number=number, horizon_days=_horizon(work))
    code = str(made.get("code") or plan.get("first_material") or "model_comparison")
    found, _ = await approach(work, MATERIAL, str(made.get("channel") or plan.get("channel") or "edm"))
    material_at = _later(work, plan, "material_every_days")
    if found.verdict in (Contactable.DROP, Contactable.NOT_BEFORE):
        work.note("material_withheld", because=found.decision, material=code)
        return {"material_at": iso(material_at), "code": None}
    channel = found.channel
    decision = work.record(made)
    await materials.send(work.tx, lead.id, code, channel, number, work.at, decision)
    work.note("material_sent", because=decision, material=code, channel=channel, number=number)
    return {"material_at": iso(material_at), "code": code}


async def note_intent(work: Work) -> Result:
    """The call found nothing new: when the next one is due."""
    plan = work.look("nurture-plan", **_asked(work, _side(work)))
    check_at = _later(work, plan, "check_every_days")
    work.note("intent_noted", outcome=work.data.get("outcome"), check_at=check_at)
    return {"check_at": iso(check_at)}


def _asked(work: Work, side: str) -> dict[str, Any]:
    return {"grade": work.lead.grade or "", "horizon_days": _horizon(work), "side": side}


def _side(work: Work) -> str:
    return "dealer" if work.lead.owner_id is not None else "hq"


def _horizon(work: Work) -> int:
    return -1 if work.lead.horizon_days is None else work.lead.horizon_days


def _later(work: Work, plan: Made, every: str) -> datetime:
    return work.at + timedelta(days=float(plan.get(every) or 0))
