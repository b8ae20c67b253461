"""A decision as read: frozen, parsed, ready for any evaluator (DMN 1.5, chapters 6-8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from rules.feel import Expression, Tests, Value
from rules.shapes import ANYTHING, Shape


class HitPolicy(Enum):
    """How many rows may apply, and which of them speaks (DMN 1.5, 8.2.10)."""

    UNIQUE = "U"
    ANY = "A"
    PRIORITY = "P"
    FIRST = "F"
    RULE_ORDER = "R"
    OUTPUT_ORDER = "O"
    COLLECT = "C"

    @property
    def single(self) -> bool:
        """Whether the result is one row's outputs rather than a list."""
        return self in (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST)


Aggregation: TypeAlias = Literal["SUM", "MIN", "MAX", "COUNT"]


Outputs: TypeAlias = "dict[str, object] | list[dict[str, object]]"
"""Plain JSON values by output name; a list of them for tables that give several rows."""
Answer: TypeAlias = "tuple[Outputs, Value, tuple[str, ...]]"
"""What a table's matching rows come to: its outputs, their FEEL value, and the ids of the rows that
spoke."""


@dataclass(frozen=True, slots=True)
class Column:
    """An input column. ``kind`` is a FEEL type name or None when anything may come.

    ``allowed`` tests its input values; ``listed`` are the texts among them, to be looked up
    quickly. ``whole``: its numbers have no fraction.
    """

    name: str
    expression: Expression
    kind: str | None = None
    allowed: Tests | None = None
    listed: frozenset[str] = frozenset()
    whole: bool = False

    def takes(self, text: str) -> bool:
        """Whether a text is among the allowed values; a test that needs more than the text is not
        passed."""
        return self.allowed is None or text in self.listed or self.allowed.run(text, {}) is True


@dataclass(frozen=True, slots=True)
class Output:
    """An output column. ``order`` lists its output values from the highest priority down."""

    name: str
    kind: str | None = None
    order: tuple[Value, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: a cell for each input column, an expression for each output column, and what its
    author noted."""

    id: str
    cells: tuple[Tests, ...]
    outputs: tuple[Expression, ...]
    note: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A decision table. Compared by identity: it is compiled once, and the compiled form is found
    by the table.

    ``answers`` keeps what its rows came to, if its outputs are all written out and so come to the
    same each time.
    """

    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None
    answers: dict[tuple[int, ...], Answer] | None = field(default=None, repr=False)

    @property
    def gives_list(self) -> bool:
        """Whether the result is a list, an entry for each row that applies."""
        return not self.policy.single and self.aggregation is None


@dataclass(frozen=True, slots=True)
class Formula:
    """A literal expression."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Invocation:
    """Calls a function, most often a knowledge model by its name, with bound parameters."""

    called: Expression
    bindings: tuple[tuple[str, Logic], ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """A boxed context: entries see the earlier ones; ``result``, if there is one, is its value."""

    entries: tuple[tuple[str, Logic], ...]
    result: Logic | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A boxed list; a relation is one of contexts."""

    items: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A boxed conditional."""

    condition: Logic
    then: Logic
    otherwise: Logic


@dataclass(frozen=True, slots=True)
class Iteration:
    """A boxed ``for``, ``some`` or ``every``: ``kind`` says which."""

    kind: Literal["for", "some", "every"]
    variable: str
    over: Logic
    result: Logic


@dataclass(frozen=True, slots=True)
class Selection:
    """A boxed filter: the items of a list for which ``match`` holds, each seen as ``item`` and by
    its members."""

    of: Logic
    match: Logic


@dataclass(frozen=True, slots=True)
class Definition:
    """A boxed function: its value is the function, which remembers what was in scope around it."""

    parameters: tuple[str, ...]
    shapes: tuple[Shape, ...]
    body: Logic


@dataclass(frozen=True, slots=True)
class Typed:
    """Logic with a declared type of its result, which is null if it does not fit."""

    body: Logic
    shape: Shape


Logic: TypeAlias = Table | Formula | Invocation | Entries | Items | Choice | Iteration | Selection | Definition | Typed


@dataclass(frozen=True, slots=True)
class Import:
    """What is required of another file, seen as members of ``alias``; its inputs are given as
    ``alias.name``.

    ``space`` is the namespace of that file.
    """

    alias: str
    space: str = ""
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()
    inputs: tuple[str, ...] = ()

    def name(self, of: str) -> str:
        """What one of its names is called outside."""
        return f"{self.alias}.{of}" if self.alias else of


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: parameters and a body; ``requires`` are the models that its body
    may call.

    ``shapes`` are those of the parameters, ``result`` that of what the body gives, if it is no
    table. A decision service is one whose body tells what ``decisions`` came to, and whose
    parameters are what they need.
    """

    name: str
    parameters: tuple[str, ...]
    body: Logic
    requires: tuple[Knowledge, ...] = ()
    shapes: tuple[Shape, ...] = ()
    result: Shape = ANYTHING
    decisions: tuple[Decision, ...] = ()
    imports: tuple[Import, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A case that the table's author states: given these inputs, expect these outputs (FEEL
    literals)."""

    name: str
    given: tuple[tuple[str, Expression], ...]
    expect: tuple[tuple[str, Expression], ...]
    line: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """One decision of a file in one version.

    ``key`` is its DMN id, ``variable`` the name under which other decisions see its result,
    ``inputs`` the names that a caller has to give (null is a value; leaving out is a mistake).
    ``shapes`` are those that the file declares for inputs, as far as no column sees to it;
    ``result`` is the declared one of what is no table, for a table's outputs have types of their
    own. ``sha256`` is that of the file. ``plain``: it is a table that computes nothing, whose steps
    need not be counted.
    """

    key: str
    name: str
    variable: str
    logic: Logic
    version: int = 1
    sha256: str = ""
    inputs: tuple[str, ...] = ()
    requires: tuple[Decision, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()
    examples: tuple[Example, ...] = ()
    note: str = ""
    shapes: tuple[tuple[str, Shape], ...] = ()
    result: Shape = ANYTHING
    imports: tuple[Import, ...] = ()
    plain: bool = field(init=False, repr=False, default=False)

    def __post_init__(self) -> None:
        around = self.requires or self.knowledge or self.imports or self.shapes
        plain = not around and isinstance(self.logic, Table) and not any(_counted(self.logic))
        object.__setattr__(self, "plain", plain)


def _counted(table: Table) -> Iterator[bool]:
    """Of each expression, whether its steps have to be counted."""
    for column in table.columns:
        yield column.expression.size.counted
        yield column.allowed is not None and column.allowed.size.counted
    yield from (output.default.size.counted for output in table.outputs if output.default is not None)
    for rule in table.rules:
        yield from (cell.size.counted for cell in rule.cells)
        yield from (output.size.counted for output in rule.outputs)


Matcher: TypeAlias = Callable[["Table", "tuple[Value, ...]", "dict[str, object]"], "Matched"]
"""Finds the rows that apply to the columns' values; the scope holds what cells may read beside
them."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Row numbers in table order, and which evaluator found them."""

    rows: tuple[int, ...]
    engine: Engine


Engine: TypeAlias = Literal["durable-rules", "reference", "none"]


@dataclass(frozen=True, slots=True)
class Decided:
    """The result of one decision, with its why.

    ``outputs`` are plain JSON values by output name; a list of them for tables that give several
    rows (R, O, C). ``matched`` are the ids of the rows that applied, in table order; of a First
    table the one that spoke. ``value`` is the FEEL value as DMN defines it. ``engine`` says which
    evaluator matched the rows, "none" for what is no table.
    """

    key: str
    version: int
    outputs: dict[str, object] | list[dict[str, object]]
    matched: tuple[str, ...]
    engine: Engine
    value: Value = field(default=None, repr=False)
