"""What a customer's next form says that was not known: one rule a field, as a table (decision
0034).

Pure: what is known and what is said go in, the columns to change and the codes of what is new come
out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cases.grades import rank
from cases.lead_facts import FACTS, Fact
from domain import cleaning
from domain.leads.intake import places
from store.leads.births import Facts
from store.leads.repeats import Known

MOST = 20
"""Contacts and names beside the first that are kept of a customer, and consents of a lead."""


WISHES: Final[Mapping[str, Fact]] = {fact.name: fact for fact in FACTS if fact.columns and fact.newest}
"""Facts about the purchase: the newest word wins, and what is not known is filled at any time."""

IDENTITY: Final = ("name", "phone", "wechat", "email", "gender", "company")
"""Who they are: filled where it is empty; another value is kept beside the first, never in its
place."""

BESIDE: Final = frozenset({"name", "phone", "wechat", "email", "company"})
"""Of which more than one is kept (``customers.further``)."""


@dataclass(slots=True)
class News:
    """What changes, by column; ``fields``: what is new, ``otherwise``: what was said differently
    and is kept beside.

    ``values`` are those of the new facts that are codes and numbers; free words stay in the
    submission.
    """

    lead: dict[str, Any] = field(default_factory=dict[str, Any])
    customer: dict[str, Any] = field(default_factory=dict[str, Any])
    fields: list[str] = field(default_factory=list[str])
    otherwise: list[str] = field(default_factory=list[str])
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    weighs: bool = False
    """Whether the grade is to be looked at again."""


def what_is_new(known: Known, facts: Facts, proves: bool, at: datetime) -> News:
    """Weighs everything that a repeat says. ``proves``: nobody else is reached by its number
    (decision 0025)."""
    news = News()
    for name, wish in WISHES.items():
        _weigh(news, known, facts, name, wish)
    _grade(news, known, facts, at)
    _source(news, known, facts)
    _answered(news, known, facts)
    _identity(news, known.customer, facts, proves)
    news.weighs = _weighs(news, known, facts)
    if not cleaning.is_blank(facts.call_said):
        news.fields.append("note")
    return news


def who_is_new(customer: Mapping[str, Any], facts: Facts, proves: bool) -> News:
    """Of a known customer's next lead: what it says about the person."""
    news = News()
    _identity(news, customer, facts, proves)
    return news


def _weigh(news: News, known: Known, facts: Facts, name: str, wish: Fact) -> None:
    said = {column: facts.said(column) for column in wish.columns}
    had = {column: known.lead[column] for column in wish.columns}
    if all(value is None for value in said.values()) or (said == had and not _outdates(known, facts, name)):
        return
    unknown = all(value is None or value is False for value in had.values())
    if name == "city":
        # A place that can be told takes the place of words, and words never that of a place.
        unknown = not _is_place(had)
        if not unknown and not _is_place(said):
            news.otherwise.append(name)
            return
    if unknown or (_newest(known, facts, wish.columns) and (known.before_dealer or not wish.held)):
        news.lead |= said
        news.fields.append(name)
        # Of what is personal only a place that was read is a code: free words stay in the
        # submission.
        if _is_place(said) if name == "city" else not wish.personal:
            news.values |= said
    else:
        news.otherwise.append(name)


def _is_place(columns: Mapping[str, Any]) -> bool:
    return columns["place_code"] is not None or columns["region"] is not None


def _outdates(known: Known, facts: Facts, name: str) -> bool:
    """A purchase time that is named again speaks against a grade that somebody stated before."""
    graded_at = known.lead["graded_at"]
    stated = name == "purchase_time" and known.lead["grade_reason"] == "stated"
    return stated and graded_at is not None and facts.stated_at >= graded_at


def _weighs(news: News, known: Known, facts: Facts) -> bool:
    if known.lead["grade_reason"] == "stated":
        return "purchase_time" in news.fields and _outdates(known, facts, "purchase_time")
    return bool({"model", "budget", "purchase_time"} & set(news.fields))


def _newest(known: Known, facts: Facts, columns: tuple[str, ...]) -> bool:
    """Not older than anything said before, nor than what a person put in its place."""
    return all(facts.stated_at >= instant for instant in (known.said_at, *_corrections(known, columns)))


def _corrections(known: Known, columns: tuple[str, ...]) -> list[datetime]:
    return [known.corrected[column] for column in columns if column in known.corrected]


def _grade(news: News, known: Known, facts: Facts, at: datetime) -> None:
    """A grade that a person stated: the newest word, but at a dealer only a higher one."""
    had = known.lead["grade"]
    if facts.grade is not None and _newest(known, facts, ()):
        higher = rank(facts.grade) > rank(had)
        if facts.grade != had and (known.before_dealer or higher):
            news.lead |= {"grade": facts.grade, "grade_reason": "stated", "graded_at": at}
            if had is not None and higher:
                news.lead["progress_at"] = at
            news.fields.append("grade")
            news.values["grade"] = facts.grade
    elif "horizon_days" in news.lead and known.before_dealer and known.lead["grade_reason"] == "stated":
        # A grade that a person stated some time ago does not hold against what the customer says
        # now.
        news.lead["grade_reason"] = None


def _source(news: News, known: Known, facts: Facts) -> None:
    """Where it came from is the first submission's; each later one keeps its own. Consents add
    up."""
    for name in ("campaign", "external_id"):
        if getattr(facts, name) is not None and known.lead[name] is None:
            news.lead[name] = getattr(facts, name)
    if facts.utm and not known.lead["utm"]:
        news.lead["utm"] = dict(facts.utm)
    if facts.campaign is not None and facts.campaign != known.lead["campaign"]:
        news.fields.append("campaign")
    added = [dict(one) for one in facts.consents if dict(one) not in known.lead["consents"]]
    if added:
        news.lead["consents"] = [*known.lead["consents"], *added][-MOST:]
        news.fields.append("consent")


def _answered(news: News, known: Known, facts: Facts) -> None:
    """What could not be read the first time is no longer asked once it is said readably."""
    said = {name for name, wish in WISHES.items() if any(facts.said(one) is not None for one in wish.columns)}
    said = said - {"city"} | (set(places.FIELDS) if facts.place_code or facts.region else set[str]())
    said |= {name for name in ("name", "grade", "phone", "wechat") if getattr(facts, name) is not None}
    left = [one for one in known.lead["unread"] if one["field"] not in said]
    if left != known.lead["unread"]:
        news.lead["unread"] = left


def _identity(news: News, customer: Mapping[str, Any], facts: Facts, proves: bool) -> None:
    further: list[str] = list(customer["further"])
    for name in IDENTITY:
        said, had = getattr(facts, name), customer[name]
        if said is None or (had is not None and _key(name, said) == _key(name, had)):
            continue
        if had is None:
            news.customer[name] = said
            news.fields.append(name)
            if name == "gender":
                news.values[name] = said
            continue
        beside = f"{name}:{_key(name, said)}"
        if beside in further:
            continue
        if name in BESIDE and (name != "phone" or proves):
            further.append(beside)
            (news.fields if name in ("phone", "wechat", "email") else news.otherwise).append(name)
        else:
            news.otherwise.append(name)
    if facts.city is not None and customer["city"] is None:
        news.customer["city"] = facts.city
    if further != customer["further"]:
        news.customer["further"] = further[-MOST:]


def _key(name: str, value: str) -> str:
    """As two values of one field are compared, and kept beside the first."""
    return value.lower() if name in ("wechat", "email") else value
