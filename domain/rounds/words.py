"""The codes of rounds: which there are, where their cases stand."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from cases.messages.words import Words, catalogue


class Round(StrEnum):
    """What is done again and again; when, the table ``rounds`` says."""

    EXPIRED_SHADOWS = "expired_shadows"  # drafts that run beside a table past their end are stopped
    UNCONFIRMED_YEARS = "unconfirmed_years"  # the working calendar has a year that nobody has confirmed
    STALE_INCIDENTS = "stale_incidents"  # incidents that nobody mends
    REFUSED_SUBMISSIONS = "refused_submissions"  # what was refused is emptied when its time is over


class RoundStatus(StrEnum):
    """Where a round's case stands."""

    RUNNING = "running"
    OVER = "over"  # the table has no row for it any more


WORDS: Final = catalogue(
    "rounds",
    {
        Round.EXPIRED_SHADOWS: Words("停止到期的影子决策", "shadows whose time is up are stopped"),
        Round.UNCONFIRMED_YEARS: Words("工作日历未确认的年份", "years of the working calendar that are not confirmed"),
        Round.STALE_INCIDENTS: Words("久未处理的故障", "incidents that wait for long"),
        Round.REFUSED_SUBMISSIONS: Words("清空到期的退回提交", "refused submissions are emptied"),
    },
)
"""What each round does, for people."""

STATUSES: Final = catalogue(
    "round_statuses", {RoundStatus.RUNNING: Words("进行中", "running"), RoundStatus.OVER: Words("已停", "over")}
)
