"""Who may know of which cases: what each kind declares (``Kind.confidential``), as a scope of the
transaction.

The one law for every address; ``store.engine.sight`` carries it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cases.actors import EVERYTHING, Scope, Unseen
from cases.states import Role
from domain.kinds import KINDS
from store.network.people import Person


def scope_of(person: Person | None) -> Scope:
    """How far a person sees, or whoever is not named."""
    role, far = (None, EVERYTHING) if person is None else (person.role, person.scope)
    return replace(far, unseen=_unseen_by(role))


def by_role() -> Mapping[str, tuple[Unseen, ...]]:
    """What is not there for whom: nobody is told of it, either."""
    return {role: found for role in Role if (found := _unseen_by(role))}


def _unseen_by(role: Role | None) -> tuple[Unseen, ...]:
    return tuple(one for kind in KINDS.values() for one in kind.unseen_by(role))
