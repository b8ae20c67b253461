"""Why, in half a sentence: what a line of the timeline says of the decision behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from cases.messages import BRIEFLY, RULED_OUT, Language, say
from cases.messages.marks import joined
from domain.decisions import files
from rules import Decision, Table
from store.session import Tx
from store.tables import decisions
from store.tables.decisions import Brief


async def reasons(tx: Tx, ids: Collection[UUID], language: Language) -> dict[UUID, str]:
    """A short reason for each of these decisions, in the caller's language; nothing for those that
    are not kept."""
    found = await decisions.briefly(tx, ids) if ids else ()
    tables: dict[files.Version, Decision | None] = {}
    for version in {_version(one) for one in found if not _is_choice(one)}:
        xml = None if files.known(version) else await decisions.file_of(tx, version[0], version[1])
        tables[version] = files.decision(version, xml)
    return {
        one.id: _choice(one, language) if _is_choice(one) else _rows(one, tables[_version(one)], language)
        for one in found
    }


def _version(one: Brief) -> files.Version:
    return one.key, one.version, one.sha256 or ""


def _is_choice(one: Brief) -> bool:
    return one.result.keys() == {"chosen", "code"}


def _rows(one: Brief, table: Decision | None, language: Language) -> str:
    """The rows that spoke, with what their author noted."""
    rules = table.logic.rules if table is not None and isinstance(table.logic, Table) else ()
    spoke = [(number, rule.note) for number, rule in enumerate(rules, 1) if rule.id in one.matched]
    data = {
        "table": table.name if table is not None else one.key,
        "rows": joined((str(number) for number, _ in spoke), language),
        "notes": joined((note for _, note in spoke if note), language, "notes"),
    }
    return say(BRIEFLY, "noted_row" if data["notes"] else "row" if spoke else "table", language, data)


def _choice(one: Brief, language: Language) -> str:
    """Who was chosen, how many were not, and what ruled out those who got no points, the most
    frequent reason first."""
    lines: list[Mapping[str, Any]] = [line for line in one.candidates if "id" in line]
    against = Counter(line["reason"] for line in lines if "reason" in line)
    counted = [f"{say(RULED_OUT, code, language)} {count}" for code, count in against.most_common()]
    data = {"ruled_out": against.total(), "reasons": joined(counted, language, "counted") or None}
    taken = next((line for line in lines if line["id"] == one.result["chosen"]), None)
    if taken is None:
        return say(BRIEFLY, "nobody" if against else "nobody_at_all", language, data)
    data |= {
        "code": taken["code"],
        "points": f"{taken['points']:g}",
        "outscored": len(lines) - against.total() - 1,
    }
    return say(BRIEFLY, "chosen_of" if against else "chosen", language, data)
