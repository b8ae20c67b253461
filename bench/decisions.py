"""Decisions a second: Baton's, durable-rules' own ``post`` with the same rules, and the plain evaluator.

``post`` gets what Baton has to work out first: messages of the right types under an id of their own. It answers which
rule fired and nothing else. Run as ``python -m bench.decisions COUNT ROUNDS`` in a process of its own, because
durable-rules can take a process with it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import rules
from bench.report import Cell, Result
from bench.stack import helper
from rules import reference
from rules.compiler import Plan, compile_table
from rules.model import Decision, Table

Inputs = Mapping[str, Any]
Decide = Callable[[int], object]
"""Makes so many decisions."""

SHIPPED = ("grade", "escalation-ladder")
PATIENCE = 300.0


@dataclass(frozen=True)
class Timed:
    """Decisions a second of CPU and of wall time."""

    cpu: float
    wall: float


async def measure(*, count: int, rounds: int) -> Result:
    """The three against each other, pair by pair, ``rounds`` times ``count`` decisions each; medians."""
    async with helper("bench.decisions", str(count), str(rounds)) as child:
        answer, _ = await asyncio.wait_for(child.communicate(), PATIENCE)
    if child.returncode:
        raise RuntimeError(f"measuring decisions ended with {child.returncode}")
    rows = tuple(json.loads(answer))
    least = min(row["÷ post"] for row in rows)
    return Result(
        "decisions",
        f"Decisions ÷ durable-rules' post with the same rules: at least {least:.2f}",
        rows,
        {"ratio": least, "decisions_per_second": rows[0]["rules.decide/s"]},
        (f"medians of {rounds} rounds of {count:,}; a second of CPU time, in brackets the median of the wall",),
    )


def compare(name: str, decision: Decision, asked: Sequence[Inputs], *, count: int, rounds: int) -> dict[str, Cell]:
    """One table through all three."""
    table = decision.logic
    assert isinstance(table, Table)
    plan = compile_table(table)
    ours = _cycled(lambda inputs: rules.decide(decision, inputs), asked)
    plain = _cycled(lambda inputs: reference.decide(decision, inputs), asked)
    post = _post(name, plan, [_message(plan, table, inputs) for inputs in asked])
    for way in (ours, post, plain):
        way(len(asked))  # warm-up; all of them have to answer
    timed = [(_timed(ours, count), _timed(post, count), _timed(plain, max(1, count // 10))) for _ in range(rounds)]
    cpu = [statistics.median(one[place].cpu for one in timed) for place in range(3)]
    wall = [statistics.median(one[place].wall for one in timed) for place in range(3)]
    return {
        "table": name,
        "rows × inputs": f"{len(table.rules)} × {len(table.columns)}",
        "rules": len(plan.rows),
        "rules.decide/s": cpu[0],
        "(wall)": wall[0],
        "post/s": cpu[1],
        "(wall) ": wall[1],
        "plain/s": cpu[2],
        "(wall)  ": wall[2],
        "÷ post": statistics.median(ours.cpu / post.cpu for ours, post, _ in timed),
        "÷ plain": statistics.median(ours.cpu / plain.cpu for ours, _, plain in timed),
    }


def sixty_by_six() -> tuple[Decision, Sequence[Inputs]]:
    """A table of 60 rows and 6 inputs of which one row always applies, and 200 cases."""
    grades, regions, loads = (
        ("H", "A", "B", "C", "N"),
        ("north", "east", "south", "west"),
        ("< 50", "[50..90)", ">= 90"),
    )
    rows = "".join(
        f'<rule id="r{number}">'
        + "".join(
            f"<inputEntry><text>{escape(cell)}</text></inputEntry>"
            for cell in (f'"{grade}"', f'"{region}"', load, "[0..10000000]", "> -2", "true, false")
        )
        + f"<outputEntry><text>{number}</text></outputEntry></rule>"
        for number, (grade, region, load) in enumerate(itertools.product(grades, regions, loads), 1)
    )
    names = {"grade": "string", "region": "string", "load": "number", "price": "number", "days": "number"}
    columns = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in (names | {"known": "boolean"}).items()
    )
    (decision,) = rules.read_table(
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="urn:bench">'
        f'<decision id="sixty" name="sixty"><decisionTable hitPolicy="UNIQUE">{columns}<output name="number"/>{rows}'
        "</decisionTable></decision></definitions>".encode()
    )
    dice = random.Random(1)
    cases = [
        {
            "grade": dice.choice(grades),
            "region": dice.choice(regions),
            "load": dice.randrange(120),
            "price": dice.randrange(100_000, 500_000),
            "days": dice.randrange(-1, 400),
            "known": dice.random() < 0.5,
        }
        for _ in range(200)
    ]
    return decision, cases


def shipped(key: str) -> tuple[Decision, Sequence[Inputs]]:
    """A table that comes with Baton, and the cases that its author wrote down as examples."""
    decisions = [one for file in rules.shipped() for one in rules.read_table(file.read_bytes())]
    decision = next(one for one in decisions if one.key == key)
    return decision, [{name: given.run({}) for name, given in example.given} for example in decision.examples]


def _message(plan: Plan, table: Table, inputs: Inputs) -> dict[str, Any]:
    """What ``post`` is given: the message that Baton makes of these inputs, without its id."""
    read = json.loads(plan.message_for(tuple(column.expression.run(dict(inputs)) for column in table.columns)))
    return {name: value for name, value in read.items() if name != "id"}


def _cycled(decide: Callable[[Inputs], object], asked: Sequence[Inputs]) -> Decide:
    def run(count: int) -> None:
        for inputs in itertools.islice(itertools.cycle(asked), count):
            decide(inputs)

    return run


def _post(name: str, plan: Plan, messages: Sequence[dict[str, Any]]) -> Decide:
    from durable.engine import Host  # pyright: ignore[reportMissingTypeStubs]

    class Quiet(Host):
        def _run(self) -> None:
            """No background threads: they would crash beside a second ruleset."""

    fired = [0]

    def act(_: object) -> None:
        fired[0] += 1

    definition = {rule: {**body, "run": act} for rule, body in json.loads(plan.definition).items()}
    host = Quiet({name: definition})
    ids = itertools.count(1)

    def run(count: int) -> None:
        before = fired[0]
        for message in itertools.islice(itertools.cycle(messages), count):
            host.post(name, {**message, "id": next(ids)})
        assert fired[0] - before == count, "a rule did not fire"

    return run


def _timed(decide: Decide, count: int) -> Timed:
    wall, cpu = time.perf_counter(), time.process_time()
    decide(count)
    return Timed(count / (time.process_time() - cpu), count / (time.perf_counter() - wall))


def _main(count: int, rounds: int) -> None:
    tables = {"generated": sixty_by_six(), **{key: shipped(key) for key in SHIPPED}}
    rows = [compare(name, *table, count=count, rounds=rounds) for name, table in tables.items()]
    sys.stdout.write(json.dumps(rows))


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
