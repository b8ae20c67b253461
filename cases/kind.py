"""A kind of case as one value: all that the engine has to be told of leads, of tickets, of whatever
comes next.

Whoever adds a kind writes such a value in ``domain/<feature>/kind.py`` and one line in
``domain/kinds.py`` (docs/how-to/add-a-kind.md). A field is here because the engine reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cases.signatures import Field, Signature
from cases.task_kind import TaskKindDeclared


@dataclass(frozen=True, slots=True)
class Offered:
    """An activity that diagrams may name: where the reference lists it, what it takes and gives.

    ``reaches``: the purposes (table ``contact-rules``) for which it reaches a customer, or has
    somebody reach them. An activity that asks the table for any other purpose is refused.
    """

    group: str
    signature: Signature
    reaches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of case is to the engine.

    ``name`` is the code in ``cases.kind`` and in ids of workflows, ``process`` the key of what its
    cases run on; ``one`` and ``many`` name it in English sentences, ``zh`` in Chinese ones.
    ``starts`` are the messages that begin a life, with what each brings; ``hears`` those that a
    running one may await. ``activities`` are its own, beside those of every kind
    (``domain.every_case``). ``tasks``: the kinds of task that its diagrams may open; ``completed``
    is what completing one may bring beside its outcome.

    ``facts``: what a case is opened with, codes, numbers, instants and ids; ``prefix`` begins the
    numbers by which people name its cases. One that ``hears_about_ended`` is told when a life of
    the case that it came from ends. ``levels``: what ladders and cadences go by, of a lead its
    grades.
    """

    name: str
    process: str
    zh: str
    one: str
    many: str
    starts: Mapping[str, tuple[Field, ...]]
    hears: Mapping[str, tuple[Field, ...]]
    tasks: tuple[TaskKindDeclared, ...]
    roles: Collection[str]
    facts: tuple[Field, ...] = ()
    prefix: str = ""
    hears_about_ended: bool = False
    activities: Mapping[str, Offered] = field(default_factory=dict[str, Offered])
    completed: tuple[Field, ...] = ()
    levels: tuple[str, ...] = ()


def offered(
    group: str,
    *,
    takes: tuple[Field, ...] = (),
    gives: tuple[Field, ...] = (),
    open_ended: bool = False,
    reaches: tuple[str, ...] = (),
) -> Offered:
    """A row of a kind's activities; an ``open_ended`` one takes and gives more than it declares."""
    return Offered(group, Signature(takes, gives, takes_more=open_ended, gives_more=open_ended), reaches)
