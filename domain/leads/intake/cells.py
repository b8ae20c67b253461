"""One submission's cells: each is read for itself, and what cannot be read costs no lead but is
named (A3)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cases.errors import FieldProblem
from cases.lead_facts import FACTS, Fact
from cases.zone import CHINA
from domain import cleaning
from domain.forms import EARLIEST, LATEST, MOST_YUAN
from domain.leads.intake import places
from domain.leads.plain import LONGEST, read_plain
from store.network.network import Reference

CLOCK_SLACK = timedelta(days=1)
"""How far a channel's clock may be ahead of ours before its instant is not believed."""

SHORT, LONG = LONGEST, 2_000
"""Characters that a cell, and a note, may have: a longer one is something else."""

AT_ONCE = 7
"""Days for which "at once" and "any time" (0 days, no end) are still believed: as long as an H lead
has."""

KNOWN = frozenset(fact.name for fact in FACTS)
ASKED = frozenset(fact.name for fact in FACTS if fact.asked)
"""What the outbound call asks for where it could not be read."""
_DEEPEST = 6


@dataclass(slots=True)
class Cells:
    """The cells as sent; every reading that fails adds to ``unread``."""

    sent: Mapping[str, Any]
    unread: list[FieldProblem] = field(default_factory=list[FieldProblem])

    def miss(self, name: str, code: str, **params: str) -> None:
        """Notes that a cell could not be read, and why."""
        if all(one.field != name for one in self.unread):
            self.unread.append(FieldProblem(name, code, params))

    def text(self, name: str, longest: int = SHORT) -> str | None:
        """A text, or a number as its digits; anything else is no text, and one that is too long is
        not read."""
        value = self.sent.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.miss(name, "wrong_type", expected="text")
            return None
        text = value.strip() if isinstance(value, str) else cleaning.tidy(value)
        if len(text) > longest:
            self.miss(name, "too_long", limit=str(longest))
            return None
        return text

    def contact(self, name: str) -> str | None:
        """A phone number or a WeChat id; several in a list are read like several in one text."""
        value = self.sent.get(name)
        parts: list[Any] = list(value) if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownArgumentType]
        if any(isinstance(part, bool) or not isinstance(part, str | int | float | None) for part in parts):
            self.miss(name, "wrong_type", expected="text")
            return None
        said = [cleaning.tidy(part) for part in parts if part is not None]
        return " / ".join(said) if said else None

    def instant(self, name: str, now: datetime) -> datetime | None:
        """An instant that a lead may have been left at."""
        value = self.sent.get(name)
        if value is None or cleaning.is_blank(value):
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.miss(name, "bad_instant")
            return None
        found = cleaning.read_instant(value, now)
        if found is None:
            self.miss(name, "bad_instant")
        elif not EARLIEST <= found < LATEST:
            self.miss(name, "out_of_range")
        elif found > now + CLOCK_SLACK:
            self.miss(name, "in_future")
        else:
            return found
        return None

    def plain(self, fact: Fact) -> Any:
        """A plain fact's value; nothing for undecided."""
        found = read_plain(fact, self.sent.get(fact.name))
        if found.problem is not None:
            self.miss(fact.name, found.problem.code, **found.problem.params)
        return found.value

    def grade(self, name: str) -> str | None:
        """A grade that a person stated."""
        value = self.sent.get(name)
        if value is None or cleaning.is_blank(value):
            return None
        found = cleaning.read_grade(value) if isinstance(value, str) else None
        if found is None:
            self.miss(name, "unreadable")
        return found

    def texts(self, name: str) -> list[str]:
        """A text, or several in a list."""
        value = self.sent.get(name)
        if not isinstance(value, list):
            text = self.text(name)
            return [] if text is None else [text]
        several: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        found = [str(one).strip()[:SHORT] for one in several if isinstance(one, str | int | float)]
        if len(found) < len(several):
            self.miss(name, "wrong_type", expected="text")
        return [text for text in found if text]

    def budget(self, name: str) -> str | None:
        """A budget as text; a number is yuan, or ten thousands where nobody would mean yuan; two
        are from and to."""
        value = self.sent.get(name)
        if isinstance(value, list) and len(value) == 2 and all(isinstance(one, int | float) for one in value):  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
            return f"{value[0]}-{value[1]}"
        if isinstance(value, int | float) and not 0 <= value <= MOST_YUAN:
            self.miss(name, "out_of_range")
            return None
        text = self.text(name)
        if text and not cleaning.is_blank(text) and not cleaning.read_budget(text).clear:
            self.miss(name, "unreadable")
        return text

    def place(self, said: Mapping[str, str | None], reference: Reference) -> None:
        """Notes a province, city and district that name no one place together."""
        problem = places.locate(said, reference).problem
        if problem is not None:
            self.miss(problem.field, problem.code, **problem.params)

    def days_left(self, name: str, stated_at: datetime, now: datetime) -> int | None:
        """Days from today until the purchase: those from the day when it was said, without the days
        gone by since."""
        text = self.text(name)
        if text is None or cleaning.is_blank(text):
            return None
        if not isinstance(self.sent[name], str):
            text += "天"
        days = cleaning.read_horizon(text, stated_at)
        if days is None:
            if not cleaning.is_undecided(text):
                self.miss(name, "unreadable")
            return None
        gone = (now.astimezone(CHINA).date() - stated_at.astimezone(CHINA).date()).days
        left = 0 if days == 0 and gone <= AT_ONCE else days - max(gone, 0)
        if left < 0:
            self.miss(name, "overdue")
            return None
        return left

    def strangers(self) -> None:
        """Names the fields that nobody knows, so that a misspelt one is seen."""
        for name in self.sent.keys() - KNOWN:
            self.miss(name[:SHORT], "unknown_field")

    def to_ask(self) -> list[dict[str, str]]:
        """What the outbound call is to ask: an unreadable budget or time is simply unknown, and
        notes are no facts."""
        unknown_anyway = {("budget", "unreadable"), ("purchase_time", "unreadable")}
        return [
            {"field": one.field, "code": one.code}
            for one in self.unread
            if one.field in ASKED and (one.field, one.code) not in unknown_anyway
        ]


def storable(value: Any, depth: int = 0) -> Any:
    """What was sent, as PostgreSQL can keep it: no NUL, no half of a surrogate pair, no infinite
    number; ``None`` cells are left out."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**100:
        return "…"
    if isinstance(value, dict | list) and depth > _DEEPEST:
        return "…"
    if isinstance(value, dict):
        found: dict[Any, Any] = value  # pyright: ignore[reportUnknownVariableType]
        return {storable(str(k)): storable(v, depth + 1) for k, v in found.items() if v is not None}
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        return [storable(one, depth + 1) for one in items]
    return value
