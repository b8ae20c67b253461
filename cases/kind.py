"""A kind of case as one value: all that the engine has to be told of leads, of tickets, of whatever
comes next.

Whoever adds a kind writes such a value in ``domain/<feature>/kind.py`` and one line in
``domain/kinds.py`` (docs/how-to/add-a-kind.md). A field is here because the engine reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cases.actors import Unseen
from cases.messages.words import Words
from cases.near import nearest
from cases.parties import Team
from cases.signatures import Field, Signature
from cases.states import Role
from cases.task_kind import TaskKindDeclared


@dataclass(frozen=True, slots=True)
class Offered:
    """An activity that diagrams may name: where the reference lists it, what it takes and gives.

    ``reaches``: the purposes (table ``contact-rules``) for which it reaches a customer, or has
    somebody reach them. An activity that asks the table for any other purpose is refused.
    ``alone``: it is never done in one transaction with other steps, because it speaks to other
    systems, or because it is much work.
    """

    group: str
    signature: Signature
    reaches: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a kind in every language, by their codes: lines of its histories, what people
    are told, codes inside sentences. Those of its kinds of task stand with these."""

    lines: Mapping[str, Words] = field(default_factory=dict[str, Words])
    notices: Mapping[str, Words] = field(default_factory=dict[str, Words])
    codes: Mapping[str, Words] = field(default_factory=dict[str, Words])


@dataclass(frozen=True, slots=True)
class Emptied:
    """Columns of a table beside the cases that hold somebody's words: ``of`` is the column with the
    case's id, ``to`` what an erasure of the person leaves in each."""

    table: str
    of: str
    to: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Confidential:
    """Which cases of a kind exist for some roles alone: those of which a ``fact`` says one of these
    ``values``. For everybody else nothing shows that they are there, at whatever address; whoever
    opened one under their name may read it where its kind is read, and add to it."""

    fact: str
    values: tuple[str, ...]
    readers: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of case is to the engine.

    ``name`` is the code in ``cases.kind`` and in ids of workflows, ``process`` the key of what its
    cases run on; ``one`` and ``many`` name it in English sentences, ``zh`` in Chinese ones.
    ``starts`` are the messages that begin a life, with what each brings; ``hears`` those that a
    running one may await. ``activities`` are its own, beside those of every kind
    (``domain.every_case``). ``tasks``: the kinds of task that its diagrams may open; ``completed``
    is what completing one may bring beside its outcome. ``clocks``: its deadlines that are no
    task's, with whose working hours each keeps to.

    ``facts``: what a case is opened with, codes, numbers, instants and ids; ``prefix`` begins the
    numbers by which people name its cases. One that ``hears_about_ended`` is told when a life of
    the case that it came from ends. ``levels``: what ladders and cadences go by, of a lead its
    grades. ``roles`` may do its tasks, or have them: a diagram names no other. ``confidential`` are
    those that exist for some roles alone. ``erased``: what an erasure of the person empties, beside
    what was written about its cases (``case_words``). ``texts`` are its words.

    Raises ``ValueError`` for a declaration that does not fit together.
    """

    name: str
    process: str
    zh: str
    one: str
    many: str
    starts: Mapping[str, tuple[Field, ...]]
    hears: Mapping[str, tuple[Field, ...]]
    tasks: tuple[TaskKindDeclared, ...]
    roles: frozenset[Role]
    facts: tuple[Field, ...] = ()
    prefix: str = ""
    hears_about_ended: bool = False
    activities: Mapping[str, Offered] = field(default_factory=dict[str, Offered])
    completed: tuple[Field, ...] = ()
    clocks: Mapping[str, Team] = field(default_factory=dict[str, Team])
    levels: tuple[str, ...] = ()
    confidential: tuple[Confidential, ...] = ()
    erased: tuple[Emptied, ...] = ()
    texts: Texts = field(default_factory=Texts)

    def __post_init__(self) -> None:
        for one in self.tasks:
            for role in one.roles:
                _known(self.name, role, self.roles)
        known = {one.name: one.codes for one in self.facts}
        for rule in self.confidential:
            _known(self.name, rule.fact, known)
            for value in rule.values:
                _known(self.name, value, known[rule.fact])

    def unseen_by(self, role: Role | None) -> tuple[Unseen, ...]:
        """The cases of this kind that are not there for a role; None is whoever is not named."""
        return tuple(
            Unseen(self.name, rule.fact, rule.values) for rule in self.confidential if role not in rule.readers
        )


def _known(kind: str, name: str, right: Collection[str]) -> None:
    if name not in right:
        near = nearest(name, right)
        raise ValueError(f"{kind}: {name} is none of its roles, facts or codes" + (f"; {near}?" if near else ""))


def offered(
    group: str,
    *,
    takes: tuple[Field, ...] = (),
    gives: tuple[Field, ...] = (),
    open_ended: bool = False,
    reaches: tuple[str, ...] = (),
    alone: bool = False,
) -> Offered:
    """A row of a kind's activities; an ``open_ended`` one takes and gives more than it declares."""
    return Offered(group, Signature(takes, gives, takes_more=open_ended, gives_more=open_ended), reaches, alone)
