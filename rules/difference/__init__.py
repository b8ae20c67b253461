"""What differs between two versions of a decision: cell by cell, in the words of DMN.

::

    found = difference(old, new)
    found.cells[0]      # row tier-middle (2), incentive: 500 → 600

Rows are the same if their ids are; where ids were lost (a file that went through a spreadsheet), if
their content is. Columns are the same if they look at the same. FEEL texts that mean the same are
no difference, and how the table is drawn says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.difference.changes import (
    Cell,
    CellChange,
    ColumnChange,
    Difference,
    ExampleChange,
    RowChange,
    Side,
    TableChangeKind,
)
from rules.difference.pairing import Pair, pair_columns, pair_outputs, pair_rows, stayed
from rules.difference.properties import (
    differing,
    of_column,
    of_decision,
    of_example,
    of_knowledge,
    of_output,
    text,
)
from rules.feel import Expression, Tests, parse, parse_unary_tests
from rules.model import Decision, Example, Knowledge, Logic, Rule, Table
from rules.sameness import same

__all__ = ["Difference", "difference"]


def difference(old: Decision, new: Decision) -> Difference:
    """All that changed from ``old`` to ``new``."""
    columns, rows, cells = _tables(old.logic, new.logic)
    return Difference(
        TableChangeKind.CHANGED,
        "decision",
        new.name,
        tuple(differing(of_decision(old), of_decision(new))),
        columns,
        rows,
        cells,
        tuple(_examples(old.examples, new.examples)),
        (*_decisions(old.requires, new.requires), *_knowledge(old, new)),
    )


def _decisions(old: tuple[Decision, ...], new: tuple[Decision, ...]) -> Iterator[Difference]:
    before, after = ({one.key: one for one in version} for version in (old, new))
    for key, one in after.items():
        if key not in before:
            yield Difference(TableChangeKind.ADDED, "decision", one.name)
        elif not (found := difference(before[key], one)).nothing:
            yield found
    yield from (
        Difference(TableChangeKind.REMOVED, "decision", one.name) for key, one in before.items() if key not in after
    )


def _knowledge(old: Decision | Knowledge, new: Decision | Knowledge) -> Iterator[Difference]:
    before, after = ({model.name: model for model in _models(version)} for version in (old, new))
    for name, model in after.items():
        if name not in before:
            yield Difference(TableChangeKind.ADDED, "businessKnowledgeModel", name)
            continue
        columns, rows, cells = _tables(before[name].body, model.body)
        properties = tuple(differing(of_knowledge(before[name]), of_knowledge(model)))
        within = (*_decisions(before[name].decisions, model.decisions), *_knowledge(before[name], model))
        found = Difference(
            TableChangeKind.CHANGED, "businessKnowledgeModel", name, properties, columns, rows, cells, within=within
        )
        if not found.nothing:
            yield found
    yield from (
        Difference(TableChangeKind.REMOVED, "businessKnowledgeModel", name) for name in before if name not in after
    )


def _models(version: Decision | Knowledge) -> tuple[Knowledge, ...]:
    return version.knowledge if isinstance(version, Decision) else version.requires


# -- tables --------------------------------------------------------------------------------------


def _tables(old: Logic, new: Logic) -> tuple[tuple[ColumnChange, ...], tuple[RowChange, ...], tuple[CellChange, ...]]:
    """What differs between two tables; nothing where one of them is none, which the properties
    say."""
    if not isinstance(old, Table) or not isinstance(new, Table):
        return (), (), ()
    inputs = [_column("input", old, new, pair) for pair in pair_columns(old.columns, new.columns)]
    outputs = [_column("output", old, new, pair) for pair in pair_outputs(old.outputs, new.outputs)]
    places = [*inputs, *outputs]
    rows = pair_rows(old.rules, new.rules)
    columns = tuple(place.change for place in places if place.change is not None)
    return columns, tuple(_rows(old, new, rows, places)), tuple(_cells(old, new, rows, places))


@dataclass(frozen=True, slots=True)
class _Place:
    """A column by its places in both versions, and what became of it."""

    side: Side
    name: str
    at: Pair
    change: ColumnChange | None


def _column(side: Side, old: Table, new: Table, at: Pair) -> _Place:
    if side == "input":
        before, after = (
            None if place is None else of_column(table.columns[place])
            for table, place in zip((old, new), at, strict=True)
        )
    else:
        before, after = (
            None if place is None else of_output(table.outputs[place])
            for table, place in zip((old, new), at, strict=True)
        )
    said = after or before or {}
    name = text(said.get("label") or said.get("name"))
    kind = (
        TableChangeKind.ADDED
        if before is None
        else TableChangeKind.REMOVED
        if after is None
        else TableChangeKind.CHANGED
    )
    properties = tuple(differing(before or {}, after or {}))
    change = ColumnChange(kind, side, name, properties) if properties else None
    return _Place(side, name, at, change)


def _rows(old: Table, new: Table, pairs: list[Pair], places: list[_Place]) -> Iterator[RowChange]:
    """Rows that came, went, were moved or renamed; that others came before a row does not move
    it."""
    kept = stayed(pairs)
    for mine, yours in pairs:
        if yours is None:
            if mine is not None:
                rule = old.rules[mine]
                cells = tuple(_texts(rule, places, 0))
                yield RowChange(TableChangeKind.REMOVED, rule.id, rule.id, mine + 1, None, cells)
            continue
        rule = new.rules[yours]
        if mine is None:
            yield RowChange(TableChangeKind.ADDED, rule.id, rule.id, None, yours + 1, tuple(_texts(rule, places, 1)))
            continue
        former = old.rules[mine].id
        if former != rule.id and not (former == str(mine + 1) and rule.id == str(yours + 1)):
            yield RowChange(TableChangeKind.RENAMED, rule.id, former, mine + 1, yours + 1)
        if (mine, yours) not in kept:
            yield RowChange(TableChangeKind.MOVED, rule.id, former, mine + 1, yours + 1)


def _cells(old: Table, new: Table, pairs: list[Pair], places: list[_Place]) -> Iterator[CellChange]:
    for mine, yours in pairs:
        if mine is None or yours is None:
            continue
        before, after = old.rules[mine], new.rules[yours]
        for place in places:
            was, now = _cell(before, place, 0), _cell(after, place, 1)
            if not same(was or _NOTHING[place.side], now or _NOTHING[place.side]):
                yield CellChange(after.id, mine + 1, yours + 1, place.side, place.name, text(was), text(now))
        if before.note.split() != after.note.split():
            yield CellChange(after.id, mine + 1, yours + 1, "note", "", before.note, after.note)


_NOTHING: Mapping[Side, Expression | Tests] = {"input": parse_unary_tests("-"), "output": parse("null")}
"""What a row says in a column that is not there."""


def _cell(rule: Rule, place: _Place, version: int) -> Expression | Tests | None:
    at = place.at[version]
    if at is None:
        return None
    return rule.cells[at] if place.side == "input" else rule.outputs[at]


def _texts(rule: Rule, places: list[_Place], version: int) -> Iterator[Cell]:
    for place in places:
        if (said := _cell(rule, place, version)) is not None:
            yield Cell(place.name, text(said))


def _examples(old: tuple[Example, ...], new: tuple[Example, ...]) -> Iterator[ExampleChange]:
    before, after = _by_name(old), _by_name(new)
    for name, one in after.items():
        if name not in before:
            yield ExampleChange(TableChangeKind.ADDED, one.name, tuple(differing({}, of_example(one))))
        elif properties := tuple(differing(of_example(before[name]), of_example(one))):
            yield ExampleChange(TableChangeKind.CHANGED, one.name, properties)
    for name, one in before.items():
        if name not in after:
            yield ExampleChange(TableChangeKind.REMOVED, one.name, tuple(differing(of_example(one), {})))


def _by_name(examples: tuple[Example, ...]) -> dict[tuple[str, int], Example]:
    """By name; of several with one name the first, the second, …"""
    found: dict[tuple[str, int], Example] = {}
    for one in examples:
        again = sum(1 for name, _ in found if name == one.name)
        found[one.name, again] = one
    return found
