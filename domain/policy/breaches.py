"""Whether a table keeps its contract: it is asked all that the code may ask, and every row is
looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod
from random import Random

import rules
from cases.near import nearest
from domain.policy.contracts import CONTRACTS, Contract, Read
from domain.policy.storable import storable
from rules.errors import Ambiguous, InputRefused, NoRuleMatched, RulesError
from rules.feel import Expression, FeelError, FeelTooMuch, Tests, Value, literal, to_json, to_value
from rules.feel.syntax import ListOf, Literal, Match
from rules.model import Decision, Table
from rules.sampling import samples
from rules.types import fits

MOST_ASKED = 1_000
"""Questions that a table is asked; of more that are possible, so many are drawn, always the same
ones."""

MOST_TRIED = 30
"""Inputs that a table is tried with, of which nobody knows what it will be asked."""

BEYOND = Decimal(1_000)
"""Where what is counted up has to have ended."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that stands between a table and the code.

    ``field`` is the input or output; ``row`` counts from 1. ``example`` are inputs that the code
    may give and that show it. ``words`` fill the sentence that the code stands for (``SENTENCES``).
    """

    decision: str
    code: str
    field: str
    words: Mapping[str, str]
    row: int | None = None
    line: int | None = None
    example: Mapping[str, Value] | None = None

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return SENTENCES[self.code][0].format(field=self.field, **self.words)

    @property
    def cure(self) -> str:
        """What the author can do, in English."""
        return SENTENCES[self.code][1].format(field=self.field, **self.words)


SENTENCES: Mapping[str, tuple[str, str]] = {
    "input_not_given": ("the table asks for “{field}”, which Baton does not give it", "Ask for one of {given}"),
    "input_refused": (
        "Baton may give {value} as “{field}”, and the table refuses it: it {why}",
        "Allow the value, and say in a row what it means",
    ),
    "output_missing": ("Baton reads “{field}”, which the table does not give", "Add the output column"),
    "output_not_understood": (
        "“{field}” is {value}, which Baton does not understand",
        "Give a {kind}; these are understood: {understood}",
    ),
    "output_misspelt": ("“{field}” is {value}, which Baton does not understand", "Did you mean {near}?"),
    "input_misspelt": ("no “{field}” is called {value}", "Did you mean {near}?"),
    "input_unknown": ("no “{field}” is called {value}", "There are: {known}"),
    "output_not_storable": (
        "“{field}” is nothing that can be stored: it holds a NUL, half of a character, or a number too long",
        "Write a text without control characters, or a number of at most 4,000 digits",
    ),
    "answer_missing": ("Baton needs “{field}”, and the table says nothing", "Add a row for this input, or a default"),
    "several_answers": (
        "one answer is needed, and this hit policy gives a list",
        "Take UNIQUE, FIRST, ANY or PRIORITY, or an aggregation",
    ),
    "endless": (
        "at {field} = {value} there is still an answer: this would go on for ever",
        "Let no row apply beyond the last one",
    ),
    "too_much": ("an expression asks for {why}", "Take a shorter way, or smaller lists and texts"),
    "undecided": ("Baton may ask this, and it cannot be decided: {why}", "Change the rows that are concerned"),
}
"""What is wrong and what to do, in English. The codes are answered by the API and never change."""


def breaches(decision: Decision) -> tuple[Breach, ...]:
    """What stands between a table and the code; of tables that the code does not ask, what cannot
    be stored."""
    contract = CONTRACTS.get(decision.key)
    if contract is None:
        return (*_unstorable(decision), *_too_much(decision))
    given = ", ".join(one.name for one in contract.given)
    known = {one.name for one in contract.given}
    structure = [
        *(_breach(decision, "input_not_given", name, given=given) for name in decision.inputs if name not in known),
        *_structure(decision, contract),
    ]
    if structure:
        return tuple(structure)
    found: dict[tuple[str, str, str], Breach] = {}
    for one in (
        *_unstorable(decision),
        *_names(decision, contract),
        *_rows(decision, contract),
        *_answers(decision, contract),
        *_ends(decision, contract),
    ):
        found.setdefault((one.code, one.field, str(one.words.get("value"))), one)
    return tuple(found.values())


def _structure(decision: Decision, contract: Contract) -> Iterator[Breach]:
    logic = decision.logic
    if not isinstance(logic, Table):
        return
    if logic.gives_list:
        yield _breach(decision, "several_answers", "")
    names = {output.name or decision.variable for output in logic.outputs}
    missing = (one.name for one in contract.read if one.name not in names and not one.optional)
    yield from (_breach(decision, "output_missing", name) for name in missing)


def _names(decision: Decision, contract: Contract) -> Iterator[Breach]:
    """Rows and allowed values about a name that there is not: they would never speak, and nobody
    would know why."""
    if not isinstance(decision.logic, Table):
        return
    closed = {one.name: [str(value) for value in one.values] for one in contract.given if one.closed}
    for place, column in enumerate(decision.logic.columns):
        name = column.expression.text.strip()
        if name not in closed:
            continue
        rows = ((number, rule.line, rule.cells[place]) for number, rule in enumerate(decision.logic.rules, 1))
        for number, line, cell in ((None, None, column.allowed), *rows):
            for text in () if cell is None else _texts(cell):
                if text not in closed[name]:
                    yield _misnamed(decision, name, text, closed[name], number, line)


def _misnamed(
    decision: Decision, field: str, text: str, known: Sequence[str], row: int | None, line: int | None
) -> Breach:
    near = nearest(text, known)
    if near:
        return Breach(decision.key, "input_misspelt", field, {"value": literal(text), "near": literal(near)}, row, line)
    return Breach(decision.key, "input_unknown", field, {"value": literal(text), "known": ", ".join(known)}, row, line)


def _texts(cell: Tests) -> Iterator[str]:
    """The texts that a cell compares with."""
    for test in cell.node.tests:
        if isinstance(test, Match):
            one = test.expression
            for item in one.items if isinstance(one, ListOf) else (one,):
                if isinstance(item, Literal) and isinstance(item.value, str):
                    yield item.value


def _rows(decision: Decision, contract: Contract) -> Iterator[Breach]:
    """Outputs that are written down: of all rows, also those that the questions do not meet."""
    if not isinstance(decision.logic, Table) or decision.logic.aggregation == "COUNT":
        return
    reads = {one.name: one for one in contract.read}
    for number, rule in enumerate(decision.logic.rules, 1):
        for output, expression in zip(decision.logic.outputs, rule.outputs, strict=True):
            read = reads.get(output.name or decision.variable)
            if read is not None and not expression.names:
                value = _constant(expression)
                if not _understood(read, value) or (read.needed and value is None):
                    yield _strange(decision, read, value, row=number, line=rule.line)


def _unstorable(decision: Decision) -> Iterator[Breach]:
    """Outputs that are written down and that the store does not take, whoever reads them: the step
    that was to keep the decision would fail, and its lead stand still."""
    if not isinstance(decision.logic, Table):
        return
    outputs = decision.logic.outputs
    defaults = [(None, None, [one.default for one in outputs])]
    rows = [(number, rule.line, list(rule.outputs)) for number, rule in enumerate(decision.logic.rules, 1)]
    for number, line, written in (*defaults, *rows):
        for output, expression in zip(outputs, written, strict=True):
            if expression is None or expression.names:
                continue
            if not storable(to_json(_constant(expression))):
                field = output.name or decision.variable
                yield Breach(decision.key, "output_not_storable", field, {}, number, line)


def _too_much(decision: Decision) -> Iterator[Breach]:
    """Inputs at which it asks for more than FEEL's bounds allow: a step that asked it would stand
    still."""
    for asked in () if decision.plain else samples(decision, MOST_TRIED):
        try:
            rules.decide(decision, asked)
        except FeelTooMuch as problem:
            example = {name: to_value(value) for name, value in asked.items()}
            yield _breach(decision, "too_much", "", example=example, why=str(problem))
            return
        except (RulesError, FeelError):
            continue


def _answers(decision: Decision, contract: Contract) -> Iterator[Breach]:
    """What comes of all that may be asked."""
    for asked in _questions(contract):
        example = {name: asked[name] for name in decision.inputs}
        try:
            outputs = rules.decide(decision, asked).outputs
        except NoRuleMatched:
            outputs = dict[str, object]()
        except InputRefused as refused:
            field = _field_of(decision, refused, asked)
            words = {"value": literal(asked[field]) if field in asked else "it", "why": refused.why}
            yield _breach(decision, "input_refused", field, example=example, **words)
            continue
        except FeelTooMuch as problem:
            yield _breach(decision, "too_much", "", example=example, why=str(problem))
            return
        except (Ambiguous, FeelError) as problem:
            yield _breach(decision, "undecided", "", example=example, why=str(problem))
            return
        answer = outputs if isinstance(outputs, dict) else {}
        for name, given in answer.items():
            if not storable(given):  # also what is computed, and what nobody reads: all outputs are kept
                yield _breach(decision, "output_not_storable", name, example=example)
        for read in contract.read:
            value = to_value(answer.get(read.name))
            if value is None and read.needed:
                yield _breach(decision, "answer_missing", read.name, example=example)
            elif not _understood(read, value):
                yield _strange(decision, read, value, example=example)


def _ends(decision: Decision, contract: Contract) -> Iterator[Breach]:
    """A ladder that had always one more rung would be climbed for ever, in one step."""
    if contract.ends is None:
        return
    for asked in _questions(contract):
        asked[contract.ends] = BEYOND
        try:
            outputs = rules.decide(decision, asked).outputs
        except (RulesError, FeelError):
            continue
        if not isinstance(outputs, dict) or any(value is not None for value in outputs.values()):
            example = {name: asked[name] for name in decision.inputs}
            yield _breach(decision, "endless", contract.ends, example=example, value=literal(BEYOND))


def _questions(contract: Contract) -> Iterator[dict[str, Value]]:
    """All combinations of what may be given, or so many of them that are drawn."""
    names = [one.name for one in contract.given]
    values = [one.values for one in contract.given]
    asked = product(*values)
    if prod(map(len, values)) > MOST_ASKED:
        dice = Random(0)
        asked = (tuple(map(dice.choice, values)) for _ in range(MOST_ASKED))
    return (dict(zip(names, one, strict=True)) for one in asked)


def _field_of(decision: Decision, refused: InputRefused, asked: Mapping[str, Value]) -> str:
    """The input behind a refusal, which names a column by its label."""
    if refused.field in asked:
        return refused.field
    tables = [one.logic for one in (decision, *decision.requires) if isinstance(one.logic, Table)]
    labelled = (column for table in tables for column in table.columns if column.name == refused.field)
    return next((column.expression.text for column in labelled), refused.field)


def _understood(read: Read, value: Value) -> bool:
    return value is None or (fits(value, read.kind) and read.understood.run(value, {}) is True)


def _constant(expression: Expression) -> Value:
    try:
        return expression.run({})
    except FeelError:
        return None


def _strange(
    decision: Decision,
    read: Read,
    value: Value,
    *,
    row: int | None = None,
    line: int | None = None,
    example: Mapping[str, Value] | None = None,
) -> Breach:
    near = nearest(value, _texts(read.understood)) if isinstance(value, str) else ""
    if near:
        words = {"value": literal(value), "near": literal(near)}
        return Breach(decision.key, "output_misspelt", read.name, words, row, line, example)
    understood = read.understood.text if read.understood.node.tests else f"any {read.kind}"
    words = {"value": literal(value), "kind": read.kind, "understood": understood}
    return Breach(decision.key, "output_not_understood", read.name, words, row, line, example)


def _breach(
    decision: Decision, code: str, field: str, *, example: Mapping[str, Value] | None = None, **words: str
) -> Breach:
    return Breach(decision.key, code, field, words, example=example)
