"""The paths of the diagrams in a sales manager's words, and how each is recognised in a lead's
timeline.

A lead's history becomes a sequence of marks: its codes, ``code:outcome``, ``@element``. A path is a
sequence of marks to be found in that order; ``!mark`` says what must not come between its
neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Path:
    """One way through a diagram. ``rare``: two people have to act in the same moment."""

    process: str
    title: str
    marks: tuple[str, ...]
    rare: bool = False


def _path(process: str, title: str, *marks: str, rare: bool = False) -> Path:
    return Path(process, title, marks, rare)


UNREACHABLE: Final = "called:unreachable"

PATHS: Final[tuple[Path, ...]] = (
    _path("lead", "信息齐全，直接定级", "cleaned", "!called", "@grade"),
    _path("lead", "外呼补全后定级", "called:qualified", "@grade"),
    _path("lead", "外呼发现重复，归并（重）", "called:duplicate", "@attach_duplicate"),
    _path("lead", "外呼判为无效", "called:invalid", "@close_invalid"),
    _path("lead", "打不通，24 小时后再打", UNREACHABLE, "!nurture_planned", "called"),
    _path("lead", "三次打不通，转培育", UNREACHABLE, UNREACHABLE, UNREACHABLE, "nurture_planned"),
    _path("lead", "级别够，下发", "@grade", "dispatched"),
    _path("lead", "级别低，培育", "@grade", "!dispatched", "!choice_kept", "nurture_planned"),
    _path("lead", "培育升温，重新定级", "nurture_planned", "@grade"),
    _path("lead", "培育未见效，归档", "@archive_cold"),
    _path("lead", "培育中主管指派，直接下发", "nurture_planned", "@keep_choice"),
    _path("lead", "成交", "@close_won"),
    _path("lead", "退订，经理同意，重新跟进（激）", "cancel_stated", "undo_decided:confirmed", "@undo_win", "@assign"),
    _path("lead", "误报成交未获同意，仍为成交", "wrong_win_stated", "undo_decided:refused", "@keep_win"),
    _path("lead", "约定购车之前退订", "purchase_awaited", "!task_planned", "cancel_stated", "@ask_undo"),
    _path("lead", "无效，经确认结束", "invalid_stated", "!reopened", "closed:invalid"),
    _path("lead", "战败，不回访", "no_recall"),
    _path("lead", "回访有意向，激活（激）", "recalled:raised", "@reactivate_recalled"),
    _path("lead", "回访没兴趣，归档", "recalled:not_interested", "@archive_lost"),
    _path("lead", "回访之前客户自己回来", "recall_planned", "!recalled", "@reactivate_returned"),
    _path("lead", "归档后客户回来（激）", "archived", "@reactivate_returned"),
    _path("lead", "转冷，由门店培育", "cooled_stated", "nurture_planned"),
    _path("lead", "公海无人领取，由总部培育", "pool_expired", "nurture_planned"),
    _path("lead", "无人外呼，总部定夺再外呼", "left_undone", "hq_decided:call_again", "task_planned"),
    _path("lead", "随时：下发前主管指派", "@on_reassigned_done"),
    _path("lead", "随时：客户资料更新", "@on_customer_updated_done"),
    _path("lead", "随时：再次咨询", "@on_interest_done"),
    _path("lead", "随时：级别变更（与他人同时）", "@on_regraded_done", rare=True),
    _path("lead", "随时：客户回来（与回访同时）", "@on_returned_done", rare=True),
    _path("lead", "随时：依法删除", "@on_erased_done"),
    _path("sale", "没有合适的店，入公海", "no_dealer", "pool_entered"),
    _path("sale", "店里没有可用顾问，入公海", "no_consultant", "pool_entered"),
    _path("sale", "公海：有人抢到（抢）", "pool_entered", "claimed", "pool_left"),
    _path("sale", "公海：主管指派", "pool_entered", "!pool_left", "!pool_expired", "taken_over"),
    _path("sale", "公海：期满收回", "pool_expired"),
    _path("sale", "继续跟进", "followed_up", "task_planned"),
    _path("sale", "邀约、到店、试驾", "invited", "visited", "test_driven"),
    _path("sale", "超期自动转交", "handed_over", "task_planned"),
    _path("sale", "超期退回，按表立即再下发，告知总部", "back_to_hq", "hq_weighed", "!hq_asked", "@dispatch"),
    _path("sale", "再次退回，总部定夺再下发", "back_to_hq", "hq_asked", "hq_decided:dispatch", "@dispatch"),
    _path("sale", "公海无人领取，总部定夺", "pool_expired", "hq_asked", "hq_decided"),
    _path("sale", "请总部定夺，总部指派", "hq_asked", "reassigned", "choice_kept"),
    _path("sale", "经理一直不确认，总部关闭", "confirmation_asked", "left_undone", "hq_asked", "@close_decided"),
    _path("sale", "跟进中主管改派", "assigned", "!pool_entered", "reassigned", "taken_over"),
    _path("sale", "战败，经理同意", "lost_stated", "!reopened", "closed:lost"),
    _path("sale", "经理不同意，继续跟进", "closing_decided:refused", "reopened", "task_planned"),
    _path("sale", "客户转冷", "cooled_stated"),
    _path("purchase", "约定以后购车，临近确认", "purchase_awaited", "purchase_firmed"),
    _path("purchase", "改期，再次确认", "purchase_moved", "purchase_awaited", "purchase_firmed"),
    _path("purchase", "落空，申请撤销成交", "purchase_fell_through", "undo_asked"),
    _path("purchase", "落空未获同意，再次确认", "purchase_fell_through", "@keep_win", "purchase_awaited"),
    _path("chase", "期限之前完成", "task_planned", "in_time"),
    _path("chase", "提醒，再告知经理", "reminded", "manager_told"),
    _path("chase", "一直无人办理，交总部定夺", "manager_told", "left_undone", "hq_asked"),
    _path("chase", "催办后才完成", "manager_told", "!handed_over", "!back_to_hq", "late"),
    _path("nurture", "当天发首份物料", "nurture_planned", "@send_first_material"),
    _path("nurture", "按计划再发物料", "@send_material"),
    _path("nurture", "意向未变，继续培育", "intent_checked:unchanged", "intent_noted"),
    _path("nurture", "核实到意向上升", "intent_checked:raised", "@grade"),
    _path("nurture", "核实后放弃", "intent_checked:not_interested", "@archive_cold"),
    _path("nurture", "一直无人核实，请总部定夺", "nurture_planned", "!hq_weighed", "left_undone", "hq_asked"),
    _path("nurture", "培育期满，归档之前请总部定夺", "nurture_planned", "hq_weighed", "!archived", "hq_asked"),
    _path("nurture", "人工提级", "regraded", "@grade"),
    _path("nurture", "客户再次咨询，升温", "nurture_planned", "interest_repeated", "!@on_interest_done", "@grade"),
    _path("nurture", "培育期满", "nurture_planned", "!intent_checked:not_interested", "@archive_cold"),
)


def marks_of(entry: Mapping[str, Any]) -> list[str]:
    """The marks of one timeline entry as the API gives it."""
    code, data = str(entry["code"]), entry.get("data") or {}
    found = [code]
    if entry.get("element"):
        found.append(f"@{entry['element']}")
    if data.get("outcome"):
        found.append(f"{code}:{data['outcome']}")
    if isinstance(data.get("late"), bool):
        found.append("late" if data["late"] else "in_time")
    return found


def taken(path: Path, history: Sequence[Sequence[str]]) -> bool:
    """Whether a lead went this way; ``history`` holds the marks of each entry, oldest first."""
    steps: list[tuple[tuple[str, ...], str]] = []
    forbidden: list[str] = []
    for mark in path.marks:
        if mark.startswith("!"):
            forbidden.append(mark[1:])
        else:
            steps.append((tuple(forbidden), mark))
            forbidden = []

    @cache
    def found(step: int, start: int) -> bool:
        if step == len(steps):
            return True
        barred, wanted = steps[step]
        for place in range(start, len(history)):
            if wanted in history[place] and found(step + 1, place + 1):
                return True
            if any(mark in history[place] for mark in barred):
                return False
        return False

    return found(0, 0)
