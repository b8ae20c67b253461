"""A win is undone: asked for, decided by somebody else, carried out or not (A13).

The statement is kept in ``closing["undo"]``: which, why, by whom, and who has to agree. The win
stays a win until that person has agreed; then the lead is back with its consultant, 激, and the sale
is kept as cancelled.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cases.states import Badge, Role, Stage, Status
from domain.work import Result, Work
from store.leads import sales


async def ask_undo(work: Work) -> Result:
    """Whoever has to agree is told; the process opens the task for their role."""
    undo = _undo(work)
    approver = approver_of(work) or Role.DEALER_MANAGER
    words = {"statement": undo.get("statement"), "reason": undo.get("reason")}
    if work.lead.status != Status.ERASED:  # that news is on its way
        if approver is Role.DEALER_MANAGER:
            await work.tell_manager("undo_wanted", owner=work.lead.owner_id, **words)
        else:
            work.tell("undo_wanted", role=approver, **words)
        work.note("undo_asked", **words)
    return {"approver": approver.value}


async def undo_win(work: Work) -> Result:
    """The sale is cancelled, its incentive reversed; the lead lives again with its dealer and
    consultant, 激."""
    undo, lead = _undo(work), work.lead
    statement, reason = str(undo.get("statement") or ""), undo.get("reason")
    await work.put_down()
    sale = await sales.standing(work.tx, lead.id)
    if sale is not None:
        await sales.cancel(work.tx, lead.id, sale, statement, reason, work.at)
    work.badge(Badge.REACTIVATED)
    work.change(
        status=Status.QUALIFYING,
        stage=None,
        closing={},
        ended_at=None,
        life=lead.life + 1,
        progress_at=work.at,  # a new life, so a new clock
        best_grade=lead.grade,
        best_stage=None,
    )
    words = {"statement": statement, "reason": reason, "incentive": sale.incentive if sale else None}
    work.tell("win_undone", role=Role.FINANCE, **words)
    work.tell("win_undone", role=Role.AFTER_SALES, **words)
    _tell_who_asked(work, undo, "win_undone", words)
    work.note("win_undone", life=lead.life + 1, **words)
    return {}


async def keep_win(work: Work) -> Result:
    """Not agreed: it was won and stays so."""
    undo = _undo(work)
    kept = {name: value for name, value in work.lead.closing.items() if name != "undo"}
    words = {"statement": undo.get("statement"), "reason": undo.get("reason")}
    work.change(status=Status.WON, stage=Stage.WON.value, closing=kept)
    _tell_who_asked(work, undo, "undo_refused", words)
    work.note("win_kept", **words)
    return {}


def approver_of(work: Work) -> Role | None:
    """Whose word is awaited on undoing the win; None when nobody has asked for it."""
    approver = _undo(work).get("approver")
    return Role(str(approver)) if approver else None


def _undo(work: Work) -> dict[str, Any]:
    return dict(work.lead.closing.get("undo") or {})


def _tell_who_asked(work: Work, undo: dict[str, Any], code: str, words: dict[str, Any]) -> None:
    by = undo.get("by")
    work.tell(code, staff=UUID(str(by)) if by else work.lead.owner_id, **words)
