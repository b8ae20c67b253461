"""Decision tables to measure with: random ones of every kind, and wide ones of a wanted length with
cases for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import rules
from cases.grades import GRADES
from rules import Decision
from rules.feel import Value, YearMonthDuration, literal

CONSTANTS: dict[str, tuple[Value, ...]] = {
    "number": tuple(map(Decimal, ("-1000000", "-1", "0", "0.1", "1", "1.5", "7", "9", "10", "199800", "1E+20"))),
    "string": ("", "0", "9", "10", "A", "B", "AB", "线索", "zzz"),
    "boolean": (True, False),
    "date": (date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 1), date(1, 1, 1)),
    "time": (time(0), time(8, 30), time(23, 59, 59)),
    "date and time": (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 12)),  # noqa: DTZ001
    "days and time duration": (timedelta(0), timedelta(hours=24), timedelta(days=7), timedelta(seconds=1)),
    "years and months duration": (YearMonthDuration(0), YearMonthDuration(3), YearMonthDuration(24)),
}
_KINDS = tuple(CONSTANTS)
_POLICIES = ("UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT")
_AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")
_ORDER = "2, 0, 1"
_ODD_CELLS = ("? != {0}", "{0}", "!= {0}", "not({0})")
"""Cells that read an input, so that their table is not one for durable-rules."""


@dataclass(frozen=True)
class Column:
    """An input column: its name, its declared type if it has one, its allowed values if they are
    stated."""

    name: str
    kind: str = ""
    allowed: str = ""


def random_table(dice: Random) -> Decision:
    """Up to 30 rows and 6 inputs of any types; any hit policy; about one in ten is no table for
    durable-rules.

    One in ten looks at what another one came to.
    """
    drawn = [_random_decision(dice, "drawn")]
    if dice.random() < 0.1:
        drawn.append(_random_decision(dice, "upon", requires="drawn"))
    return rules.read_table(file_of(*drawn))[-1]


def _random_decision(dice: Random, name: str, requires: str = "") -> str:
    kinds = [dice.choice(_KINDS) for _ in range(dice.randint(1, 6))]
    typed = dice.random() < 0.75
    columns = [Column(f"v{place}", kind if typed else "", _allowed(dice, kind)) for place, kind in enumerate(kinds)]
    if requires:
        columns[0], kinds[0] = Column(requires), "number"
    odd = dice.random() < 0.1
    outputs = ("out",) if dice.random() < 0.7 else ("out", "also")
    rows: list[list[str]] = []
    for _ in range(dice.choice((1, 2, 4, 8, 30))):
        row = [_random_cell(dice, kind if typed or dice.random() < 0.8 else dice.choice(_KINDS)) for kind in kinds]
        if odd and dice.random() < 0.3:
            row[dice.randrange(len(row))] = dice.choice(_ODD_CELLS).format(columns[0].name)
        rows.append(row + [str(dice.randrange(3)) for _ in outputs])
    policy = dice.choice(_POLICIES)
    return table_text(
        columns,
        rows,
        name=name,
        requires=requires,
        policy=policy,
        aggregation=dice.choice(_AGGREGATIONS) if policy == "COLLECT" else "",
        outputs=outputs,
        order=_ORDER if policy in ("PRIORITY", "OUTPUT ORDER") else "",
        default=str(dice.randrange(3)) if dice.random() < 0.3 else "",
    )


def _allowed(dice: Random, kind: str) -> str:
    return ", ".join(map(literal, CONSTANTS["string"])) if kind == "string" and dice.random() < 0.2 else ""


def _random_cell(dice: Random, kind: str) -> str:
    if dice.random() < 0.25:
        return "-"
    tests = ", ".join(_random_test(dice, kind) for _ in range(dice.choice((1, 1, 1, 2, 3))))
    return f"not({tests})" if dice.random() < 0.15 else tests


def _random_test(dice: Random, kind: str) -> str:
    low, high = (literal(dice.choice(CONSTANTS[kind])) for _ in range(2))
    match dice.randrange(8):
        case 0:
            return "null"
        case 1 | 2:
            return f"{dice.choice(('<', '<=', '>', '>=', '=', '!='))} {low}"
        case 3 | 4:
            return f"{dice.choice('[(')}{low}..{high}{dice.choice('])')}"
        case _:
            return low


WIDE = tuple(
    Column(name, kind)
    for name, kind in (
        ("grade", "string"),
        ("region", "string"),
        ("load", "number"),
        ("price", "number"),
        ("days", "number"),
        ("known", "boolean"),
    )
)
_REGIONS = ("north", "east", "south", "west")


def unique_file(rows: int) -> bytes:
    """A Unique table of 6 inputs and so many rows (10, or a multiple of 20), of which exactly one
    always applies."""
    regions = _REGIONS[: rows // 5]
    places = list(product(range(_bands(rows)), regions, GRADES))
    drawn = [
        [
            literal(grade),
            literal(region),
            _band(band, _bands(rows)),
            "[0..10000000]",
            "> -2",
            "true, false",
            str(number),
        ]
        for number, (band, region, grade) in enumerate(places)
    ]
    return file_of(table_text(WIDE, drawn, policy="UNIQUE", outputs=("number",)))


def first_file(rows: int, seed: int = 1) -> bytes:
    """A First table of so many random rows and 6 inputs; the last one always applies."""
    dice = Random(seed)
    drawn = [[*_random_row(dice, _bands(rows)), str(number)] for number in range(rows - 1)]
    drawn.append(["-"] * len(WIDE) + [str(rows - 1)])
    return file_of(table_text(WIDE, drawn, policy="FIRST", outputs=("number",)))


def wide_table(length: int) -> Decision:
    """The Unique table of so many rows, read."""
    (decision,) = rules.read_table(unique_file(length))
    return decision


def wide_cases(rows: int, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Inputs for a table of so many rows: JSON values."""
    dice = Random(seed)
    return [
        {
            "grade": dice.choice(GRADES),
            "region": dice.choice(_REGIONS[: rows // 5]),
            "load": dice.randrange(10 * _bands(rows)),
            "price": dice.randrange(100_000, 500_000),
            "days": dice.randrange(-1, 400),
            "known": dice.random() < 0.5,
        }
        for _ in range(count)
    ]


def _bands(rows: int) -> int:
    return max(1, rows // 20)


def _band(number: int, bands: int) -> str:
    return f"[{number * 10}..{number * 10 + 10})" if number + 1 < bands else f">= {number * 10}"


def _random_row(dice: Random, bands: int) -> list[str]:
    low = dice.randrange(100_000, 450_000)
    return [
        literal(dice.choice(GRADES)),
        literal(dice.choice(_REGIONS)),
        _band(dice.randrange(bands), bands + 1),
        f"[{low}..{low + 100_000}]",
        f"{dice.choice(('<', '>='))} {dice.randrange(400)}",
        dice.choice(("true", "false", "-")),
    ]


def file_of(*decisions: str) -> bytes:
    """A file with these decisions (``table_text``)."""
    model = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    head = f'<definitions xmlns="{model}" id="d" name="d" namespace="urn:bench">'
    return f"{head}{''.join(decisions)}</definitions>".encode()


def table_text(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    policy: str,
    name: str = "drawn",
    requires: str = "",
    aggregation: str = "",
    outputs: Sequence[str] = ("out",),
    order: str = "",
    default: str = "",
) -> str:
    """A decision of one table; a row holds its input cells, then its output cells."""
    head = "".join(
        f"<input><inputExpression{f' typeRef={quoteattr(column.kind)}' if column.kind else ''}>"
        f"{_text(column.name)}</inputExpression>{_part('inputValues', column.allowed)}</input>"
        for column in columns
    )
    head += "".join(
        f"<output name={quoteattr(name)}>{_part('outputValues', order)}{_part('defaultOutputEntry', default)}</output>"
        for name in outputs
    )
    body = ""
    for number, row in enumerate(rows, 1):
        cells = "".join(_part("inputEntry", cell) for cell in row[: len(columns)])
        cells += "".join(_part("outputEntry", cell) for cell in row[len(columns) :])
        body += f'<rule id="r{number}">{cells}</rule>'
    aggregated = f" aggregation={quoteattr(aggregation)}" if aggregation else ""
    required = f'<requiredDecision href="#{requires}"/>' if requires else ""
    required = f"<informationRequirement>{required}</informationRequirement>" if requires else ""
    return (
        f'<decision id="{name}" name="{name}">{required}'
        f'<decisionTable hitPolicy="{policy}"{aggregated}>{head}{body}</decisionTable></decision>'
    )


def _part(tag: str, content: str) -> str:
    return f"<{tag}>{_text(content)}</{tag}>" if content else ""


def _text(content: str) -> str:
    return f"<text>{escape(content)}</text>"
