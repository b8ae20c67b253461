"""What somebody types to find a customer: a number or its end, a part of a name, pinyin, a WeChat
id, a lead's id.

One text may mean several of these (``1166`` may end a number and be in a WeChat id), so each is
tried that it can be.
"""

from __future__ import annotations

import re
from uuid import UUID

from domain.cleaning import labelled_wechat, read_phone, read_wechat, tidy
from store.leads.search import BETWEEN, Sought

FEWEST_DIGITS = 3
"""Of a number; fewer would find everybody."""

WHOLE = 11
"""Digits of a mobile, which has neither a beginning nor an end to look for."""

_BETWEEN = re.compile(BETWEEN)

_MASKED = re.compile(r"(\d{2,7})[*xX×•]+(\d{2,8})")
_LEAD = re.compile(r"(?:lead-)?([0-9a-f]{8})(?:-?([0-9a-f-]{0,27}))", re.IGNORECASE)


def read_sought(text: object) -> Sought:
    """What a text can mean. Never raises."""
    typed = tidy(text)
    if not typed:
        return Sought()
    leads = _lead_ids(typed)
    if leads is not None and leads[0] == leads[1]:
        return Sought(leads=leads)
    masked = _MASKED.fullmatch(_BETWEEN.sub("", typed).removeprefix("+86"))
    if masked:
        return Sought(head=masked[1], tail=masked[2], both=True)
    wechat = labelled_wechat(typed)
    if wechat:
        return Sought(wechat=wechat.lower())
    number = read_phone(typed)
    plain = _BETWEEN.sub("", typed).lower()
    digits = plain.removeprefix("+86").removeprefix("+")
    end = digits if digits.isascii() and digits.isdigit() and FEWEST_DIGITS <= len(digits) < WHOLE else None
    return Sought(
        phone=number.dialled,
        extensions=number.shared and number.extension is None,
        head=end,
        tail=end,
        part=None if number.dialled or plain.isascii() else plain or None,
        letters=plain if plain.isascii() and plain.isalnum() and not plain.isdigit() else None,
        wechat=_wechat(typed),
        leads=leads,
    )


def _wechat(typed: str) -> str | None:
    """The beginning of an id, or a whole one."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{2,}", typed):
        return typed.lower()
    found = read_wechat(typed).id
    return found.lower() if found else None


def _lead_ids(typed: str) -> tuple[UUID, UUID] | None:
    """From eight signs on, the ids that begin so: between them and others lies a minute, not a
    digit."""
    found = _LEAD.fullmatch(typed)
    if not found:
        return None
    begun = (found[1] + (found[2] or "").replace("-", "")).lower()
    return UUID(begun.ljust(32, "0")), UUID(begun.ljust(32, "f"))
