"""The file of a draft as it is written: whether it is one at all, and its cells, found by row and
column.

Drafts may be imperfect, so nothing here asks whether a cell can be read. What is wrong inside is
the review's to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar, cast

from lxml import etree  # pyright: ignore[reportMissingTypeStubs, reportAttributeAccessIssue]

from cases.errors import FieldProblem, Invalid
from rules.errors import TableRefused
from rules.reading import NAMESPACES
from rules.reading.xml import BATON, root_of

_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_Text = TypeVar("_Text")
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_etree: Any = cast(Any, etree)  # lxml carries no types
_LISTS: Final = (("input", "inputEntry"), ("output", "outputEntry"), ("annotation", "annotationEntry"))
"""The columns of a table and what holds their cells in a row."""


@dataclass(frozen=True, slots=True)
class CellText:
    """What one cell shall say. ``decision``: the id of another decision of the file whose table is
    meant."""

    row: str
    column: str
    text: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class ExampleText:
    """What an example shall give (``part`` "given") or expect ("expect") under a name."""

    example: str
    part: Literal["given", "expect"]
    name: str
    text: str
    decision: str | None = None


class TableSheet:
    """One file that holds the decision ``key``; made for one use.

    Raises ``Invalid`` when the file is no XML, no DMN, or holds another decision.
    """

    def __init__(self, xml: bytes, key: str) -> None:
        try:
            root_of(xml)  # the one place that says what is refused before anything is looked at
            parser = _etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            self._root = _etree.fromstring(xml, parser)
        except TableRefused as refused:
            code = "has_doctype" if _DOCTYPE.search(xml) else "not_xml"
            raise _unreadable(code, line=str(refused.problems[0].line or 1)) from refused
        space = str(self._root.tag)[1:].partition("}")[0]
        if self._root.tag != f"{{{space}}}definitions" or space not in NAMESPACES:
            raise _unreadable("not_dmn")
        self._space = f"{{{space}}}"
        self._key = key
        held = self._decisions()
        if key not in held:
            raise _unreadable("other_decision", key=key, held=", ".join(filter(None, held)))
        self.name: str = held[key].get("name") or key

    def changed(self, cells: Sequence[CellText], examples: Sequence[ExampleText] = ()) -> bytes:
        """The file with these texts; nothing else of it changes. Raises ``Invalid`` with every
        address that is none."""
        found = [
            *(_tried(f"cells/{number}", self._write_cell, one) for number, one in enumerate(cells)),
            *(_tried(f"examples/{number}", self._write_example, one) for number, one in enumerate(examples)),
        ]
        if any(found):
            raise Invalid("invalid_input", problems=tuple(filter(None, found)))
        around = [*reversed(list(self._root.itersiblings(preceding=True))), self._root, *self._root.itersiblings()]
        return _HEAD + b"".join(_etree.tostring(node, encoding="UTF-8", with_tail=False) + b"\n" for node in around)

    def check(self, row: str | None, column: str | None) -> None:
        """Raises ``Invalid`` unless the table has this row, this column, and their cell."""
        try:
            table = self._table(None)
            rule = None if row is None else self._row(table, row)
            if column is not None:
                kind, place = self._column(table, column)
                if rule is not None:
                    self._cell(rule, kind, place)
        except _NoSuch as no:
            raise Invalid("invalid_input", problems=(FieldProblem(no.field, no.code, no.params),)) from None

    def _write_cell(self, one: CellText) -> None:
        table = self._table(one.decision)
        rule = self._row(table, one.row)
        cell = self._cell(rule, *self._column(table, one.column))
        text = cell.find(f"{self._space}text")
        _write(_etree.SubElement(cell, f"{self._space}text") if text is None else text, one.text)

    def _write_example(self, one: ExampleText) -> None:
        decision = self._decisions().get(one.decision or self._key)
        if decision is None:
            raise _NoSuch("decision", "unknown_table")
        found = [node for node in decision.iter(f"{{{BATON}}}example") if node.get("name") == one.example]
        if not found:
            raise _NoSuch("example", "unknown_example")
        for node in found[0].iterchildren(f"{{{BATON}}}{one.part}"):
            if node.get("name") == one.name:
                return _write(node, one.text)
        raise _NoSuch("name", "unknown_name")

    def _decisions(self) -> dict[str, Any]:
        return {node.get("id"): node for node in self._root.iterchildren(f"{self._space}decision")}

    def _table(self, decision: str | None) -> Any:
        node = self._decisions().get(decision or self._key)
        table = None if node is None else next(node.iter(f"{self._space}decisionTable"), None)
        if table is None:
            raise _NoSuch("decision", "unknown_table")
        return table

    def _row(self, table: Any, row: str) -> Any:
        for number, rule in enumerate(table.iterchildren(f"{self._space}rule"), 1):
            if (rule.get("id") or str(number)) == row:
                return rule
        raise _NoSuch("row", "unknown_row")

    def _column(self, table: Any, column: str) -> tuple[str, int]:
        places = [
            (entry, place)
            for tag, entry in _LISTS
            for place, node in enumerate(table.iterchildren(self._space + tag))
            if column in self._names(node)
        ]
        if len(places) > 1:
            raise _NoSuch("column", "ambiguous_column")
        if not places:
            raise _NoSuch("column", "unknown_column", expected=", ".join(self._titles(table)))
        return places[0]

    def _cell(self, rule: Any, entry: str, place: int) -> Any:
        cells = list(rule.iterchildren(self._space + entry))
        if place >= len(cells):
            raise _NoSuch("column", "no_cell")
        return cells[place]

    def _names(self, node: Any) -> tuple[str, ...]:
        """What a column may be called: its id, name and label, and the text of the expression that
        it looks at."""
        expression = node.findtext(f"{self._space}inputExpression/{self._space}text")
        return tuple(filter(None, (node.get("id"), node.get("name"), node.get("label"), (expression or "").strip())))

    def _titles(self, table: Any) -> Iterator[str]:
        for tag, _ in _LISTS:
            for node in table.iterchildren(self._space + tag):
                expression = node.findtext(f"{self._space}inputExpression/{self._space}text")
                yield node.get("label") or node.get("name") or (expression or "").strip() or node.get("id") or "?"


def _tried(place: str, write: Callable[[_Text], None], one: _Text) -> FieldProblem | None:
    try:
        write(one)
    except _NoSuch as no:
        return FieldProblem(f"{place}/{no.field}", no.code, no.params)
    return None


def _write(node: Any, text: str) -> None:
    for part in list(node):
        node.remove(part)
    try:
        node.text = text
    except ValueError:  # characters that no XML may hold
        raise _NoSuch("text", "bad_characters") from None


def name_of(xml: bytes, key: str) -> str:
    """The name of the decision in a file. Raises ``Invalid`` as ``TableSheet`` does."""
    return TableSheet(xml, key).name


def changed(xml: bytes, key: str, cells: Sequence[CellText], examples: Sequence[ExampleText]) -> bytes:
    """``Sheet.changed`` of a file."""
    return TableSheet(xml, key).changed(cells, examples)


def check(xml: bytes, key: str, row: str | None, column: str | None) -> None:
    """``Sheet.check`` of a file."""
    TableSheet(xml, key).check(row, column)


class _NoSuch(Exception):
    """An address that leads to no cell."""

    def __init__(self, field: str, code: str, **params: str) -> None:
        super().__init__(code)
        self.field, self.code, self.params = field, code, params


def _unreadable(code: str, **params: str) -> Invalid:
    return Invalid("table_unreadable", problems=(FieldProblem("", code, params),))
