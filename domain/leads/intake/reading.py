"""From what a channel sent to facts: every field through its reader, what cannot be read stays open
(A3, A4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from cases.errors import FieldProblem
from cases.lead_facts import PLAIN
from domain import cleaning
from domain.cleaning import NameKind, NoteReading, PhoneKind, PhoneReading
from domain.leads.intake import partner, places
from domain.leads.intake.cells import LONG, Cells
from store.leads.births import Facts
from store.leads.intake import External, contact_keys
from store.network.network import Member, Reference, Shop

N = TypeVar("N", Shop, Member)

SPELLINGS = 10_000
"""Spellings of models that are remembered."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A submission as understood. ``validity`` are the inputs of the table of that name."""

    facts: Facts
    validity: Mapping[str, Any]
    proves: bool = True
    unread: tuple[FieldProblem, ...] = ()

    @property
    def contacts(self) -> tuple[str, ...]:
        """The keys of both contacts, the phone first."""
        return contact_keys(self.facts.phone, self.facts.wechat)

    @property
    def external(self) -> External | None:
        """The channel's own id of this submission, if it has one."""
        return (self.facts.external_id, self.facts.channel) if self.facts.external_id else None

    @property
    def proofs(self) -> tuple[str, ...]:
        """The keys under which this customer is known for sure: a number that others share proves
        nothing."""
        return contact_keys(self.facts.phone if self.proves else None, self.facts.wechat)


@dataclass(frozen=True, slots=True)
class Contact:
    """Phone (E.164, with its extension as RFC 3966 writes it) and WeChat id as read.

    ``kind`` and ``test_number`` are what the validity table asks for; ``proves``: nobody else is
    reached by the number.
    """

    phone: str | None
    wechat: str | None
    kind: PhoneKind
    test_number: bool
    proves: bool = True


def read_contact(phone: str | None, wechat: str | None) -> Contact:
    """Reads the two ways to reach somebody.

    "（微信同号）" after a number makes it the WeChat id too; a WeChat id that is a mobile number is a
    number to call; a labelled id in the place of the number (微信:abc123) is the WeChat id.
    """
    number: PhoneReading = cleaning.read_phone(phone)
    chat = cleaning.read_wechat(wechat)
    written = chat.id
    if number.e164 is None and not number.test_number:
        written = written or cleaning.labelled_wechat(phone)
        if chat.phone:
            number = cleaning.read_phone(chat.phone)
    if written is None and number.kind is PhoneKind.MOBILE and (number.same_as_wechat or chat.same):
        written = (number.e164 or "").removeprefix("+86") or None
    return Contact(number.dialled, written, number.kind, number.test_number, number.proves)


def read_wish(said: Mapping[str, Any], reference: Reference, on: datetime) -> dict[str, Any]:
    """The facts about the car, the money and the time that are said and can be read, as columns of
    a lead.

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
    return {**facts, **places.locate(said, reference).columns}


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


def _model(cells: Cells, reference: Reference) -> str | None:
    """The wish for a car as typed; of several the first that is known."""
    texts = cells.texts("model")
    return next((text for text in texts if read_model(text, reference)), texts[0] if texts else None)


def _whose(cells: Cells, reference: Reference) -> tuple[UUID | None, UUID | None]:
    """The dealer that is named and the consultant there; a consultant's code is enough to know the
    dealer."""
    shop = _one_called(cells, "dealer", reference.shops)
    written = cells.text("consultant")
    if written and shop is None and not cells.sent.get("dealer"):
        shop = next((one for one in reference.shops for who in one.consultants if who.code == written), None)
    person = _one_called(cells, "consultant", shop.consultants if shop else ())
    return shop.id if shop else None, person.id if person else None


def _one_called(cells: Cells, name: str, known: Sequence[N]) -> N | None:
    text = cells.text(name)
    if text is None or cleaning.is_blank(text):
        return None
    found = cleaning.read_called(text, known)
    if len(found) == 1:
        return found[0]
    cells.miss(name, f"ambiguous_{name}" if found else f"unknown_{name}")
    return None


def read(sent: Mapping[str, Any], channel: str, reference: Reference, now: datetime) -> Reading:
    """Reads a submission whose channel is known. No optional cell makes it fail: what cannot be
    read is named."""
    cells = Cells(sent)
    said_at = cells.instant("stated_at", now)
    contact = read_contact(cells.contact("phone"), cells.contact("wechat"))
    name = cleaning.read_name(cells.text("name"))
    note = cleaning.read_note(sent.get("note"))
    written = cells.text("note", LONG)
    said = {
        "model": _model(cells, reference),
        "budget": cells.budget("budget"),
        **{name: cells.text(name) for name in places.FIELDS},
    }
    plain = {fact.column: cells.plain(fact) for fact in PLAIN}
    wish = read_wish(said, reference, now)
    cells.place(said, reference)
    horizon = cells.days_left("purchase_time", said_at or now, now)
    grade = cells.grade("grade")
    tags = partner.utm(cells)
    dealer, consultant = _whose(cells, reference)
    cells.strangers()
    facts = Facts(
        channel=channel,
        stated_at=said_at or now,
        name=name.name,
        phone=contact.phone,
        wechat=contact.wechat,
        province=wish.get("province"),
        city=wish.get("city"),
        district=wish.get("district"),
        place_code=wish.get("place_code"),
        region=wish.get("region"),
        model=wish.get("model"),
        budget_min=wish.get("budget_min"),
        budget_max=wish.get("budget_max"),
        horizon_days=horizon,
        plain=_with_note(plain, note),
        grade=grade,
        do_not_call=note.do_not_call,
        may_call=note.may_call,
        call_hours=note.hours,
        call_said=written,
        raw=sent,
        said_at=said_at,
        email=partner.email(cells),
        gender=partner.gender(cells, name.honorific),
        company=partner.company(cells),
        campaign=partner.campaign(cells, tags),
        external_id=partner.external_id(cells),
        utm=tags,
        consents=partner.consents(cells, channel, said_at or now, now),
        dealer_id=dealer,
        consultant_id=consultant,
    )
    facts = replace(facts, fingerprint=fingerprint(facts), unread=cells.to_ask())
    return Reading(facts, validity_inputs(contact, name.kind), contact.proves, tuple(cells.unread))


def _with_note(plain: Mapping[str, Any], note: NoteReading) -> dict[str, Any]:
    """A note tells what its own cell does not."""
    noted = {"trade_in": note.trade_in or None, "test_drive_wish": note.test_drive_wish or None}
    return {column: noted.get(column) if value is None else value for column, value in plain.items()}


_AS_READ = ("name", "phone", "wechat", "city", "model", "budget_min", "budget_max", "grade")
_READ_EVER = ("trade_in", "test_drive_wish")
_ADDED = ("email", "gender", "company", "consent", "dealer", "consultant")
_DECLARED = {fact.name: fact.column for fact in PLAIN if fact.column not in _READ_EVER}
"""These and the last are counted only where they are given: what was taken before they were known
keeps its fingerprint."""
_AS_TYPED = ("name", "model", "budget", "purchase_time", "city", "note", "campaign", "stated_at")
_READ_INSTEAD = {"name": "name", "model": "model", "budget": "budget_min", "city": "city", "stated_at": "said_at"}


def fingerprint(facts: Facts) -> str:
    """Of who and what a submission says, as read: the same however it is spelt, whatever file or
    request it is in.

    A cell that could not be read, and one that is not kept as read, counts as it was typed.
    Personal data.
    """
    said: dict[str, Any] = {name: getattr(facts, name) for name in _AS_READ}
    said |= {column: facts.plain[column] for column in _READ_EVER}
    said |= {"channel": facts.channel, "said_at": facts.said_at and facts.said_at.isoformat()}
    said["wechat"] = facts.wechat and facts.wechat.lower()
    said |= {name: value for name in ("province", "district") if (value := getattr(facts, name)) is not None}
    for name in _AS_TYPED:
        read_as = _READ_INSTEAD.get(name)
        if read_as is None or getattr(facts, read_as) is None:
            said[f"{name} typed"] = cleaning.tidy(facts.raw.get(name)).lower()
    said |= {"utm": dict(facts.utm)} if facts.utm else {}
    said |= {f"{name} typed": _typed(facts.raw[name]) for name in _ADDED if facts.raw.get(name) is not None}
    for name, column in _DECLARED.items():
        if facts.plain.get(column) is not None:
            said[name] = facts.plain[column]
        elif facts.raw.get(name) is not None:
            said[f"{name} typed"] = _typed(facts.raw[name])
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _typed(value: Any) -> str:
    return (json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else cleaning.tidy(value)).lower()


def validity_inputs(contact: Contact, name_kind: NameKind) -> dict[str, Any]:
    """What the ``validity`` table asks for: codes, nothing personal."""
    return {
        "phone_kind": contact.kind.value,
        "wechat_present": contact.wechat is not None,
        "name_kind": name_kind.value,
        "test_number": contact.test_number,
    }
