"""What the rival reads: lead and customer at once, who looks the same, who could have it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

BEGIN: Final = "BEGIN; SET LOCAL baton.actor = 'process'; SET LOCAL baton.scope = 'all';"

LEAD: Final = """
    SELECT c.region, c.status, c.dealer_id, c.customer_id, l.model, l.budget_min, l.budget_max, l.horizon_days, l.city,
           l.place_code, l.unread, l.suspects, l.first_choice_id, l.progress_at, l.grade_reason,
           p.name, p.phone, p.wechat, p.city AS home, p.do_not_call, p.call_hours, w.side,
           coalesce(s.role, '') AS author,
           (SELECT result FROM executed_steps WHERE case_id = $1 AND key = step_of($1, $2)) AS executed,
           (SELECT max(number) FROM snapshots WHERE kind = 'dealers') AS roster
    FROM cases c JOIN leads l ON l.id = c.id JOIN customers p ON p.id = c.customer_id
    JOIN channels w ON w.code = l.channel LEFT JOIN staff s ON s.id = l.author_id
    WHERE c.id = $1 FOR NO KEY UPDATE OF c, l
"""

NEIGHBOURS: Final = """
    SELECT p.name, p.phone, p.wechat, p.city
    FROM customers p JOIN cases c ON c.customer_id = p.id
    WHERE (p.phone = ANY($2) OR p.wechat = ANY($3)) AND p.id <> $1 AND c.kind = 'lead'
      AND c.status NOT IN ('lost', 'invalid', 'archived', 'attached', 'erased')
    ORDER BY c.opened_at LIMIT 50
"""

LOCK_REGIONS: Final = """
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended('dispatch:' || region, 0) AS key FROM unnest($1::text[]) AS region ORDER BY 1
    ) AS ordered
"""
LOCK_DEALER: Final = "SELECT pg_advisory_xact_lock(hashtextextended('assign:' || $1, 0))"

_CERTIFIED = """
           NOT EXISTS (SELECT FROM car_models m
                       WHERE m.code = $3 AND m.certificate IS NOT NULL AND m.certificate <> ALL (x.certificates))"""
_CAME = """a.kind IN ('dispatch', 'redistribute') AND a.dealer_id = x.id
              AND a.previous_dealer_id IS DISTINCT FROM a.dealer_id"""

DEALERS: Final = f"""
    SELECT x.id, x.code, x.region, x.models, x.daily_capacity, x.performance, x.active,
           (SELECT count(*) FROM assignments a WHERE {_CAME} AND a.at >= $4) AS today,
           (SELECT count(*) FROM assignments a WHERE {_CAME} AND a.at > $5) AS this_hour,
           (SELECT max(a.at) FROM assignments a WHERE {_CAME}) AS last_at,
           {_CERTIFIED} AS certified,
           EXISTS (SELECT FROM closures c WHERE c.dealer_id = x.id AND c.starts_at <= $6 AND c.ends_at > $6) AS closed,
           (SELECT max(r.at) FROM assignments r
            WHERE r.lead_id = $2 AND r.kind = 'return' AND r.previous_dealer_id = x.id) AS taken_at
    FROM dealers x WHERE x.id = ANY($1) ORDER BY x.code
"""
CONSULTANTS: Final = f"""
    SELECT x.id, x.code, x.skills, x.ability, x.max_open, x.active, x.last_assigned_at AS last_at, x.rest_days,
           (SELECT count(*) FROM cases l
            WHERE l.kind = 'lead' AND l.owner_id = x.id AND l.status IN ('working', 'confirming')) AS open,
           (SELECT count(*) FROM assignments a WHERE a.staff_id = x.id AND a.at >= $4) AS today,
           (SELECT count(*) FROM assignments a WHERE a.staff_id = x.id AND a.at > $5) AS this_hour,
           EXISTS (SELECT FROM absences b WHERE b.staff_id = x.id AND b.starts_at <= $6 AND b.ends_at > $6) AS absent,
           {_CERTIFIED} AS certified,
           (SELECT max(h.at) FROM assignments h
            WHERE h.lead_id = $2 AND h.kind = 'hand_over' AND h.previous_staff_id = x.id) AS taken_at
    FROM staff x WHERE x.dealer_id = $1 AND x.role = 'consultant' ORDER BY x.code
"""


def one_slip(number: str) -> Iterator[str]:
    """A number, and every one that a wrong digit or two swapped ones would make of it."""
    yield number
    number, parameter, extension = number.partition(";")
    for place in range(3 if number.startswith("+86") else 2, len(number)):
        before, digit, after = number[:place], number[place], number[place + 1 :]
        for other in "0123456789":
            if other != digit:
                yield before + other + after + parameter + extension
        if after and after[0] != digit:
            yield before + after[0] + digit + after[1:] + parameter + extension
