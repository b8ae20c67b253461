"""What people ask about, among all that there is, and how a question is put."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import quote

import asyncpg

_SUBJECTS: Final[Mapping[str, str]] = {
    # The largest and some that are not.
    "dealer": "SELECT d.code FROM cases c JOIN dealers d ON d.id = c.dealer_id GROUP BY 1 ORDER BY count(*) DESC",
    "owner": "SELECT s.code FROM cases c JOIN staff s ON s.id = c.owner_id GROUP BY 1 ORDER BY count(*) DESC",
    "region": "SELECT code FROM regions ORDER BY md5(code)",
    "channel": "SELECT channel FROM leads GROUP BY 1 ORDER BY count(*) DESC",
    "model": "SELECT code FROM car_models ORDER BY code",
    "campaign": "SELECT campaign FROM leads WHERE campaign IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC",
    "external": "SELECT external_id FROM leads WHERE external_id IS NOT NULL LIMIT 500",
    "lead": "SELECT id::text FROM cases TABLESAMPLE SYSTEM ({share}) WHERE kind = 'lead' AND id IN"
    " (SELECT case_id FROM instances) LIMIT 500",
    "customer": "SELECT customer_id::text FROM cases TABLESAMPLE SYSTEM ({share}) WHERE kind = 'lead' LIMIT 500",
    "phone": "SELECT ltrim(phone, '+86') FROM customers TABLESAMPLE SYSTEM ({share}) LIMIT 500",
    "name": "SELECT name FROM customers TABLESAMPLE SYSTEM ({share}) LIMIT 500",
    "task": "SELECT id::text FROM tasks TABLESAMPLE SYSTEM ({share}) LIMIT 500",
    "decision": "SELECT id::text FROM decided TABLESAMPLE SYSTEM ({share}) WHERE key = 'grade' LIMIT 500",
    "ticket": "SELECT id::text FROM cases WHERE kind = 'ticket' AND facts ->> 'ticket' <> 'report' LIMIT 500",
}

ACTORS: Final = ("hq", "regional_manager", "dealer_manager", "consultant")


async def subjects(rows: asyncpg.Connection, count: int) -> dict[str, list[str]]:
    """``count`` values of each subject, spread over all that there are; ``actors`` take turns."""
    leads = int(await rows.fetchval("SELECT count(*) FROM leads") or 0)
    share = min(100, max(2, 200_000 / max(leads, 1)))
    found: dict[str, list[str]] = {}
    for name, query in _SUBJECTS.items():
        values = [str(row[0]) for row in await rows.fetch(query.format(share=share))]
        found[name] = [values[number * len(values) // count] for number in range(count)]
    by_role = [
        str(await rows.fetchval("SELECT code FROM staff WHERE role = $1 AND active ORDER BY code LIMIT 1", role))
        for role in ACTORS
    ]
    now = datetime.now(UTC)
    ages = {"recent": -1, "past": -400, "later": -370, "ahead": 1}
    return found | {
        "actor": [by_role[number % len(by_role)] for number in range(count)],
        **{name: [(now + timedelta(days=days)).isoformat()] * count for name, days in ages.items()},
    }


def address(path: str, query: str, about: Mapping[str, Sequence[str]], number: int) -> str:
    """What is asked in a round, with its subjects in the places of their names."""
    put = re.compile(r"\{(\w+)\}").sub
    return put(lambda name: about[name[1]][number], path) + "?" + put(lambda name: quote(about[name[1]][number]), query)


@dataclass(frozen=True)
class Deep:
    """Pages far behind the first: where a list that is sorted by instants goes on."""

    cursor: str
    at: datetime

    def there(self) -> str:
        """The cursor of a page that begins at the instant, made from one of the same list."""
        name, _, *rest = cast("list[Any]", json.loads(base64.urlsafe_b64decode(self.cursor)))
        said = json.dumps([name, self.at.isoformat(), *rest], ensure_ascii=False)
        return base64.urlsafe_b64encode(said.encode()).decode()
