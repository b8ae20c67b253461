"""The statement that writes a rest, and with it what the steps before it leave: the case's row is
updated once (``store.engine.settling``).

All parts of one statement see what was there before it. So a clock that starts is taken from the
part that starts it, and whose the case is from the new values where it changes hands.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, Final

from sqlalchemy import Text

from store.engine import instances, turns, visits
from store.engine.ledger_parts import PARTS, TYPES, new_values, parts_of, set_to, typed
from store.prepared import Prepared

_TYPES: Final[dict[str, Any]] = {
    **TYPES,
    "opened": Text(),
    "place": Text(),
    **{one.key: one.type for one in (*instances.PARAMETERS, *visits.PARAMETERS)},
}
_DECIDED_HERE: Final = frozenset({"next_due_at"})
"""Columns of the case that follow from the rest, whatever a step said."""

_CLOCK = """SELECT clock.id FROM sla_clocks AS clock
            WHERE clock.case_id = :case_id AND clock.kind = wanted.kind AND clock.about = wanted.about
              AND clock.stopped_at IS NULL"""
_STARTED = "SELECT started.id FROM started WHERE started.kind = wanted.kind AND started.about = wanted.about"


def statement(written: Collection[str], of_case: Collection[str], of_lead: Collection[str]) -> Prepared:
    """What writes a rest, these parts of a ledger, and these columns of the case and of the lead.

    It gives a row if the rest was written: where a later one has been, neither it nor the columns
    of the case are.
    """
    parts = tuple(part for part in PARTS if part in written)
    return _statement(parts, tuple(sorted(set(of_case) - _DECIDED_HERE)), tuple(sorted(of_lead)))


@cache
def _statement(parts: tuple[str, ...], of_case: tuple[str, ...], of_lead: tuple[str, ...]) -> Prepared:
    changed = [f"now_so AS (SELECT now_so.* FROM {new_values(of_case)})"] if of_case else []
    with_them = ", now_so" if of_case else ""
    sql = f"""
    WITH {", ".join((*parts_of(parts, of_lead), *changed, _whose(of_case)))}, wanted AS (
        SELECT line.*, whose.kind AS case_kind, whose.dealer_id, whose.owner_id, whose.facts, whose.region
        FROM whose, jsonb_to_recordset(CAST(:opened AS jsonb)) AS line
            (id uuid, kind text, element text, role text, due timestamptz, why text, about text, scope text,
             spread text)
    ), opened AS (
        INSERT INTO tasks (id, case_id, case_kind, kind, element, role, dealer_id, owner_id, status, opened_at, due_at,
                           late, why, clock_id)
        SELECT id, :case_id, case_kind, kind, element, role,
               {turns.at_dealer("scope", case="wanted")},
               {turns.named("wanted.role", "wanted.scope", "wanted.spread", case="wanted", task="wanted.id")},
               'open', :at, due, false, why,
               {f"coalesce(({_STARTED}), ({_CLOCK}))" if "clocks" in parts else f"({_CLOCK})"}
        FROM wanted
        ON CONFLICT (id) DO NOTHING
        RETURNING due_at
    ), {instances.RECORD}, {visits.RECORD}
    UPDATE cases SET {", ".join((*([set_to(of_case)] if of_case else []), _AT_REST))}
    FROM whose{with_them} WHERE cases.id = whose.id
    RETURNING 1
    """
    return typed(sql, _TYPES)


_AT_REST: Final = """
        place = CAST(:place AS jsonb), settled_at = :at,
        process_key = :process_key, process_version = :process_version, process_sha256 = :process_sha256,
        next_due_at = coalesce(
            least((SELECT min(due_at) FROM opened),
                  (SELECT min(due_at) FROM tasks WHERE case_id = :case_id AND status = 'open')),
            (SELECT min(CAST(mark ->> 'due' AS timestamptz)) FROM jsonb_array_elements(CAST(:place AS jsonb)) AS mark)
        )"""


def _whose(of_case: Collection[str]) -> str:
    """The case as it is after this statement, locked; none if a later rest has been written."""
    dealer, owner, region, facts = (
        f'{"now_so" if name in of_case else "cases"}."{name}"' for name in ("dealer_id", "owner_id", "region", "facts")
    )
    return f"""whose AS (
        SELECT cases.id, cases.kind, {dealer}, {owner}, {facts}, {turns.region_of(dealer, region)} AS region
        FROM cases{", now_so" if of_case else ""}
        WHERE cases.id = :case_id AND (cases.settled_at IS NULL OR cases.settled_at <= :at)
        FOR NO KEY UPDATE OF cases
    )"""
