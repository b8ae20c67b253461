"""What partners send beside the wish: their own id, the campaign's tags, what the customer
consented to (A1, F3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from domain import cleaning
from domain.leads.intake.cells import SHORT, Cells

UTM = ("source", "medium", "campaign", "term", "content")
"""The five tags of a campaign's link, each flat (``utm_source``) or in one object ``utm``."""

TAG = 200
"""Characters of a tag that are kept."""

LINK = 2_000
"""Characters of a link that are looked at."""

PURPOSES, CONSENTS = 20, 20
"""How many purposes of a consent, and how many consents, are kept."""

_AGREES = ("同意", "授权", "接受", "允许", "agree", "accept", "consent", "granted")
_REFUSES = (
    "不同意",
    "未同意",
    "拒绝",
    "不接受",
    "未授权",
    "不授权",
    "不允许",
    "disagree",
    "refuse",
    "decline",
    "denied",
)
_GIVEN = ("given", "granted", "value", "agreed")
_PURPOSES = ("purposes", "purpose", "scope")
_VERSION = ("version", "text_version", "policy_version")
_AT = ("at", "time", "stated_at", "consented_at")


def external_id(cells: Cells) -> str | None:
    """The partner's own id of this submission."""
    text = cells.text("external_id")
    return None if text is None or cleaning.is_blank(text) else cleaning.tidy(text)


def company(cells: Cells) -> str | None:
    """The company that the lead is for."""
    text = cells.text("company")
    return None if text is None or cleaning.is_blank(text) else cleaning.tidy(text)


def email(cells: Cells) -> str | None:
    """An e-mail address; of several the first."""
    value = cells.sent.get("email")
    typed = " ; ".join(cleaning.tidy(one) for one in value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
    if typed is None or cleaning.is_blank(typed):
        return None
    found = cleaning.read_email(typed) if isinstance(typed, str) else None
    if found is None:
        cells.miss("email", "bad_email")
    return found


def gender(cells: Cells, honorific: cleaning.Honorific | None) -> str | None:
    """As it is stated, else as the name is addressed (王先生)."""
    value = cells.sent.get("gender")
    if value is not None and (isinstance(value, bool) or not cleaning.is_gender(value)):
        cells.miss("gender", "unreadable")
    said = cleaning.read_gender(value)
    addressed = {cleaning.Honorific.MR: cleaning.Gender.MALE, cleaning.Honorific.MS: cleaning.Gender.FEMALE}
    found = said or (addressed[honorific] if honorific else None)
    return found.value if found else None


def utm(cells: Cells) -> dict[str, str]:
    """The tags that are given, cut to ``TAG`` signs; as an object, flat, or as the query of a
    link."""
    value = cells.sent.get("utm")
    if isinstance(value, str):
        tags: Mapping[Any, Any] = dict(parse_qsl((value.partition("?")[2] or value)[:LINK]))
    elif isinstance(value, dict):
        tags = value  # pyright: ignore[reportUnknownVariableType]
    else:
        tags = {}
        if value is not None:
            cells.miss("utm", "wrong_type", expected="object")
    found: dict[str, str] = {}
    for name in UTM:
        for given in (cells.sent.get(f"utm_{name}"), tags.get(name), tags.get(f"utm_{name}")):
            if name not in found and isinstance(given, str | int | float) and not isinstance(given, bool):
                tag = cleaning.tidy(given)[:TAG]
                if tag:
                    found[name] = tag
    return found


def campaign(cells: Cells, tags: Mapping[str, str]) -> str | None:
    """The campaign by its name, else by its tag."""
    text = cells.text("campaign")
    named = None if text is None or cleaning.is_blank(text) else cleaning.tidy(text)
    return named or (tags["campaign"][:SHORT] if "campaign" in tags else None)


def consents(cells: Cells, channel: str, stated_at: datetime, now: datetime) -> list[dict[str, Any]]:
    """What the customer agreed or did not agree to, where and when: a flag, purposes, or objects
    with both.

    Each has ``given``, ``purposes``, ``at`` (the submission's instant if it names none),
    ``version`` of the text, and the ``channel`` that it came through.
    """
    value = cells.sent.get("consent")
    if value is None or (not isinstance(value, dict | list) and cleaning.is_blank(value)):
        return []
    several: list[Any] = value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]
    if several and all(isinstance(one, str) for one in several) and isinstance(value, list):
        several = [{"purposes": several}]  # pyright: ignore[reportUnknownVariableType]
    found: list[dict[str, Any]] = []
    for one in several[:CONSENTS]:
        read = _consent(one, now)
        if read is None:
            cells.miss("consent", "unreadable")
        else:
            found.append({"at": stated_at.isoformat(), **read, "channel": channel})
    return found


def _consent(value: Any, now: datetime) -> dict[str, Any] | None:
    if isinstance(value, dict):
        return _described(value, now)  # pyright: ignore[reportUnknownArgumentType]
    given = _flag(value)
    if given is not None:
        return {"given": given, "purposes": [], "version": None}
    named = list(_names(value))
    return {"given": True, "purposes": named, "version": None} if named else None


def _described(given: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    flag = _first(given, _GIVEN)
    agreed = True if flag is None else _flag(flag)
    purposes = list(_names(_first(given, _PURPOSES)))
    if agreed is None or (flag is None and not purposes):
        return None
    version = _first(given, _VERSION)
    is_text = isinstance(version, str | int | float) and not isinstance(version, bool)
    found: dict[str, Any] = {
        "given": agreed,
        "purposes": purposes,
        "version": cleaning.tidy(version)[:SHORT] if is_text else None,
    }
    at = _first(given, _AT)
    instant = cleaning.read_instant(at, now) if isinstance(at, str | int | float) and not isinstance(at, bool) else None
    return found if instant is None else {**found, "at": instant.isoformat()}


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str | int | float):
        return None
    said = cleaning.tidy(value).lower()
    if any(word in said for word in _REFUSES):
        return False
    if any(word in said for word in _AGREES):
        return True
    return cleaning.read_flag(value)


def _names(value: Any) -> Iterator[str]:
    several: list[Any] = value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]
    texts = (one for one in several if isinstance(one, str))
    names = (cleaning.tidy(name) for text in texts for name in text.replace("，", ",").replace("、", ",").split(","))
    yield from [name[:SHORT] for name in names if name][:PURPOSES]


def _first(given: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((given[name] for name in names if given.get(name) is not None), None)
