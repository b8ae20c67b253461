"""A draft decides beside the live table: its differences are counted, and nobody else notices
it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import event

import rules
from cases.actors import EVERYTHING, Actor
from store.models import DecisionRecord, ShadowLine
from store.session import Database
from store.tables import definitions, drafts, shadow_reports, shadows
from store.tables.shadow_reports import Counts, ShadowChange
from tests.activities.scene import START, Scene

WHO = Actor("staff", "0192f0c1-2b3d-7e11-8a00-abcdefabcdef")
HOUR = timedelta(hours=1)


def file(key: str, *changes: tuple[str, str]) -> bytes:
    """A shipped table with some texts replaced."""
    (path,) = (one for one in rules.shipped() if one.stem == key)
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


async def start(scene: Scene, key: str, xml: bytes, at: datetime = START - HOUR, until: datetime | None = None) -> UUID:
    """Runs a file beside the live table."""
    async with scene.db.transaction(WHO, EVERYTHING) as tx:
        draft = await drafts.create(tx, key, key, xml, 1, at, "try it")
        started = await shadows.start(tx, key, await drafts.file(tx, draft.id), at, "try it", until)
    return started.id


async def counts(scene: Scene, shadow: UUID) -> Counts:
    async with scene.db.transaction(WHO, EVERYTHING) as tx:
        return (await shadow_reports.counts(tx, [shadow]))[shadow]


def figures(table: str, problem: str = "failed") -> list[float]:
    """What the worker tells at /metrics: decisions seen, made otherwise, not made."""
    labels = {"table": table}
    found = [
        REGISTRY.get_sample_value("baton_shadow_decisions_total", labels),
        REGISTRY.get_sample_value("baton_shadow_differences_total", labels),
        REGISTRY.get_sample_value("baton_shadow_failures_total", labels | {"problem": problem}),
    ]
    return [one or 0.0 for one in found]


STRICT = ('<outputEntry><text>"A"</text></outputEntry>', '<outputEntry><text>"B"</text></outputEntry>')
"""Nobody is graded A."""
ELSEWHERE = ("<outputEntry><text>100</text></outputEntry>", "<outputEntry><text>-99</text></outputEntry>")
"""To be near the customer counts against a dealer."""


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What goes to the database while the block runs."""
    said: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        said.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def played(scene: Scene) -> dict[str, Any]:
    """A lead's way to its consultant in an empty Baton, and all that it left: without what is
    random."""
    await scene.sql("TRUNCATE customers, cases CASCADE")
    await scene.sql("UPDATE staff SET last_assigned_at = NULL")
    lead = await scene.lead()
    async with scene.db.transaction(WHO, EVERYTHING) as tx:
        await scene.tables.refresh(tx, await definitions.count_tables(tx))
    with statements(scene.db) as said:
        lane = (graded := await scene.run("grade", lead))["lane"]
        results = [graded, *[await scene.run(name, lead, lane=lane) for name in ("dispatch", "assign")]]
        results.append(await scene.run("plan_task", lead, kind="first_follow_up"))
    left: dict[str, Any] = {"results": results, "statements": len(said)}
    for table in LEFT:
        rows = await scene.sql(f"SELECT to_jsonb(one) FROM {table} AS one ORDER BY id")
        left[table] = [lasting(row[0]) for row in rows]
    return left


def lasting(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in RANDOM}
    return {name: lasting(value) if name == "data" else value for name, value in kept.items()}


LEFT = ("leads", "timeline", "decisions", "notifications", "sla_clocks", "assignments", "outbox")
OF_ONE_LEAD = {"id", "lead_id", "case_id", "customer_id", "decision_id", "number", "shadow_id"}
RANDOM = OF_ONE_LEAD | {"deliver_after", "updated_at"}


async def test_differences_are_counted_and_the_live_table_decides(scene: Scene) -> None:
    shadow = await start(scene, "grade", file("grade", STRICT))
    before = figures("grade")

    warm, cold = await scene.lead(horizon_days=10, budget_min=None, budget_max=None), await scene.lead(horizon_days=80)
    results = [(await scene.run("grade", one))["grade"] for one in (warm, cold)]

    assert results == ["A", "C"]
    assert await counts(scene, shadow) == Counts(seen=2, differing=1)
    assert [now - then for then, now in zip(before, figures("grade"), strict=True)] == [2, 1, 0]
    (line,) = await scene.rows(ShadowLine, warm, "at")
    graded = next(one for one in await scene.rows(DecisionRecord, warm) if one.key == "grade")
    assert (line.decision_id, line.at, line.changes, line.problem) == (graded.id, START, ["grade"], None)
    assert (line.old["grade"], line.new["grade"]) == ("A", "B")


async def test_a_repeated_step_counts_once(scene: Scene) -> None:
    shadow = await start(scene, "grade", file("grade", STRICT))
    lead = await scene.lead()

    for _ in range(2):
        await scene.run("grade", lead, key="once")

    assert (await counts(scene, shadow)).seen == 1


async def test_a_shadow_is_asked_from_its_start_to_its_end(scene: Scene) -> None:
    """Workers learn of both with their next step: the scene's tables are one worker's."""
    before = await scene.lead()
    await scene.run("grade", before)

    limited = await start(scene, "grade", file("grade", STRICT), until=START + HOUR)
    for at in (START, START + HOUR - timedelta(microseconds=1), START + HOUR):
        await scene.run("grade", await scene.lead(at=at), at)
    stopped = await start(scene, "grade", file("grade", STRICT), at=START + HOUR)
    await scene.run("grade", await scene.lead(), START + 2 * HOUR)
    async with scene.db.transaction(WHO, EVERYTHING) as tx:
        await shadows.stop(tx, stopped, START + 2 * HOUR, "seen enough")
    await scene.run("grade", await scene.lead(), START + 2 * HOUR)

    assert [(await counts(scene, one)).seen for one in (limited, stopped)] == [2, 1]


async def test_a_choice_is_made_again_among_the_same_candidates(scene: Scene) -> None:
    """Given a dealer in the customer's city and one elsewhere: a draft that prefers the other one
    chooses that."""
    await scene.sql("UPDATE dealers SET active = (code IN ('BJ01', 'QD01'))")
    await scene.near_beijing("QD01")
    shadow = await start(scene, "dispatch", file("dispatch", ELSEWHERE))
    lead = await scene.lead(grade="A")

    chosen = (await scene.run("dispatch", lead, lane="normal"))["dealer"]

    (line,) = await scene.rows(ShadowLine, lead, "at")
    async with scene.db.transaction(WHO, EVERYTHING) as tx:
        (change,) = await shadow_reports.changes(tx, shadow)
    assert (line.changes, line.problem, line.old["chosen"]) == (["chosen"], None, chosen)
    assert line.new["chosen"] != chosen
    assert change == ShadowChange("chosen", line.old["code"], line.new["code"], 1)


async def test_what_is_unchanged_agrees_in_everything(scene: Scene) -> None:
    """Every table beside itself, on values that have not been through the store yet."""
    for path in rules.shipped():
        await start(scene, path.stem, path.read_bytes())

    for days in (5, 5, 5, 20, 20, 80):
        await scene.chased(await scene.working(horizon_days=days))

    ((decided, asked),) = await scene.sql("SELECT count(*), count(shadow_id) FROM decisions")
    assert decided == asked > 30
    assert await scene.sql("SELECT * FROM shadow_lines") == []


@pytest.mark.parametrize(
    ("xml", "problem"),
    [
        (b"<definitions/>", "failed"),
        (file("pool"), "failed"),
        (file("grade", ("horizon_days", "mileage")), "not_stored"),
        (file("grade", ('"within_15_days"', r'"\u0000"')), "failed"),
    ],
    ids=["unreadable", "another table", "an input that is not supplied", "a text that the store refuses"],
)
async def test_a_shadow_that_fails_stops_nothing(scene: Scene, xml: bytes, problem: str) -> None:
    shadow = await start(scene, "grade", xml)
    before, lead = figures("grade", problem), await scene.lead()

    result = await scene.run("grade", lead)

    assert result["grade"] == "A"
    assert await counts(scene, shadow) == Counts(seen=1, failed=1)
    (line,) = await scene.rows(ShadowLine, lead, "at")
    assert (line.problem, line.new) == (problem, {})
    assert [now - then for then, now in zip(before, figures("grade", problem), strict=True)] == [1, 0, 1]


async def test_nobody_notices_a_shadow(scene: Scene) -> None:
    """The same lead, first without shadows, then with one beside each table of its way: the same in
    every respect."""
    await scene.near_beijing("QD01")
    await played(scene)  # the first one keeps the calendars that it goes by
    alone = await played(scene)
    for key, changes in {"grade": [STRICT], "grade-scale": [], "dispatch": [ELSEWHERE], "assignment": []}.items():
        await start(scene, key, file(key, *changes))

    accompanied = await played(scene)

    assert accompanied == alone
    lines = await scene.sql("SELECT key, count(shadow_id) FROM decisions GROUP BY key ORDER BY key")
    assert {"assignment", "dispatch", "grade"} <= {key for key, count in lines if count}
    assert len(await scene.sql("SELECT 1 FROM shadow_lines")) == 2
