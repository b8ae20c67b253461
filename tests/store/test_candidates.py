"""Candidates of a choice are kept with what is alike in many of them kept once, and read as they
were told."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import text

from cases.actors import EVERYTHING, PROCESS, SYSTEM
from store import migrate
from store.session import Database
from store.tables import candidates, decisions
from tests.store import kept
from tests.store.births import AT, some_leads

BJ, SH = UUID(int=1), UUID(int=2)
RESULT = {"chosen": str(SH), "code": "SH01"}

Line = dict[str, Any]


def asked(grade: str, km: int, since: float) -> Line:
    inputs = {"grade": grade, "same_city": km == 0, "distance_km": km}
    return {"points": 70.0, "inputs": inputs, "rank": (km, 0.000024, since), "capacity": 10}


def a_choice(km: int = 0, since: float = 1795989832.979574, grade: str = "B") -> tuple[Line, ...]:
    return (
        {"roster": 1, "reason": "too_far"},
        {"id": BJ, "code": "BJ01", "reason": "too_far", "distance_km": km + 1000},
        {"id": SH, "code": "SH01", **asked(grade, km, since)},
    )


async def told(database: Database, *choices: tuple[Line, ...]) -> list[UUID]:
    """The decisions, one a choice, about a lead each."""
    leads = await some_leads(database, len(choices))
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        return [
            await kept.decision(tx, lead, AT, "dispatch", 1, {}, [], RESULT, candidates=lines)
            for lead, lines in zip(leads, choices, strict=True)
        ]


async def read(database: Database, decision: UUID) -> list[Line]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return list((await decisions.one(tx, decision)).candidates)


async def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    async with database.engine.begin() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


def plain(lines: tuple[Line, ...]) -> list[Line]:
    return json.loads(json.dumps(lines, default=str))


async def test_choices_among_the_same_differ_in_numbers_alone(database: Database) -> None:
    choices = (a_choice(), a_choice(7), a_choice(since=3.5), a_choice(grade="H"))
    made = await told(database, *choices)

    assert [await read(database, one) for one in made] == [plain(one) for one in choices]
    # One who, and forms of lines by grade and by whether it is the same city.
    assert await rows(database, "SELECT count(*) FROM candidate_parts") == [(4,)]
    sizes = await rows(database, "SELECT max(pg_column_size(candidates)) FROM decided")
    assert sizes[0][0] < 150 < len(json.dumps(plain(a_choice()))) // 2


NUMBERS = some.integers(-(10**9), 10**9) | some.floats(allow_nan=False, allow_infinity=False)
WORDS = some.text(some.characters(codec="utf-8", exclude_characters="\0"), max_size=4) | some.sampled_from(
    [candidates.NUMBER, "1,2", ";", '"', f'"{candidates.NUMBER}"', "\\"]
)
VALUES = some.recursive(
    some.none() | some.booleans() | NUMBERS | WORDS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
LINES = some.lists(
    some.dictionaries(some.sampled_from(["id", "code", "reason", "points", "inputs", "rank"]) | WORDS, VALUES),
    max_size=4,
)


@given(LINES)
def test_whatever_is_told_is_made_again_from_its_parts(lines: list[Line]) -> None:
    """As ``candidates_of`` does in the database, which the next test holds."""
    found = candidates.kept({"candidates": tuple(lines)})
    if "parts" not in found:
        assert found["candidates"] == tuple(lines)
        return
    assert _again(found["candidates"], found["parts"]) == lines


def _again(said: str, parts: dict[str, list[Any]]) -> list[Line]:
    who, forms = parts[said[:32]], parts[said[32:64]]
    made: list[Line] = []
    for one, line in zip(who, said[64:].split(";"), strict=True):
        number, *values = line.split(",")
        pieces = forms[int(number)].split(candidates.NUMBER)
        made.append(one | json.loads("".join(a + b for a, b in zip(pieces, [*values, ""], strict=True))))
    return made


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ({"lead": str(BJ)},),
        ({"lead": str(BJ)}, {"lead": str(SH)}),
        ({"id": str(BJ), "code": "BJ01", "despite": []},),
        ({"id": str(BJ), "code": candidates.NUMBER, "reason": "a"}, {"code": "b", "points": 1}),
        ({"id": str(BJ), "code": "a", "reason": candidates.NUMBER}, {"code": "b", "points": 1}),
        ({"id": str(BJ), "code": "1,2;", "rank": []}, {"code": "b", "points": -1e-07, "n": [[1], {"x": 10**15}]}),
        ({"id": str(BJ), "code": "a"}, {"code": "b"}, {}, {"roster": 2.50}),
    ],
    ids=repr,
)
async def test_the_database_makes_them_again(database: Database, lines: tuple[Line, ...]) -> None:
    (made,) = await told(database, lines)

    assert await read(database, made) == list(lines)


async def test_those_of_before_are_read_and_back_all_are_whole(database: Database) -> None:
    before, after = await told(database, a_choice(), a_choice(3))
    whole = json.dumps(plain(a_choice()))
    async with database.engine.begin() as connection:
        said = text("UPDATE decided SET candidates = CAST(:lines AS jsonb) WHERE id = :id")
        await connection.execute(said, {"lines": whole, "id": before})
    assert (await read(database, before), await read(database, after)) == (plain(a_choice()), plain(a_choice(3)))

    async with database.engine.begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0049"))
    stored = await rows(database, "SELECT candidates FROM decided ORDER BY id")
    await migrate.upgrade(database.url)

    assert [one[0] for one in stored] == [plain(a_choice()), plain(a_choice(3))]
    assert await read(database, after) == plain(a_choice(3))
    assert await migrate.differences(database.url) == []
