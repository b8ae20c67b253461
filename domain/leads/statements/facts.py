"""Facts that people correct or complete: read like a channel's, but a person is told what cannot be
read (A5, A8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from cases.errors import Conflict, FieldProblem, Invalid
from cases.lead_facts import PLAIN
from domain import cleaning
from domain.cleaning import PhoneKind
from domain.leads.intake import places
from domain.leads.intake.reading import read_contact, read_wish
from domain.leads.plain import read_plain
from store.leads import intake, statements
from store.network.network import Reference
from store.session import Tx


class Wish(Protocol):
    """A body with the facts of a lead, None where not given."""

    @property
    def name(self) -> str | None: ...
    @property
    def province(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...
    @property
    def district(self) -> str | None: ...
    @property
    def model(self) -> str | None: ...
    @property
    def budget(self) -> str | None: ...
    @property
    def purchase_time(self) -> str | None: ...


def read_stated(body: Wish, reference: Reference, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """The changes of the lead and of the customer. Raises ``Invalid`` with every field that cannot
    be read."""
    said = {name: getattr(body, name) for name in ("model", "budget", "purchase_time", *places.FIELDS)}
    wish = read_wish(said, reference, now)
    problems: list[FieldProblem] = []
    where = places.locate(said, reference)
    if where.problem is not None:
        problems.append(where.problem)
    if body.model and "model" not in wish:
        problems.append(FieldProblem("model", "unknown_model"))
    if body.budget and "budget_min" not in wish and not cleaning.is_blank(body.budget):
        problems.append(FieldProblem("budget", "unreadable"))
    if body.purchase_time and "horizon_days" not in wish:
        if not cleaning.is_undecided(body.purchase_time):
            problems.append(FieldProblem("purchase_time", "unreadable"))
        wish["horizon_days"] = None
    plain, unread = _plain(body)
    wish |= plain
    problems += unread
    customer: dict[str, Any] = {"city": wish["city"]} if "city" in wish else {}
    if body.name is not None:
        name = cleaning.read_name(body.name)
        if name.name is None:
            problems.append(FieldProblem("name", "name_missing"))
        customer["name"] = name.name
    if problems:
        raise Invalid("invalid_input", problems=tuple(problems))
    return wish, customer


def _plain(body: Wish) -> tuple[dict[str, Any], list[FieldProblem]]:
    """The plain facts that the body gives, by column; a text that says nothing takes away what
    stood there."""
    columns, problems = dict[str, Any](), list[FieldProblem]()
    for fact in PLAIN:
        given = getattr(body, fact.name, None)
        if given is None:
            continue
        found = read_plain(fact, given)
        columns[fact.column] = found.value
        problems += [found.problem] if found.problem else []
    return columns, problems


def read_person(email: str | None, gender: str | None, company: str | None) -> dict[str, Any]:
    """What is corrected about the person beside name and contact. Raises ``Invalid`` for what is no
    e-mail address."""
    said: dict[str, Any] = {"gender": gender, "company": company, "email": cleaning.read_email(email)}
    if email and said["email"] is None:
        raise Invalid("invalid_input", problems=(FieldProblem("email", "bad_email"),))
    return {name: value for name, value in said.items() if value is not None}


async def settle_contact(tx: Tx, customer_id: UUID | None, phone: str | None, wechat: str | None) -> dict[str, Any]:
    """The customer's new phone and WeChat id, once nobody else has them. Call it before any lead's
    row is locked.

    Raises ``Invalid`` for a number that cannot be dialled, ``Conflict`` for another customer's.
    """
    if phone is None and wechat is None:
        return {}
    contact = read_contact(phone, wechat)
    if phone and (contact.phone is None or contact.test_number):
        code = "test_number" if contact.test_number else "contact_malformed"
        raise Invalid("contact_unusable", problems=(FieldProblem("phone", code),))
    if contact.kind == PhoneKind.MISSING and contact.wechat is None:
        return {}
    await intake.serialise(tx, intake.contact_keys(contact.phone, contact.wechat))
    own_number = (
        contact.phone if phone and contact.proves else None
    )  # one that others share may stand at several customers
    if customer_id is not None and await statements.contact_taken(tx, customer_id, own_number, contact.wechat):
        raise Conflict("contact_in_use")
    # A number that is the WeChat id, too, was stated as the one of them that was given.
    found = {"phone": contact.phone if phone else None, "wechat": contact.wechat}
    return {name: value for name, value in found.items() if value is not None}
