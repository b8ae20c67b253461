"""A back-test's findings in words: what was and what would have been, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cases.messages import CANNOT_SAY, Language, Words, catalogue, say
from cases.spoken import spoken
from domain import kinds
from store.leads.views import Named
from store.tables.backtest_lines import BacktestLineRow

_KINDS: Final[dict[str, Words]] = {
    "grade": Words("级别", "grade"),
    "dealer": Words("经销商", "dealer"),
    "consultant": Words("销售顾问", "consultant"),
    "deadline": Words("期限", "deadline"),
    "result": Words("结果", "result"),
}
KINDS: Final = catalogue("backtest_kinds", _KINDS)
"""What would have been another."""

_WORDS: Final[dict[str, Words]] = {
    "nobody": Words("无人", "nobody"),
    "lane": Words("不下发（转培育）", "not dispatched (nurtured)"),
    "met": Words("按时", "in time"),
    "missed": Words("超时", "missed"),
    "open": Words("未到期", "still running"),
    "none": Words("无此期限", "no such deadline"),
    "due": Words("{clock} {due}（{kept}）", "{clock} {due} ({kept})"),
    "no_due": Words("{clock}：无此期限", "{clock}: no such deadline"),
    "other_dealer": Words(
        "原经销商不再持有线索，新经销商会分给谁无从得知",
        "another dealer would have had the lead, and whom they would have chosen is not known",
    ),
    "would_be_dispatched": Words(
        "原本培育的线索会被下发，给哪家经销商无从得知",
        "a nurtured lead would have been dispatched, and to whom is not known",
    ),
    "quota": Words(
        "加急与否改变，满额者能否入选随之改变，当时未评分",
        "another lane would have let quotas count, or not, and who was full then got no points",
    ),
    "unreadable": Words("文件无法读取", "the file cannot be read"),
    "process_died": Words("试算进程反复异常退出", "the processes that tried it died again and again"),
}
WORDS: Final = catalogue("backtests", _WORDS)

FAILURES: Final = CANNOT_SAY | {"unreadable": WORDS["unreadable"], "process_died": WORDS["process_died"]}
"""Why a decision could not be made again, or a whole back-test not be done."""

Names = Mapping[str, Named]
"""People and dealers by their ids."""


def sides(line: BacktestLineRow, names: Names, language: Language) -> tuple[str, str]:
    """What was and what would have been."""
    if line.kind == "result":
        changed = [name for name in line.old | line.new if line.old.get(name) != line.new.get(name)]
        return _outputs(line.old, changed, language), _outputs(line.new, changed, language)
    return _side(line.kind, line.old, names, language), _side(line.kind, line.new, names, language)


def dealer_of(line: BacktestLineRow, names: Names) -> Named | None:
    """The dealer that the lead was with, or went to."""
    return names.get(str(line.old.get("dealer") or line.old.get("at") or ""))


def value(text: Any, language: Language) -> str:
    """A code in words, anything else as it is."""
    said = spoken(text, kinds.said({}, language), language)
    return "—" if said is None else str(said).lower() if isinstance(said, bool) else str(said)


def _side(kind: str, side: Mapping[str, Any], names: Names, language: Language) -> str:
    if kind == "grade":
        return str(side.get("grade"))
    if kind == "deadline":
        data = {"clock": value(side["clock"], language), "kept": say(WORDS, side["kept"], language)}
        if side["due"] is None:
            return say(WORDS, "no_due", language, data)
        return say(WORDS, "due", language, data | {"due": value(side["due"], language)})
    if side.get(kind) is None:
        return say(WORDS, side.get("because") or "nobody", language)
    named = names.get(side[kind])
    code = side.get("code") or (named.code if named else side[kind])
    return f"{code} {named.name}" if named else str(code)


def _outputs(side: Mapping[str, Any], changed: list[str], language: Language) -> str:
    return "; ".join(f"{name}={value(side.get(name), language)}" for name in changed)
