"""Whose a task is, by the role that it is for and the kind of its case: the table ``who`` (A6,
A10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.states import Role, word_if_any
from domain.tables import Tables


class Scope(StrEnum):
    """Within what a task is: only people there get it, and only they are told."""

    OWNER = "owner"  # the case's owner's, at the case's dealer
    DEALER = "dealer"
    REGION = "region"
    NETWORK = "network"
    NAMED = "named"  # the person's whom the case's facts name under the role


class Spread(StrEnum):
    """Whose name a task gets."""

    OWNER = "owner"
    LEAST_LOADED = "least_loaded"  # of the role, who is there and has the fewest open tasks
    QUEUE = "queue"  # nobody's: whoever comes first


class Reminds(StrEnum):
    """Whom a reminder is for."""

    OWNER = "owner"  # whoever's name is on the task
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Whose:
    """What the table says. Of a role that it does not know everybody is asked, and head office
    hears of it."""

    scope: Scope = Scope.NETWORK
    spread: Spread = Spread.QUEUE
    manager: Role = Role.HQ
    reminds: Reminds = Reminds.OWNER


def whose(tables: Tables, at: datetime, role: str, case_kind: str) -> Whose:
    """Whose a task of a role is. Raises ``Unavailable`` until the table is published."""
    made = tables.decide("who", at, {"role": str(role), "case_kind": str(case_kind)})
    known = Whose()
    return Whose(
        Scope(str(made.get("scope") or known.scope)),
        Spread(str(made.get("spread") or known.spread)),
        word_if_any(Role, made.get("manager_role")) or known.manager,
        Reminds(str(made.get("reminds") or known.reminds)),
    )


def scopes(tables: Tables, at: datetime, case_kind: str) -> dict[str, str]:
    """Within what the tasks of each role are."""
    return {role.value: whose(tables, at, role, case_kind).scope.value for role in Role}
