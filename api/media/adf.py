"""ADF 1.0, the car trade's format for leads, as it is sent: sloppily (F4).

https://adfxml.info/adf_spec.pdf: <adf> holds prospects with id, requestdate, vehicle, customer,
vendor, provider.
"""

from __future__ import annotations

import re
from typing import Any, Final

from api.media.markup import Element, attribute, children, elements, name_of, text_of

ROOTS: Final = frozenset({"adf"})
OWNED: Final = frozenset({"trade-in", "tradein", "trade_in", "sell"})
"""Interests in a vehicle that the customer has."""
TRIED: Final = frozenset({"test-drive", "testdrive", "test_drive"})
NO_CALLS: Final = frozenset({"fax", "pager"})
_PARTS = ("first", "middle", "last", "suffix")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIALLED_FIRST = ("cellphone", "mobile", "cell", "手机", "", "voice", "phone", "home", "day", "work", "business")
_LIMITS = {"maximum": "以下", "max": "以下", "minimum": "以上", "min": "以上"}
_YUAN = frozenset({"", "cny", "rmb", "yuan", "人民币", "元"})
_WHEN = {"evening": "晚上联系", "nopreference": ""}
"""When to be called, in the words that the reader of notes understands."""

Row = dict[str, Any]


def prospects(root: Element) -> list[Row]:
    """One row for the door for each prospect of the file, in its order."""
    found = [one for one in elements(root) if name_of(one) == "prospect"]
    return [_row(one) for one in found or ([root] if children(root, "customer") else [])]


def _row(prospect: Element) -> Row:
    customer = _first(prospect, "customer")
    vehicles = children(prospect, "vehicle")
    wanted = [one for one in vehicles if attribute(one, "interest") not in OWNED]
    row: Row = {
        "external_id": next((text for one in children(prospect, "id") if (text := text_of(one))), None),
        "stated_at": text_of(_first(prospect, "requestdate")),
        "model": [text for one in wanted if (text := _model(one))] or None,
        "budget": next((text for one in wanted if (text := _budget(one))), None),
        "test_drive": True if any(attribute(one, "interest") in TRIED for one in vehicles) else None,
        "trade_in": True if len(wanted) < len(vehicles) else None,
        **_person(customer),
        **_place(customer),
        "purchase_time": _timeframe(customer),
        "channel": _channel(_first(prospect, "provider")),
    }
    notes = [
        *(text_of(one) for one in (children(customer, "comments") if customer is not None else [])),
        *(text_of(comment) for one in wanted for comment in children(one, "comments")),
        *_hours(customer),
    ]
    row["note"] = "\n".join(dict.fromkeys(note for note in notes if note)) or None
    row["details"] = _details(prospect) or None
    return {name: value for name, value in row.items() if value is not None}


def _person(customer: Element | None) -> Row:
    contact = _first(customer, "contact")
    if contact is None:
        return {}
    parts = {attribute(one, "part") or "full": text_of(one) for one in children(contact, "name")}
    named = parts.get("full") or _whole(parts)
    kinds = {attribute(one, "type") for one in children(contact, "name")}
    phones = [one for one in children(contact, "phone") if attribute(one, "type") not in NO_CALLS and text_of(one)]
    phones.sort(key=_preference)
    numbers = [text for one in phones if (text := text_of(one))]
    emails = [text for one in children(contact, "email") if (text := text_of(one))]
    return {
        "name": named,
        "company": named if "business" in kinds else None,
        "phone": (numbers if len(numbers) > 1 else numbers[0]) if numbers else None,
        "email": emails[0] if emails else None,
    }


def _whole(parts: dict[str, str | None]) -> str | None:
    """A name from its parts: in Chinese the family name first and without blanks."""
    said = {part: text for part in _PARTS if (text := parts.get(part))}
    if any(_HAN.search(text) for text in said.values()):
        return "".join(said.get(part, "") for part in ("last", "first", "middle", "suffix")) or None
    return " ".join(said.values()) or None


def _preference(phone: Element) -> tuple[int, int]:
    kind = attribute(phone, "type")
    place = _DIALLED_FIRST.index(kind) if kind in _DIALLED_FIRST else len(_DIALLED_FIRST)
    return (0 if attribute(phone, "preferredcontact") in ("1", "true", "yes") else 1, place)


def _hours(customer: Element | None) -> list[str]:
    contact = _first(customer, "contact")
    phones = children(contact, "phone") if contact is not None else []
    times = [attribute(one, "time") or attribute(one, "besttime") for one in phones]
    return [_WHEN[time] for time in times if _WHEN.get(time)]


def _place(customer: Element | None) -> Row:
    address = _first(_first(customer, "contact"), "address")
    region = text_of(_first(address, "regioncode"))
    # Codes of regions are everybody's own; a province in words is one.
    return {"city": text_of(_first(address, "city")), "province": region if region and _HAN.search(region) else None}


def _model(vehicle: Element) -> str | None:
    """Model and trim as one would say them; the make alone if there is no model."""
    words = [text for name in ("model", "trim") if (text := text_of(_first(vehicle, name)))]
    return " ".join(words) or text_of(_first(vehicle, "make"))


def _budget(vehicle: Element) -> str | None:
    """What may be spent in all: the financed total, or the price that the customer offers; in
    yuan."""
    finance = _first(vehicle, "finance")
    amounts = children(finance, "amount") if finance is not None else []
    totals = [one for one in amounts if attribute(one, "type") in ("total", "")]
    offers = [one for one in children(vehicle, "price") if attribute(one, "type") in ("offer", "budget")]
    for one in (*totals, *offers):
        number = re.sub(r"[\s,，¥￥]", "", text_of(one) or "")
        if attribute(one, "currency") in _YUAN and re.fullmatch(r"\d{4,9}(?:\.\d{1,2})?", number):
            return f"{float(number):.0f}{_LIMITS.get(attribute(one, 'limit'), '')}"
    return None


def _timeframe(customer: Element | None) -> str | None:
    timeframe = _first(customer, "timeframe")
    if timeframe is None:
        return None
    said = text_of(_first(timeframe, "description"))
    until = text_of(_first(timeframe, "latestdate")) or text_of(_first(timeframe, "earliestdate"))
    return said or (until[:10] if until and re.match(r"\d{4}-\d\d-\d\d", until) else until)


def _channel(provider: Element | None) -> Row | None:
    """Whatever the provider calls itself or its service: the first that is a channel counts."""
    if provider is None:
        return None
    named = [*children(provider, "service"), *children(provider, "name"), *children(provider, "id")]
    names = [text for one in named if (text := text_of(one))]
    return {"any_of": list(dict.fromkeys(names))} if names else None


def _details(prospect: Element) -> Row:
    """The rest of what is said of vehicles, address, vendor and provider: kept, not read."""
    kept = {"vehicle", "vendor", "provider", "address", "id"}
    found: Row = {}
    for one in elements(prospect):
        if name_of(one) in kept and (one.getparent() is None or name_of(one.getparent()) not in kept):
            found.setdefault(name_of(one), []).append(_plain(one))
    return found


def _plain(element: Element) -> Any:
    said: Row = {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}
    for one in children(element):
        said.setdefault(name_of(one), []).append(_plain(one))
    text = (element.text or "").strip()
    if not said:
        return text
    return {**said, "text": text} if text else said


def _first(element: Element | None, name: str) -> Element | None:
    return None if element is None else next(iter(children(element, name)), None)
