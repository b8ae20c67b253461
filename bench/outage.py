"""Deadlines that are all due when nobody is there: leads whose ladders reach their first rung while
the worker stands still, against bare workflows that slept until then.

Both workers are held still before the instants and go on after the last one, one side after the
other: what is timed is from there until every lead has been reminded, and until every bare sleeper
has done its one local activity. The application clock is set so that people go home soon: a rung
then falls an hour before, at the same instant for all leads of a dealer. Some dealers close a
minute later than others, so that there are several instants, whose order is looked at.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count as numbers
from typing import Final
from uuid import UUID

import psutil
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench.filling import RESTING, SAY, fill, say
from bench.floor import QUEUE, Sleeper
from bench.leads import LANES, Floor
from bench.report import Cell, Result, spread
from bench.stack import Stack, cpu_of, helper, spent, until
from cases.zone import CHINA

EVENING: Final = datetime(2027, 3, 2, 17, tzinfo=CHINA)
"""An hour before people go home, on a working day: when urgent leads of that day are reminded of.
Each round has a day of its own."""

BEFORE: Final = 5.0
"""Seconds before the first instant in which the workers are held still."""
SLACK: Final = 1.3
"""Times the seconds that leads should take to come in: the instants must not come earlier."""
TRIES: Final = (1.0, 1.6, 2.5)
"""Times the seconds that leads should take, one try after the other: a machine may get slower."""
WORKING: Final = [week * 7 + day for week in range(4) for day in (0, 1, 2)]
"""Days after the first evening on which people work, too."""
WARM: Final = 100
"""Leads and bare sleepers by which it is worked out how long so many take to come in."""
LOOK: Final = 0.1

_LATER = """
    INSERT INTO working_hours (id, code, team, dealer_id, valid_from, hours, holidays)
    SELECT gen_random_uuid(), 'bench-' || place.number, 'dealer', place.id, kept.valid_from,
           replace(kept.hours::text, '18:00', '18:' || lpad((place.number % $1)::text, 2, '0'))::jsonb, kept.holidays
    FROM (SELECT id, row_number() OVER (ORDER BY code) AS number FROM dealers) AS place, working_hours AS kept
    WHERE kept.team = 'dealer' AND kept.dealer_id IS NULL AND kept.region IS NULL AND place.number % $1 > 0
"""
_RUNGS = """
    SELECT case_id, next_rung_at FROM sla_clocks
    WHERE case_id = ANY($1) AND kind = 'first_follow_up' AND next_rung_at IS NOT NULL
"""
_REMINDED = "SELECT case_id FROM timeline WHERE case_id = ANY($1) AND code = 'reminded' ORDER BY number"
_NEWS = "SELECT number, case_id FROM timeline WHERE number > $1 AND code = 'reminded'"
_NEWEST = "SELECT coalesce(max(number), 0) FROM timeline"
_LATE = 2_000
"""Lines of histories that may be written after one with a higher number is there."""
_WITHIN = """
    SELECT count(DISTINCT case_id) FROM (
        SELECT case_id, at < lag(at) OVER (PARTITION BY case_id ORDER BY number) AS back
        FROM timeline WHERE case_id = ANY($1)
    ) AS lines WHERE back
"""
"""Leads in whose own history something earlier stands behind something later."""


@dataclass(frozen=True)
class Round:
    """Deadlines of both sides a second, CPU in ms each, and what was wrong about the leads'."""

    ours: float
    bare: float
    cpu: dict[str, float]
    bare_cpu: dict[str, float]
    doubled: int
    missing: int
    out_of_order: float
    """Of pairs of leads with different instants."""
    backwards: int
    """Leads whose own history goes back in time."""


async def compare(stack: Stack, *, count: int, rounds: int, outage: float, instants: int = 2) -> Result:
    """``count`` deadlines a side; the workers stand still until ``outage`` seconds after the last
    instant."""
    await stack.make_room()
    async with stack.rows() as rows:
        await rows.execute(_LATER, instants)
    client = await Client.connect(stack.temporal, data_converter=pydantic_data_converter)
    people = numbers(0)
    async with helper("bench.floor", stack.temporal) as process:
        floor = Floor(process)
        days = iter(WORKING)
        found = [await _round(stack, client, floor, people, count, outage, days) for _ in range(rounds)]
    return _result(found, count, outage, instants)


async def _round(
    stack: Stack, client: Client, floor: Floor, people: Iterator[int], count: int, outage: float, days: Iterator[int]
) -> Round:
    for more in TRIES:
        evening = EVENING + timedelta(days=next(days))
        rungs, due = await _asleep(stack, client, floor, people, evening, count, more)
        ahead = (due - datetime.now(UTC)).total_seconds()
        if len(rungs) == count and min(rungs.values()) == evening and ahead >= BEFORE / 2:
            break
        say("the instants came before all leads were there: once more, on another evening")
    else:
        raise RuntimeError("leads came in too slowly, or their rungs fall elsewhere")
    leads = list(rungs)
    say(f"all are there, {ahead:,.0f} s before the first instant")
    await asyncio.sleep(max(0.0, ahead - BEFORE))
    still = (max(rungs.values()) - evening).total_seconds() + outage
    with ExitStack() as stillness:
        sleeping = stillness.enter_context(_still(floor))
        with stack.stopped("worker"):
            await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()) + still)
            newest = await stack.count(_NEWEST)
            before, begun = stack.cpu(), time.perf_counter()
        say("the worker goes on")
        ours = await _all_reminded(stack, leads, newest, begun)
        cpu = _each(spent(before, stack.cpu()), count)
        say(f"{count:,} leads reminded in {ours:,.0f} s; the bare sleepers go on")
        before, begun = _cpu(stack, floor), time.perf_counter()
        asleep = floor.resting
        sleeping.resume()
        await asyncio.wait_for(floor.rest(asleep + count), 120 + count)
        bare, bare_cpu = time.perf_counter() - begun, _each(spent(before, _cpu(stack, floor)), count)
    async with stack.rows() as rows:
        reminded = [row[0] for row in await rows.fetch(_REMINDED, leads)]
        backwards = int(await rows.fetchval(_WITHIN, leads) or 0)
    times = Counter(reminded)
    return Round(
        ours=count / ours,
        bare=count / bare,
        cpu=cpu,
        bare_cpu=bare_cpu,
        doubled=sum(1 for often in times.values() if often > 1),
        missing=count - len(times),
        out_of_order=out_of_order([rungs[lead] for lead in reminded]),
        backwards=backwards,
    )


async def _asleep(
    stack: Stack,
    client: Client,
    floor: Floor,
    people: Iterator[int],
    evening: datetime,
    count: int,
    more: float,
) -> tuple[dict[UUID, datetime], datetime]:
    """Leads and bare sleepers that wait for their instants: the leads' rungs, and when the first
    instant comes."""
    armed = more * await _time_for(stack, client, floor, people, evening, count)
    say(f"{count:,} leads and as many bare sleepers come in; their instants are in {armed:,.0f} s")
    due = datetime.now(UTC) + timedelta(seconds=armed)
    await stack.travel(evening - timedelta(seconds=armed))
    leads = await _leads(stack, people, count)
    await _bare(client, floor, f"{evening:%d}", count, due)
    async with stack.rows() as rows:
        return {row[0]: row[1] for row in await rows.fetch(_RUNGS, leads)}, due


async def _time_for(
    stack: Stack, client: Client, floor: Floor, people: Iterator[int], evening: datetime, count: int
) -> float:
    """How many seconds before the first instant the clock has to be set: parts start again, leads
    and bare sleepers come in."""
    some = min(WARM, count)
    begun = time.perf_counter()
    await stack.travel(evening - timedelta(hours=2))  # where nothing is due soon
    travelled = time.perf_counter()
    await _leads(stack, people, some)
    await _bare(client, floor, f"{evening:%d}-warm", some, datetime.now(UTC) + timedelta(hours=9))
    each = (time.perf_counter() - travelled) / some
    return SLACK * (travelled - begun + each * count) + 10 + BEFORE


def out_of_order(instants: Sequence[datetime]) -> float:
    """Of all pairs with different instants the share that was done the wrong way round."""
    seen, wrong, pairs = Counter[datetime](), 0, 0
    for instant in instants:
        wrong += sum(often for other, often in seen.items() if other > instant)
        pairs += sum(often for other, often in seen.items() if other != instant)
        seen[instant] += 1
    return wrong / pairs if pairs else 0.0


@contextmanager
def _still(floor: Floor) -> Iterator[psutil.Process]:
    """Holds the floor's worker still until it is resumed, at the end of the block at the latest:
    what stands still would never end."""
    process = psutil.Process(floor.process.pid)
    process.suspend()
    try:
        yield process
    finally:
        process.resume()


async def _leads(stack: Stack, people: Iterator[int], count: int) -> list[UUID]:
    """So many urgent leads, each with its first task."""
    sent = await fill(stack, people, await stack.count(RESTING) + count, grade="H")
    return [UUID(one) for one in sent][:count]


async def _bare(client: Client, floor: Floor, day: str, count: int, due: datetime) -> None:
    """As many bare sleepers, all asleep."""
    before, names = floor.resting, iter(range(count))

    async def lane() -> None:
        for number in names:
            await client.start_workflow(Sleeper.run, due, id=f"sleeper-{day}-{number}", task_queue=QUEUE)

    await asyncio.gather(*(lane() for _ in range(LANES)))
    await asyncio.wait_for(floor.rest(before + count), 120 + count)


async def _all_reminded(stack: Stack, leads: list[UUID], newest: int, begun: float) -> float:
    """Seconds until each has been reminded; only lines that are new are looked at, since looking at
    all would slow down what is timed."""
    left, said = set(leads), time.monotonic()
    async with stack.rows() as rows:

        async def all_reminded() -> bool:
            nonlocal newest, said
            found = await rows.fetch(_NEWS, newest - _LATE)
            left.difference_update(row[1] for row in found)
            newest = max([newest, *(row[0] for row in found)])
            if time.monotonic() - said > SAY:
                said = time.monotonic()
                say(f"{len(leads) - len(left):,} of {len(leads):,} leads are reminded")
            return not left

        await until("all leads are reminded", all_reminded, patience=120 + len(leads), look=LOOK)
    return time.perf_counter() - begun


def _cpu(stack: Stack, floor: Floor) -> dict[str, float]:
    return {"worker": cpu_of(psutil.Process(floor.process.pid)), "temporal": stack.cpu()["temporal"]}


def _each(seconds: dict[str, float], count: int) -> dict[str, float]:
    return {name: 1000 * value / count for name, value in seconds.items()}


def _result(found: Sequence[Round], count: int, outage: float, instants: int) -> Result:
    ratios = [one.ours / one.bare for one in found]
    ratio = statistics.median(ratios)
    rows = (
        _row("leads", [one.ours for one in found], [one.cpu for one in found])
        | {
            "Baton ÷": ratio,
            "of ÷": spread(ratios),
            "doubled": sum(one.doubled for one in found),
            "missing": sum(one.missing for one in found),
            "out of order %": 100 * max(one.out_of_order for one in found),
            "backwards": sum(one.backwards for one in found),
        },
        _row("bare sleepers", [one.bare for one in found], [one.bare_cpu for one in found]),
    )
    return Result(
        "outage",
        f"{count:,} deadlines due in an outage ÷ bare sleepers: {ratio:.2f}",
        rows,
        {
            "ratio": ratio,
            "deadlines_per_second": statistics.median(one.ours for one in found),
            "not_once": float(sum(one.doubled + one.missing for one in found)),
            "out_of_order": max(one.out_of_order for one in found),
            "backwards": float(sum(one.backwards for one in found)),
        },
        (
            f"{len(found)} round(s); at {instants} instant(s) a minute apart, the workers back {outage:.0f} s after the"
            " last; CPU in ms each",
            "out of order: of all pairs of leads with different instants those that were done the wrong way round;"
            " backwards: leads whose own history goes back in time",
        ),
    )


def _row(side: str, rates: list[float], cpu: Iterable[dict[str, float]]) -> dict[str, Cell]:
    used = list(cpu)
    middle = {part: statistics.median(one[part] for one in used) for part in used[0]}
    return {"side": side, "per second": statistics.median(rates), "spread": spread(rates), **middle}
