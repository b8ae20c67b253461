"""Budgets as people type them, in yuan (A3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.cleaning.numerals import NUMBER, number
from domain.cleaning.text import is_blank, tidy


@dataclass(frozen=True, slots=True)
class BudgetReading:
    """``min`` and ``max`` in yuan, ``None`` where open; ``clear`` once a figure for the whole car
    was said."""

    min: int | None = None
    max: int | None = None
    clear: bool = False


UNCLEAR = BudgetReading()

CHEAPEST, DEAREST = 10_000, 20_000_000
"""A figure outside is no car budget (a monthly rate, a phone number, a slip) and stays unclear.
Yuan."""

_ABOUT = 0.1
_UNIT = r"\s*(万元|万块|万|w|k|千|元|块|rmb|cny)?\s*"
_FIGURE = re.compile(rf"({NUMBER}){_UNIT}", re.IGNORECASE)
_PAIR = re.compile(
    r"([一二两三四五六七八九])([一二三四五六七八九])(十)?万|(十)([一二三四五六七八])([二三四五六七八九])万"
)
_ODD = re.compile(rf"({NUMBER})\s*(十)?(?:几|多|来)(十)?\s*(?:万|w)", re.IGNORECASE)

_FOREIGN = re.compile(
    r"\$|€|£|₩|₽|฿|(?:美|欧|日|港|韩|加|澳|新|台|泰|越|卢|英)(?:元|币|圆|镑|铢|盾|布)|美金|台币|新台币|卢布|英镑|泰铢|円"
    r"|(?<![a-z])(?:usd|eur|gbp|jpy|hkd|krw|rub|thb|aud|cad|sgd|twd|nt)(?![a-z])",
    re.IGNORECASE,
)
# What these words name is a part of the price or its rate, wherever the figure stands behind them.
_PART = r"(?:首付款?|定金|订金|月供|月付|每月|尾款)[^0-9零一二两三四五六七八九十百千预总全车,，;；]{0,6}"
# These are named beside a budget, too: only a figure that is their own is none.
_WAY = r"(?:贷款?额?度?\s*|置换|旧车)(?:抵|估价?|值|约|大概|大约|[:：])*"
_ASIDE = re.compile(rf"(?:{_PART}|{_WAY}){NUMBER}\s*(?:万元|万|w|千|k|元|块|%|成)?", re.IGNORECASE)
# Digits of a model (X5, CX-5, Model 3, 3系), a year, an engine, seats, a count, a share.
_NO_MONEY = re.compile(
    r"(?<![a-z0-9])(?!rmb|cny)[a-z]+[ -]?[0-9]+[a-z]*(?![0-9.]*\s*[万wk元])"
    r"|[0-9]+系|[0-9]+\s*(?:年|款|座|驱|门|缸|台|辆|个月|期|成|%)|[0-9]\.[0-9]\s*[tl](?![a-z])",
    re.IGNORECASE,
)
_BOTTOM_BEFORE = re.compile(r"(?:至少|最低|最少|不低于|不少于|不小于|(?<!不)(?:高于|大于|超过|多于)|>=?|≥|从)\s*$")
_BOTTOM_AFTER = re.compile(r"^\s*个?(?:及?以上|起步?|\+|往上|打底)")
_TOP_BEFORE = re.compile(
    r"(?:最多|最高|至多|不超过?|别超过?|不高于|不大于|不多于|(?<!不)(?:低于|小于|少于)|<=?|≤|上限|up to)[是为:：]?\s*$",
    re.IGNORECASE,
)
_TOP_AFTER = re.compile(r"^\s*个?(?:及?以[内下]|之内|内|封顶|上限|顶)")
_NEAR_BEFORE = re.compile(r"(?:大概|大约|约|差不多|around|about)\s*(?:在|是)?\s*$", re.IGNORECASE)
_NEAR_AFTER = re.compile(r"^\s*(?:左右|上下|附近|的样子)")
_JOINED = re.compile(r"\s*(?:-|~|—|–|到|至|或者?|or|和|,|，|、|/|;|；|\s)+\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Figure:
    """One amount in yuan and what is said about it: ``least``, ``most``, ``about`` or nothing."""

    yuan: float
    role: str


def read_budget(text: object) -> BudgetReading:
    """Read one typed budget. A down-payment, a rate, another currency or "negotiable" is no budget:
    unclear.

    Several figures give their span: a range, a list, a bracket, a least and a most in words. A bare
    number from 5 to 999 counts 万 (ten thousands), as in ``20-25``; ``左右`` widens by a tenth either
    way. Never raises.
    """
    typed = tidy(text)
    if is_blank(typed) or _FOREIGN.search(typed):
        return UNCLEAR
    typed = _ASIDE.sub(" ", typed).replace("¥", "")
    for read in (_read_pair, _read_odd):
        reading = read(typed)
        if reading is not None:
            return reading
    return _span(list(_figures(_NO_MONEY.sub(" ", typed))))


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


def _figures(typed: str) -> Iterator[_Figure]:
    """Every amount with its role. Beside figures with a unit one without is money only if it is
    joined to them."""
    found = [one for one in _FIGURE.finditer(typed) if number(one[1]) is not None]
    units = [one[2] for one in found]
    for at in reversed(range(len(found) - 1)):
        if not units[at] and _joined(typed, found[at], found[at + 1]):
            units[at] = units[at + 1]  # 20-25万, 15、20、25万
    for at in range(1, len(found)):
        if not units[at] and _joined(typed, found[at - 1], found[at]):
            units[at] = units[at - 1]
    for one, unit in zip(found, units, strict=True):
        if unit or not any(units):
            yield _Figure(_yuan(number(one[1]) or 0, unit), _role(typed[: one.start()], typed[one.end() :]))


def _joined(typed: str, one: re.Match[str], other: re.Match[str]) -> bool:
    return bool(_JOINED.fullmatch(typed[one.end() : other.start()])) or one.end() == other.start()


def _role(before: str, after: str) -> str:
    for role, in_front, behind in (
        ("least", _BOTTOM_BEFORE, _BOTTOM_AFTER),
        ("most", _TOP_BEFORE, _TOP_AFTER),
        ("about", _NEAR_BEFORE, _NEAR_AFTER),
    ):
        if in_front.search(before) or behind.search(after):
            return role
    return ""


def _span(figures: list[_Figure]) -> BudgetReading:
    least = [one.yuan for one in figures if one.role == "least"]
    most = [one.yuan for one in figures if one.role == "most"]
    plain = [one.yuan for one in figures if one.role in ("", "about")]
    if len(figures) == 1 and figures[0].role == "about":
        return _between(plain[0] * (1 - _ABOUT), plain[0] * (1 + _ABOUT))
    if plain:
        return _between(min(plain + least + most), max(plain + least + most))
    return _between(min(least, default=None), max(most, default=None))


def _yuan(value: float, unit: str | None) -> float:
    unit = (unit or "").lower()
    if unit.startswith(("万", "w")):
        return value * 10_000
    if unit in ("k", "千"):
        return value * 1_000
    if unit in ("元", "块", "rmb", "cny"):
        return value
    return value * 10_000 if 5 <= value < 1_000 else value


def _between(low: float | None, high: float | None) -> BudgetReading:
    if low is None and high is None:
        return UNCLEAR
    if low is not None and high is not None and low > high:
        low, high = high, low
    if any(figure is not None and not CHEAPEST <= figure <= DEAREST for figure in (low, high)):
        return UNCLEAR
    return BudgetReading(None if low is None else round(low), None if high is None else round(high), clear=True)
