"""A kind of task, declared: how people call it, who may do it, how it can end, and what each end
has to say.

Each feature declares its own (``domain/<feature>/tasks.py``); ``domain.kinds`` knows them all.
Checks of diagrams and of tables, the inbox, the one door that completes tasks and its form are made
from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cases.messages.words import Words, catalogue
from cases.parties import Team, team_of
from cases.states import Role


class Says(StrEnum):
    """What a field of a form holds."""

    CODE = "code"  # one of a list
    KEY = "key"  # a code of the network, or a number in the books
    ID = "id"  # of a case
    WHOLE = "whole"  # a whole number, such as yuan
    FLAG = "flag"
    INSTANT = "instant"
    TEXT = "text"  # a person's own words
    TEXTS = "texts"  # several of them


WORDED = frozenset({Says.TEXT, Says.TEXTS})
"""What people say in words of their own. It may name a person, so it is kept apart, and an erasure
empties it."""

LONGEST_KEY = 100
LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing that a form asks for. ``least`` and ``most``: of a number itself, of a text its
    length.

    ``called``: words for codes that sentences say otherwise, or not at all.
    """

    name: str
    words: Words
    says: Says
    codes: tuple[str, ...] = ()
    called: Mapping[str, Words] = field(default_factory=dict[str, Words])
    least: int | None = None
    most: int | None = None

    def __post_init__(self) -> None:
        if (self.says is Says.CODE) != bool(self.codes):
            raise ValueError(f"{self.name}: codes, and only they, have a list")

    @property
    def worded(self) -> bool:
        """Whether it is said in somebody's own words."""
        return self.says in WORDED

    def keyed(self, key: str) -> FormField:
        """The same, its words under their keys."""
        return replace(self, words=self.words.keyed(key), called=catalogue(key, self.called))

    def sentences(self) -> Iterator[Words]:
        """What it and its codes are called."""
        yield self.words
        yield from self.called.values()

    @property
    def longest(self) -> int | None:
        """The most signs of a text, the greatest number; None for what has no such bound."""
        if self.most is not None:
            return self.most
        return {Says.TEXT: LONGEST_TEXT, Says.TEXTS: LONGEST_KEY, Says.KEY: LONGEST_KEY}.get(self.says)


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeDeclared:
    """How a task may end: the process routes on the code. ``needs`` are fields without which it is
    refused, ``takes`` those that may come with it; any other field is refused, too."""

    code: str
    words: Words
    needs: tuple[FormField, ...] = ()
    takes: tuple[FormField, ...] = ()

    @property
    def fields(self) -> tuple[FormField, ...]:
        """All that it asks for, what is needed first."""
        return self.needs + self.takes

    def keyed(self, key: str) -> OutcomeDeclared:
        """The same, its words under their keys: those of its fields are ``<key>.<field>``."""
        needs, takes = (tuple(one.keyed(f"{key}.{one.name}") for one in some) for some in (self.needs, self.takes))
        return OutcomeDeclared(self.code, self.words.keyed(key), needs, takes)

    def sentences(self) -> Iterator[Words]:
        """What it and its fields are called."""
        yield self.words
        for one in self.fields:
            yield from one.sentences()

    def field(self, name: str) -> FormField | None:
        """One of them by its name."""
        return next((one for one in self.fields if one.name == name), None)


@dataclass(frozen=True, slots=True, eq=False)
class TaskKindDeclared:
    """One kind of task.

    ``roles`` may do it, within their reach; whoever owns a task may anyway. ``spared`` is the
    outcome with which the process goes on where the task's customer must not be called
    (``contact-rules`` may say another); None: the task reaches no customer. ``own_law``: its
    feature completes it by statements of its own, which keep its words, too. ``may_wait``: it may
    be put on hold until an agreed day. ``urgent``: somebody waits for it. ``team``: whose working
    hours its deadline and ladder keep to; None: those of the role that does it.
    """

    kind: str
    words: Words
    roles: frozenset[Role]
    outcomes: tuple[OutcomeDeclared, ...]
    spared: str | None = None
    own_law: bool = False
    may_wait: bool = False
    urgent: bool = False
    team: Team | None = None
    _by_code: dict[str, OutcomeDeclared] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = f"tasks.{self.kind}"
        object.__setattr__(self, "words", self.words.keyed(key))
        object.__setattr__(self, "outcomes", tuple(one.keyed(f"{key}.{one.code}") for one in self.outcomes))
        by_code = {one.code: one for one in self.outcomes}
        if not by_code or len(by_code) != len(self.outcomes):
            raise ValueError(f"{self.kind}: a task ends in one of several ways, each declared once")
        if self.spared is not None and self.spared not in by_code:
            raise ValueError(f"{self.kind}: {self.spared} is none of its outcomes")
        if self.team is not None and self.team not in {team_of(role) for role in self.roles}:
            raise ValueError(f"{self.kind}: nobody who may do it works at the {self.team}")
        object.__setattr__(self, "_by_code", by_code)

    def sentences(self) -> Iterator[Words]:
        """What it, its outcomes and their fields are called: keys begin with ``tasks.<kind>``."""
        yield self.words
        for one in self.outcomes:
            yield from one.sentences()

    def outcome(self, code: str) -> OutcomeDeclared | None:
        """The outcome of this code."""
        return self._by_code.get(code)

    def codes(self) -> Iterator[str]:
        """The codes of its outcomes."""
        return iter(self._by_code)
