"""What is wrong with a statement about a round."""

from __future__ import annotations

from cases.messages.text import Text

ROUNDS: dict[str, Text] = {
    "round_not_found": Text(
        "没有这项定期工作：{round}",
        "There is no such round: {round}",
        "请从 GET /rounds 取用",
        "Take one of GET /rounds",
    ),
    "round_over": Text(
        "这项定期工作已不再做：“定期工作”表中没有它",
        "The round is over: the table of rounds has no row for it",
        "请在表中加上这一项，再要求补做",
        "Publish a row for it, then ask again",
    ),
    "period_not_due": Text(
        "{period} 期要到 {due} 才做",
        "Period {period} is not due before {due}",
        "请等到那时，或补做更早的一期",
        "Wait until then, or ask for an earlier one",
    ),
    "period_running": Text(
        "{period} 期已在做或已要求补做",
        "Period {period} is being done, or was asked for already",
        "请看 GET /rounds/{key}；出错的请重试其故障",
        "See GET /rounds/{key}; if it failed, retry its incident",
    ),
    "period_done": Text(
        "{period} 期已于 {at} 做完，处理 {count} 条",
        "Period {period} was done at {at}: {count} dealt with",
        "一期只做一次，无须再做",
        "A period is done once: there is nothing to do",
    ),
}
