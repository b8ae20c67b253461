"""The parts of the reference that are made from the code: `python -m tests.docs.reference` writes
them anew.

Each stands on its page between ``<!-- made: name -->`` and ``<!-- end -->``; a test compares.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from textwrap import fill

import rules
from activities.catalogue import ACTIVITIES
from cases.lead_facts import FACTS, Fact
from cases.messages import NOTIFICATIONS, RULED_OUT, TABLE_EVENTS, TIMELINE, Words
from cases.messages.fields import FIELDS
from cases.messages.problems import PROBLEMS
from cases.messages.text import Text
from cases.signatures import Field
from cli.importer.headings import ALIASES
from domain import kinds
from rules.feel.bounds import BOUNDS
from rules.feel.functions import FUNCTIONS
from rules.model import Decision, Table
from tests.docs.console import ROOT
from workflows.bpmn.checks.codes import CODES
from workflows.bpmn.elements import REGISTRY

_PART = re.compile(r"(<!-- made: (?P<name>[a-z-]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def rendered(page: str) -> str:
    """The page with its made parts as they have to be."""
    return _PART.sub(lambda found: f"{found[1]}\n{_in_columns(PARTS[found['name']]())}\n\n", page)


def _in_columns(made: str) -> str:
    """Prose in a hundred columns; rows of tables and headings as they are."""
    lines = made.split("\n")
    return "\n".join(one if one.startswith(("|", "#")) else _wrapped(one) for one in lines)


def _wrapped(line: str) -> str:
    return fill(line, 100, break_long_words=False, break_on_hyphens=False)


def parts_of(page: str) -> set[str]:
    return {found["name"] for found in _PART.finditer(page)}


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    return "\n".join([_row(head), "|" + "---|" * len(head), *map(_row, rows)])


# -- decision tables -----------------------------------------------------------------------------


def _tables() -> str:
    found = [decision for path in rules.shipped() for decision in rules.read_table(path.read_bytes())]
    return "\n\n".join(_decision(one) for one in found)


def _decision(decision: Decision) -> str:
    table = decision.logic
    assert isinstance(table, Table)
    policy = table.policy.name.replace("_", " ").title() + (f" ({table.aggregation})" if table.aggregation else "")
    head = (*(f"{_code(name)}<br>{column.name}" for name, column in zip(decision.inputs, table.columns, strict=True)),)
    outs = tuple(f"**{output.name}**" for output in table.outputs)
    rows = (
        (*(_code(cell.text) for cell in rule.cells), *(_code(out.text) for out in rule.outputs), rule.note)
        for rule in table.rules
    )
    file = f"[{decision.key}.dmn](../../rules/decisions/{decision.key}.dmn)"
    count = f"{len(decision.examples)} examples"
    about = f"{decision.name}; hit policy {policy}; {file}, {count}"
    return f"## {decision.key}\n\n{about}\n\n{_table((*head, *outs, ''), rows)}"


def _code(text: str) -> str:
    return f"`{text}`" if text != "-" else "–"


# -- codes and words -----------------------------------------------------------------------------


def _texts(table: Mapping[str, Text]) -> str:
    rows = ((f"`{code}`", one.zh, one.cure_zh, one.en, one.cure_en) for code, one in table.items())
    return _table(("code", "中文", "怎么办", "English", "cure"), rows)


def _words(table: Mapping[str, Words]) -> str:
    said = ((f"`{code}`{case}", one.zh, one.en) for code, words in table.items() for case, one in _cases(words))
    return _table(("code", "中文", "English"), said)


def _cases(words: Words) -> Iterator[tuple[str, Words]]:
    yield "", words
    yield from ((f", `{case}`", one) for case, one in words.cases.items())


# -- facts of a lead -----------------------------------------------------------------------------


def _facts() -> str:
    head = ("field", "中文", "English", "kept as", "personal", "asked", "corrected", "in a repeat")
    return _table(head, map(_fact, FACTS))


def _fact(fact: Fact) -> Iterator[str]:
    yield from (f"`{fact.name}`", fact.zh, fact.en, ", ".join(f"`{column}`" for column in fact.columns) or "–")
    yield from ("yes" if told else "–" for told in (fact.personal, fact.asked, fact.corrected))
    yield ("newest, until a dealer has it" if fact.held else "newest") if fact.newest and fact.columns else "–"


def _headings() -> str:
    rows = ((f"`{name}`", "、".join(zh.split()), en.replace("|", ", ")) for name, (zh, en) in ALIASES.items())
    return _table(("field", "列名", "headings"), rows)


# -- activities ----------------------------------------------------------------------------------


def _activities(group: str) -> str:
    rows = (
        (f"`{name}`", _fields(row.signature.takes), _fields(row.signature.gives), _does(ACTIVITIES[name]))
        for name, row in kinds.activities().items()
        if row.group == group
    )
    return _table(("activity", "input", "result", "what it does"), rows)


def _fields(fields: Iterable[Field]) -> str:
    return "<br>".join(_field(one) for one in fields)


def _field(one: Field) -> str:
    kind = ", ".join(f"`{code}`" for code in one.codes) or one.kind
    return f"{'**' if one.required else ''}`{one.name}`{'**' if one.required else ''}: {kind}"


def _does(function: object) -> str:
    first = (inspect.getdoc(function) or "").partition("\n\n")[0]
    return " ".join(first.replace("``", "`").split())


# -- languages -----------------------------------------------------------------------------------


def _elements() -> str:
    events: dict[str, list[str]] = {}
    others: list[str] = []
    for tag, kind in REGISTRY:
        if tag.endswith(("Event", "eventStart")):
            events.setdefault(tag, []).append(kind or "none")
        elif tag != "process":
            others.append(f"`{tag}`")
    names = {"eventStart": "`startEvent` of an event sub-process"}
    rows = ((names.get(tag, f"`{tag}`"), ", ".join(kinds)) for tag, kinds in events.items())
    return f"Activities and gateways: {', '.join(others)}.\n\n{_table(('event', 'definitions'), rows)}"


def _refusals() -> str:
    rows = ((f"`{code}`", one.severity.value, one.means) for code, one in CODES.items())
    return _table(("code", "severity", "when"), rows)


def _functions() -> str:
    rows = ((f"`{name}`", _arity(one.least, one.most)) for name, one in FUNCTIONS.items())
    return _table(("function", "arguments"), rows)


def _bounds() -> str:
    return _table(("bound", "at most"), ((f"`{one.name}`", f"{one.limit:,} {one.of}") for one in BOUNDS))


def _arity(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


ALL_ACTIVITIES = kinds.activities().values()

PARTS: dict[str, Callable[[], str]] = {
    **{f"activities-{group}": partial(_activities, group) for group in {one.group for one in ALL_ACTIVITIES}},
    "tables": _tables,
    "facts": _facts,
    "headings": _headings,
    "problems": lambda: _texts(PROBLEMS),
    "fields": lambda: _texts(FIELDS),
    "timeline": lambda: _words(TIMELINE),
    "notifications": lambda: _words(NOTIFICATIONS),
    "ruled-out": lambda: _words(RULED_OUT),
    "table-events": lambda: _words(TABLE_EVENTS),
    "elements": _elements,
    "refusals": _refusals,
    "functions": _functions,
    "bounds": _bounds,
}


def write(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if rendered(text) != text:
        page.write_text(rendered(text), encoding="utf-8")


if __name__ == "__main__":
    for path in sorted((ROOT / "docs" / "reference").glob("*.md")):
        write(path)
