"""What must hold in the store whatever died: one query a rule, which gives the facts that break it.

The clients' own rules compare what they were told with what is there. A fact names the lead: it can
be looked up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import asyncpg

from bench.chaos.clients import Heard

STORE: Final[dict[str, str]] = {
    "a lead has messages that were never delivered": """
        SELECT case_id || ' message ' || seq FROM outbox WHERE delivered_at IS NULL
    """,
    "a lead's messages are numbered with a gap": """
        SELECT c.id || ' has ' || count(o.id) || ' of ' || c.message_seq
        FROM cases c LEFT JOIN outbox o ON o.case_id = c.id
        GROUP BY c.id HAVING count(o.id) <> c.message_seq
    """,
    "a lead has no life": """
        SELECT c.id::text FROM cases c WHERE NOT EXISTS (SELECT FROM instances i WHERE i.case_id = c.id)
    """,
    "a lead was told what its life never applied": """
        SELECT c.id || ' applied ' || i.applied || ' of ' || c.message_seq
        FROM instances i JOIN cases c ON c.id = i.case_id
        WHERE i.ended_at IS NULL AND i.applied < c.message_seq
    """,
    "a lead lives twice": """
        SELECT case_id::text FROM instances WHERE ended_at IS NULL GROUP BY case_id HAVING count(*) > 1
    """,
    "an open task without a token that waits there": """
        SELECT case_id || ' ' || element FROM tasks WHERE status = 'open'
        EXCEPT ALL SELECT i.case_id || ' ' || (mark ->> 'element')
        FROM instances i, jsonb_array_elements(place_of(i.stand, i.place)) AS mark
        WHERE i.ended_at IS NULL AND mark ->> 'waits_for' = 'task'
    """,
    "a token that waits for a task that is not open": """
        SELECT i.case_id || ' ' || (mark ->> 'element')
        FROM instances i, jsonb_array_elements(place_of(i.stand, i.place)) AS mark
        WHERE i.ended_at IS NULL AND mark ->> 'waits_for' = 'task'
        EXCEPT ALL SELECT case_id || ' ' || element FROM tasks WHERE status = 'open'
    """,
    "a life has ended and still waits somewhere": """
        SELECT case_id || ' life ' || life FROM instances WHERE ended_at IS NOT NULL AND place <> '[]'
    """,
    "an open task without its running deadline": """
        SELECT case_id || ' ' || kind FROM tasks WHERE status = 'open' AND due_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM sla_clocks AS c WHERE c.id = tasks.clock_id AND c.stopped_at IS NULL)
    """,
    "a running deadline without its open task": """
        SELECT case_id || ' ' || kind || about FROM sla_clocks AS c WHERE stopped_at IS NULL
            AND kind <> 'grade_validity'
            AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.clock_id = c.id AND tasks.status = 'open')
    """,
    "a line of a history twice": """
        SELECT case_id || ' ' || code || ' ' || at || ' ×' || count(*) FROM timeline
        GROUP BY case_id, code, at, actor, element, data - 'decision_id' HAVING count(*) > 1
    """,
    "somebody is told twice": """
        SELECT case_id || ' ' || code || ' ' || created_at || ' ×' || count(*) FROM notifications
        GROUP BY case_id, code, created_at, to_staff_id, to_role, data HAVING count(*) > 1
    """,
    "a notification that was not delivered": """
        SELECT case_id || ' ' || code FROM notifications WHERE spread_at IS NULL OR id IN
            (SELECT notification_id FROM deliveries WHERE delivered_at IS NULL)
    """,
    "a decision twice": """
        SELECT case_id || ' ' || key || ' ' || at || ' ×' || count(*) FROM decisions
        WHERE case_id IS NOT NULL AND key <> 'rounds'  -- one that catches up asks for each period at one instant
        GROUP BY case_id, key, at, element, inputs, result HAVING count(*) > 1
    """,
    "material sent twice": """
        SELECT lead_id || ' ' || code || ' ' || sent_at FROM materials
        GROUP BY lead_id, code, sent_at, number HAVING count(*) > 1
    """,
    "given away twice": """
        SELECT lead_id || ' ' || kind || ' ' || at FROM assignments
        GROUP BY lead_id, kind, at, staff_id, dealer_id HAVING count(*) > 1
    """,
    "a step whose element nobody visited": """
        SELECT s.case_id || ':' || s.key || ' ' || s.element FROM executed_steps s
        WHERE s.key ~ '^[0-9]+:[^:]+$' AND NOT EXISTS (
            SELECT FROM visits v WHERE v.case_id = s.case_id
              AND v.life = split_part(s.key, ':', 1)::int AND v.execution = split_part(s.key, ':', 2))
    """,
    "an open incident": """
        SELECT case_id || ' ' || element || ' ' || kind || ' ' || message FROM incidents WHERE resolved_at IS NULL
    """,
}
"""A rule's name, as what is said of a fact that breaks it → a query for such facts."""

_SUBMISSIONS = """
    SELECT told.token || ' was accepted and is there ' || count(s.id) || ' times'
    FROM unnest($1::text[]) AS told (token) LEFT JOIN submissions s ON s.raw ->> 'note' = told.token
    GROUP BY told.token HAVING count(s.id) <> 1
"""
_LEADS = """
    SELECT told.token || ' was created as ' || told.lead_id || ' and is ' || count(l.id) || ' leads'
    FROM unnest($1::text[], $2::text[]) AS told (token, lead_id)
    LEFT JOIN leads l ON l.raw ->> 'note' = told.token
    GROUP BY told.token, told.lead_id
    HAVING count(l.id) <> 1 OR min(l.id::text) <> told.lead_id
"""
_UNTOLD = "SELECT id::text FROM leads WHERE raw ->> 'note' LIKE 'chaos-%' AND raw ->> 'note' <> ALL ($1::text[])"
_STATEMENTS = """
    SELECT told.statement || ' ' || told.token || ' of ' || told.lead_id
           || ' is there ' || count(there.token) || ' times'
    FROM unnest($1::text[], $2::text[], $3::text[]) AS told (statement, token, lead_id)
    LEFT JOIN (
        SELECT text AS token, case_id AS lead_id, 'content' AS source FROM case_words WHERE field = 'content'
        UNION ALL SELECT number, lead_id, 'win' FROM contracts
        UNION ALL SELECT text, timeline.case_id, CASE code WHEN 'reassigned' THEN 'reassign' ELSE 'confirm' END
            FROM case_words JOIN timeline ON timeline.id = of_id
    ) AS there ON there.token = told.token AND there.lead_id::text = told.lead_id
      AND there.source
        = CASE WHEN told.statement IN ('win', 'confirm', 'reassign') THEN told.statement ELSE 'content' END
    WHERE told.statement <> 'claim'
    GROUP BY told.statement, told.token, told.lead_id HAVING count(there.token) <> 1
"""
_CLAIMS = """
    SELECT lead_id || ' was claimed ' || sum(told) || ' times and shows ' || sum(there)
    FROM (
        SELECT lead_id, 1 AS told, 0 AS there FROM unnest($1::text[]) AS claimed (lead_id)
        UNION ALL SELECT lead_id::text, 0, 1 FROM assignments WHERE kind = 'claim'
    ) AS claims
    GROUP BY lead_id HAVING sum(told) <> sum(there)
"""


async def of_store(connection: asyncpg.Connection) -> set[str]:
    """The facts that break a rule of the store, all seen at one instant."""
    facts: set[str] = set()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        for rule, query in STORE.items():
            facts |= {f"{rule}: {row[0]}" for row in await connection.fetch(query)}
    return facts


async def of_clients(connection: asyncpg.Connection, heard: Heard) -> set[str]:
    """Where the store has not, or has twice, what clients were told; and what they should not have
    been told."""
    created = [one for one in heard.leads if one.statement == "created"]
    tokens = [one.token for one in heard.leads]
    said = heard.statements
    columns = ([one.statement for one in said], [one.token for one in said], [one.lead_id for one in said])
    claimed = [one.lead_id for one in said if one.statement == "claim"]
    asked: Iterable[tuple[str, str, tuple[list[str], ...]]] = (
        ("a lead", _SUBMISSIONS, (tokens,)),
        ("a lead", _LEADS, ([one.token for one in created], [one.lead_id for one in created])),
        ("a lead that nobody was told of", _UNTOLD, (tokens,)),
        ("a statement", _STATEMENTS, columns),
        ("a lead", _CLAIMS, (claimed,)),
    )
    facts = {f"a wrong answer: {one}" for one in heard.wrong}
    facts |= {f"never answered: {path} under {key}" for key, path in heard.unanswered.items()}
    for rule, query, values in asked:
        facts |= {f"{rule}: {row[0]}" for row in await connection.fetch(query, *values)}
    return facts
