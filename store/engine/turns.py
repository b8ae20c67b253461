"""Whose turn it is: whose name a task gets, and who of a role has it next (A6, A10, A11).

One law for all that deals tasks: a new one, one that an absent person had, one whose dealer is
gone, one that the ladder gives to somebody else. Within what and in whose name is the table
``who``; of those who are there, whoever has the fewest open tasks is next. Callers hold the case's
lock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, bindparam, text

from cases.states import Role
from store.session import Tx


def region_of(dealer: str, own: str) -> str:
    """The region in which a case is, as SQL: its dealer's, or its own while no dealer has it."""
    return f"coalesce((SELECT dealers.region FROM dealers WHERE dealers.id = {dealer}), {own})"


REGION = region_of("cases.dealer_id", "cases.region")
"""The region in which a row of ``cases`` is."""


def next_of(role: str, scope: str, *, dealer: str, region: str, task: str, but: str = "NULL") -> str:
    """The id of whoever of a role is next within a scope, as SQL (arguments, too; ``:at`` is the
    instant): there, not ``but``, and with the fewest open tasks. Equals take turns by the task's
    id, so that a repetition chooses alike."""
    return f"""(
        SELECT agent.id FROM staff AS agent
        WHERE agent.role = {role} AND agent.active AND agent.id IS DISTINCT FROM {but}
          AND CASE {scope} WHEN 'owner' THEN agent.dealer_id = {dealer} WHEN 'dealer' THEN agent.dealer_id = {dealer}
                           WHEN 'region' THEN agent.region = {region} ELSE true END
          AND NOT EXISTS (SELECT FROM absences WHERE staff_id = agent.id AND :at >= starts_at AND :at < ends_at)
        ORDER BY (SELECT count(*) FROM tasks AS other WHERE other.owner_id = agent.id AND other.status = 'open'),
                 hashtext(agent.code || {task})
        LIMIT 1)"""


def named(role: str, scope: str, spread: str, *, case: str, task: str) -> str:
    """Whose name a task gets, as SQL. ``case`` has a case's ``dealer_id``, ``owner_id``, ``region``
    and ``facts``: these may name a person (a staff code) under a role."""
    next_one = next_of(role, scope, dealer=f"{case}.dealer_id", region=f"{case}.region", task=task)
    return f"""coalesce(
        CASE WHEN {scope} = 'named' THEN
            (SELECT id FROM staff WHERE code = {case}.facts ->> {role} AND active) END,
        CASE {spread} WHEN 'owner' THEN {case}.owner_id WHEN 'least_loaded' THEN {next_one} END)"""


def at_dealer(scope: str, *, case: str) -> str:
    """The dealer whose a task is, as SQL."""
    return f"CASE WHEN {scope} IN ('owner', 'dealer') THEN {case}.dealer_id END"


_WHERE = f"(SELECT {REGION} FROM cases WHERE cases.id = tasks.case_id)"
_CASE, _STAFF, _AT = (
    bindparam("case_id", type_=Uuid()),
    bindparam("staff_id", type_=Uuid()),
    bindparam("at", type_=DateTime(timezone=True)),
)
_ANOTHER = next_of(
    "tasks.role",
    "CAST(:scopes AS jsonb) ->> tasks.role",
    dealer="tasks.dealer_id",
    region=_WHERE,
    task="tasks.id",
    but="tasks.owner_id",
)
_PASS_ON = text(
    f"""
    UPDATE tasks SET owner_id = {_ANOTHER}
    WHERE case_id = :case_id AND owner_id = :staff_id AND status = 'open'
    RETURNING kind, owner_id
    """
).bindparams(_CASE, _STAFF, _AT, bindparam("scopes", type_=Text))
_DEAL_ON = text(
    f"""
    WITH following AS (SELECT id, {_ANOTHER} AS owner_id FROM tasks WHERE id = :task_id AND status = 'open')
    UPDATE tasks SET owner_id = following.owner_id FROM following
    WHERE tasks.id = following.id AND following.owner_id IS NOT NULL
    RETURNING tasks.owner_id
    """
).bindparams(bindparam("task_id", type_=Uuid()), _AT, bindparam("scopes", type_=Text))

_TO_HEAD_OFFICE = text(
    f"""
    UPDATE tasks SET role = 'hq', dealer_id = NULL, owner_id = {
        named("'hq'", "CAST(:scope AS text)", "CAST(:spread AS text)", case="whose", task="tasks.id")
    }
    FROM (SELECT id, dealer_id, owner_id, facts, {REGION} AS region FROM cases WHERE id = :case_id) AS whose
    WHERE case_id = :case_id AND status = 'open' AND (tasks.id = :task_id OR tasks.dealer_id = :dealer_id)
    RETURNING kind, tasks.owner_id
    """
).bindparams(
    _CASE,
    _AT,
    bindparam("scope", type_=Text),
    bindparam("spread", type_=Text),
    bindparam("task_id", type_=Uuid()),
    bindparam("dealer_id", type_=Uuid()),
)

_ANYBODY = text(
    f"""
    SELECT EXISTS (
        SELECT FROM staff AS person, cases
        WHERE cases.id = :case_id AND person.role = :role AND person.active
          AND CASE WHEN person.dealer_id IS NOT NULL THEN person.dealer_id = cases.dealer_id
                   WHEN person.region IS NOT NULL THEN person.region = {REGION} ELSE true END)
    """
).bindparams(_CASE, bindparam("role", type_=Text))

Scopes = Mapping[str, str]
"""Within what the tasks of each role are, as the table ``who`` says."""


async def pass_on(
    tx: Tx, case_id: UUID, staff_id: UUID, at: datetime, scopes: Scopes
) -> tuple[tuple[str, UUID | None], ...]:
    """Puts the name of the next of its role on a person's open tasks of a case; of each task its
    kind and who has it now. Where nobody is next, it is nobody's in particular: everybody of the
    role may do it."""
    values = {"case_id": case_id, "staff_id": staff_id, "at": at, "scopes": json.dumps(dict(scopes))}
    return tuple((row.kind, row.owner_id) for row in await tx.session.execute(_PASS_ON, values))


async def deal_on(tx: Tx, task_id: UUID, at: datetime, scopes: Scopes) -> UUID | None:
    """Puts the name of the next of its role on an open task, and returns who that is; nothing
    changes without one."""
    return await tx.session.scalar(_DEAL_ON, {"task_id": task_id, "at": at, "scopes": json.dumps(dict(scopes))})


async def to_head_office(
    tx: Tx,
    case_id: UUID,
    at: datetime,
    *,
    scope: str,
    spread: str,
    dealer: UUID | None = None,
    task: UUID | None = None,
) -> tuple[tuple[str, UUID | None], ...]:
    """Makes a case's open tasks (all at a dealer, or one) those of head office's people; of each
    its kind and owner."""
    values = {"case_id": case_id, "at": at, "scope": scope, "spread": spread, "dealer_id": dealer, "task_id": task}
    return tuple((row.kind, row.owner_id) for row in await tx.session.execute(_TO_HEAD_OFFICE, values))


async def anybody(tx: Tx, case_id: UUID, role: Role) -> bool:
    """Whether somebody of a role hears what is told to it about a case: as
    ``store.engine.notifications`` spreads it."""
    return bool(await tx.session.scalar(_ANYBODY, {"case_id": case_id, "role": role.value}))
