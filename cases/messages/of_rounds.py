"""What happened to a round of scheduled work, and what head office is told by one."""

from __future__ import annotations

from cases.messages.words import Words

LINES: dict[str, Words] = {
    "round_planned": Words("{period} 期定于 {at}", "Period {period} is due {at}"),
    "round_done": Words("{period} 期已做完，处理 {count} 条", "Period {period} is done: {count} dealt with"),
    "round_passed_over": Words(
        "{period} 期略过：更新的一期也已到时间", "Period {period} is passed over: a newer one is due, too"
    ),
    "round_asked": Words("要求补做 {period} 期", "Asked to do period {period}"),
    "round_over": Words("“定期工作”表中已无此项，不再做", "The table of rounds has it no more: it is over"),
}

NOTICES: dict[str, Words] = {
    "calendar_unconfirmed": Words(
        "{year} 年的工作日历尚未确认：请按国务院通知核对节假日与调休",
        "The working calendar of {year} is not confirmed: please enter its holidays and make-up days",
    ),
    "incidents_wait": Words(
        "有 {count} 个故障超过 {hours} 小时未处理，请到故障列表重试",
        "{count} incidents have waited for more than {hours} hours: please see to them",
    ),
}
