"""From what a channel sent to facts: every field through its reader, what cannot be read stays open (A3, A4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import cleaning
from api.leads.bodies import SubmissionBody
from cleaning import NameKind, PhoneKind, PhoneReading
from store.births import Facts
from store.intake import contact_keys
from store.network import Reference

SPELLINGS = 10_000
"""Spellings of models that are remembered."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A submission as understood. ``validity`` are the inputs of the table of that name."""

    facts: Facts
    validity: Mapping[str, Any]

    @property
    def contacts(self) -> tuple[str, ...]:
        """The keys under which this customer is known, the phone first."""
        return contact_keys(self.facts.phone, self.facts.wechat)


@dataclass(frozen=True, slots=True)
class Contact:
    """Phone (E.164) and WeChat id as read; ``kind`` and ``test_number`` are what the validity table asks for."""

    phone: str | None
    wechat: str | None
    kind: PhoneKind
    test_number: bool


def read_contact(phone: str | None, wechat: str | None) -> Contact:
    """Reads the two ways to reach somebody; "（微信同号）" after a number makes it the WeChat id too."""
    number: PhoneReading = cleaning.read_phone(phone)
    written = None if cleaning.is_blank(wechat) else cleaning.tidy(wechat)
    if written is None and number.same_as_wechat and number.e164:
        written = number.e164.removeprefix("+86")
    return Contact(number.e164, written, number.kind, number.test_number)


def read_wish(said: Mapping[str, Any], reference: Reference, on: datetime) -> dict[str, Any]:
    """The facts about the car, the money and the time that are said and can be read, as columns of a lead.

    ``said`` has the fields of a submission; ``on`` is the day that a purchase time counts from.
    """
    facts: dict[str, Any] = {}
    model = read_model(said.get("model"), reference)
    if model is not None:
        facts["model"] = model
    budget = cleaning.read_budget(said.get("budget"))
    if budget.clear:
        facts |= {"budget_min": budget.min, "budget_max": budget.max}
    horizon = cleaning.read_horizon(said.get("purchase_time"), on)
    if horizon is not None:
        facts["horizon_days"] = horizon
    city = read_city(said.get("city"), reference)
    if city is not None:
        facts |= {"city": city, "region": reference.cities.get(city)}
    if said.get("test_drive") is not None:
        facts["test_drive_wish"] = said["test_drive"]
    if said.get("trade_in") is not None:
        facts["trade_in"] = said["trade_in"]
    return facts


def read_model(text: str | None, reference: Reference) -> str | None:
    """The code of the known model that is meant."""
    if not text:
        return None
    memory = reference.read_before
    if text not in memory:
        if len(memory) >= SPELLINGS:
            memory.clear()
        memory[text] = cleaning.read_model(text, reference.models)
    return memory[text]


def read_city(text: str | None, reference: Reference) -> str | None:
    """The known city that is meant, else the text itself, so that a person can see what was written."""
    if cleaning.is_blank(text):
        return None
    return cleaning.read_city(text, reference.cities) or cleaning.tidy(text)


def read(body: SubmissionBody, channel: str, reference: Reference, now: datetime) -> Reading:
    """Reads a submission whose channel is known."""
    stated_at = body.stated_at or now
    contact = read_contact(body.phone, body.wechat)
    name = cleaning.read_name(body.name)
    note = cleaning.read_note(body.note)
    wish = read_wish(body.model_dump(), reference, stated_at)
    facts = Facts(
        channel=channel,
        stated_at=stated_at,
        name=name.name,
        phone=contact.phone,
        wechat=contact.wechat,
        city=wish.get("city"),
        region=wish.get("region"),
        model=wish.get("model"),
        budget_min=wish.get("budget_min"),
        budget_max=wish.get("budget_max"),
        horizon_days=wish.get("horizon_days"),
        trade_in=wish.get("trade_in", note.trade_in),
        test_drive_wish=wish.get("test_drive_wish", note.test_drive_wish),
        grade=body.grade,
        do_not_call=note.do_not_call,
        may_call=note.may_call,
        call_hours=note.hours,
        call_said=body.note,
        raw=body.model_dump(mode="json", exclude_none=True),
    )
    return Reading(facts, validity_inputs(contact, name.kind))


def validity_inputs(contact: Contact, name_kind: NameKind) -> dict[str, Any]:
    """What the ``validity`` table asks for: codes, nothing personal."""
    return {
        "phone_kind": contact.kind.value,
        "wechat_present": contact.wechat is not None,
        "name_kind": name_kind.value,
        "test_number": contact.test_number,
    }
