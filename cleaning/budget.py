"""Budgets as people type them, in yuan (A3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaning.numerals import NUMBER, number
from cleaning.text import is_blank, tidy


@dataclass(frozen=True, slots=True)
class BudgetReading:
    """``min`` and ``max`` in yuan, ``None`` where open; ``clear`` once a figure for the whole car was said."""

    min: int | None = None
    max: int | None = None
    clear: bool = False


UNCLEAR = BudgetReading()

CHEAPEST, DEAREST = 10_000, 20_000_000
"""A figure outside is no car budget (a monthly rate, a phone number, a slip) and stays unclear. Yuan."""

_ABOUT = 0.1
_UNIT = r"\s*(万元|万块|万|w|k|千|元|块|rmb)?\s*"
_RANGE = re.compile(rf"({NUMBER}){_UNIT}(?:-|~|—|–|到|至|or|或)+\s*({NUMBER}){_UNIT}", re.IGNORECASE)
_ONE = re.compile(rf"({NUMBER}){_UNIT}", re.IGNORECASE)
_PAIR = re.compile(
    r"([一二两三四五六七八九])([一二三四五六七八九])(十)?万|(十)([一二三四五六七八])([二三四五六七八九])万"
)
_ODD = re.compile(rf"({NUMBER})\s*(十)?(?:几|多|来)(十)?\s*(?:万|w)", re.IGNORECASE)
_ASIDE = re.compile(
    rf"(?:首付|定金|订金|月供|月付|每月|尾款|置换|旧车|贷款?额?度?)[^0-9零一二两三四五六七八九十百千]{{0,6}}{NUMBER}\s*(?:万元|万|w|千|k|元|块|%|成)?",
    re.IGNORECASE,
)
_TOP = re.compile(r"以内|以下|之内|内$|封顶|不超过?|不超|别超|最多|最高|低于|小于|<|≤|上限|up to", re.IGNORECASE)
_BOTTOM = re.compile(r"以上|起步?|\+|至少|最低|不低于|不少于|高于|大于|超过|>|≥|往上", re.IGNORECASE)
_NEAR = re.compile(r"左右|上下|大概|大约|约|差不多|附近|around|about", re.IGNORECASE)


def read_budget(text: object) -> BudgetReading:
    """Read one typed budget. A down-payment, a rate or "negotiable" is no budget: unclear. Never raises.

    A bare number from 5 to 999 counts 万 (ten thousands), as in ``20-25``; ``左右`` widens by a tenth either way.
    """
    typed = tidy(text)
    if is_blank(typed):
        return UNCLEAR
    typed = _ASIDE.sub(" ", typed).replace("¥", "").replace("￥", "")
    for read in (_read_pair, _read_odd, _read_range, _read_one):
        reading = read(typed)
        if reading is not None:
            return reading
    return UNCLEAR


def _read_pair(typed: str) -> BudgetReading | None:
    """二三十万 is 20 to 30, 十七八万 is 17 to 18."""
    found = _PAIR.search(typed)
    if not found:
        return None
    if found[4]:
        low, high = (10 + (number(found[group]) or 0) for group in (5, 6))
    else:
        scale = 10 if found[3] else 1
        low, high = ((number(found[group]) or 0) * scale for group in (1, 2))
    return _between(low * 10_000, high * 10_000)


def _read_odd(typed: str) -> BudgetReading | None:
    """二十多万, 20几万: up to the next ten."""
    found = _ODD.search(typed)
    low = number(found[1]) if found else None
    if low is None:
        return None
    step = 10 if low >= 10 else 1
    return _between(low * 10_000, (low // step + 1) * step * 10_000)


def _read_range(typed: str) -> BudgetReading | None:
    found = _RANGE.search(typed)
    if not found:
        return None
    low, high = number(found[1]), number(found[3])
    if low is None or high is None:
        return None
    return _between(_yuan(low, found[2] or found[4]), _yuan(high, found[4] or found[2]))


def _read_one(typed: str) -> BudgetReading | None:
    found = _ONE.search(typed)
    value = number(found[1]) if found else None
    if found is None or value is None:
        return None
    amount = _yuan(value, found[2])
    if _TOP.search(typed):
        return _between(None, amount)
    if _BOTTOM.search(typed):
        return _between(amount, None)
    if _NEAR.search(typed):
        return _between(amount * (1 - _ABOUT), amount * (1 + _ABOUT))
    return _between(amount, amount)


def _yuan(value: float, unit: str | None) -> float:
    unit = (unit or "").lower()
    if unit.startswith(("万", "w")):
        return value * 10_000
    if unit in ("k", "千"):
        return value * 1_000
    if unit in ("元", "块", "rmb"):
        return value
    return value * 10_000 if 5 <= value < 1_000 else value


def _between(low: float | None, high: float | None) -> BudgetReading:
    if low is not None and high is not None and low > high:
        low, high = high, low
    if any(figure is not None and not CHEAPEST <= figure <= DEAREST for figure in (low, high)):
        return UNCLEAR
    return BudgetReading(None if low is None else round(low), None if high is None else round(high), clear=True)
