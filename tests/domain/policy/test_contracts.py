"""What the code asks the tables and what the contracts say that it asks are the same; shipped
tables keep them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import rules
from activities.escalation import RUNGS
from activities.planning import plan_task
from cases.states import GRADE_VALIDITY, Stage
from domain.kinds import task_kinds
from domain.policy.breaches import breaches
from domain.policy.contracts import CONTRACTS
from rules import Decision, read_table
from rules.feel import literal
from tests.rules.drawing import drawn

ROOT = Path(plan_task.__code__.co_filename).parents[1]
ASKED_IN = ("activities/*.py", "domain/**/*.py")
ASKING = [path for where in ASKED_IN for path in ROOT.glob(where)]
SHIPPED = {table.key: path for path in rules.shipped() for table in read_table(path.read_bytes())}


def test_every_table_that_code_asks_has_a_contract_and_no_other() -> None:
    assert CONTRACTS.keys() == SHIPPED.keys()


@pytest.mark.parametrize("key", CONTRACTS)
def test_shipped_tables_keep_their_contracts(key: str) -> None:
    (table,) = read_table(SHIPPED[key].read_bytes())

    assert breaches(table) == ()
    assert set(table.inputs) <= {one.name for one in CONTRACTS[key].given}


def test_the_code_asks_what_the_contracts_say() -> None:
    asked: dict[str, set[frozenset[str]]] = {}
    for path in ASKING:
        for key, names in _questions(ast.parse(path.read_text())):
            asked.setdefault(key, set()).add(names)

    assert asked == {key: {frozenset(one.name for one in contract.given)} for key, contract in CONTRACTS.items()}


def test_contracts_know_every_rung_stage_kind_and_clock() -> None:
    ladder, cadence = CONTRACTS["escalation-ladder"], CONTRACTS["cadence"]

    assert ladder.read[0].understood.text == ", ".join(literal(rung.value) for rung in RUNGS)
    assert set(ladder.given[0].values) == {*task_kinds(), GRADE_VALIDITY}
    assert set(cadence.given[2].values) == {*Stage, ""}


# -- what the code asks, read off the code -------------------------------------------------------


def _questions(module: ast.Module) -> Iterator[tuple[str, frozenset[str]]]:
    """Every table that a module asks, with the names that it gives; tables that a diagram names are
    none."""
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for function in functions.values():
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if method in ("decide", "look") and _key(call):
                yield _key(call), frozenset(_given(call, function, functions))
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        if ast.unparse(call.func) == "Choice":
            inputs = next(
                one.body for one in call.args if isinstance(one, ast.Lambda) and isinstance(one.body, ast.Dict)
            )
            yield _key(call), frozenset(_keys(inputs))


def _key(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return str(first.value) if isinstance(first, ast.Constant) else ""


def _given(
    call: ast.Call,
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef],
) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg is None:
            yield from _keys_of(keyword.value, function, functions)
        elif keyword.arg != "about":
            yield keyword.arg
    if len(call.args) == 3:  # key, instant, inputs: at the door
        yield from _keys_of(call.args[2], function, functions)


def _keys_of(
    value: ast.expr,
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef],
) -> Iterator[str]:
    """The keys of a dictionary, written down, made by a function of the module, or held by a local
    name."""
    match value:
        case ast.Dict():
            yield from _keys(value)
        case ast.Call(func=ast.Name(id=name)) if name in functions:
            returned = next(node for node in ast.walk(functions[name]) if isinstance(node, ast.Return))
            assert returned.value is not None
            yield from _keys_of(returned.value, functions[name], functions)
        case ast.Name(id=name):
            assigned = (node for node in ast.walk(function) if isinstance(node, ast.Assign))
            found = next(node.value for node in assigned if ast.unparse(node.targets[0]) == name)
            yield from _keys_of(found, function, functions)
        case ast.Call(func=ast.Attribute(attr="asked")):  # cases.progress says what it asks
            asking = ast.parse((ROOT / "cases/progress.py").read_text())
            maker = next(node for node in ast.walk(asking) if getattr(node, "name", "") == "asked")
            yield from _keys(next(node for node in ast.walk(maker) if isinstance(node, ast.Dict)))
        case ast.Attribute(attr="validity"):  # made by the reader of submissions
            reading = ast.parse((ROOT / "domain/leads/intake/reading.py").read_text())
            maker = next(node for node in reading.body if getattr(node, "name", "") == "validity_inputs")
            yield from _keys(next(node for node in ast.walk(maker) if isinstance(node, ast.Dict)))
        case _:
            raise AssertionError(f"what is given by {ast.unparse(value)} cannot be read off the code")


def _keys(value: ast.Dict) -> Iterator[str]:
    return (str(key.value) for key in value.keys if isinstance(key, ast.Constant))


# -- what breaks a contract ----------------------------------------------------------------------


def changed(key: str, old: str, new: str) -> Decision:
    xml = SHIPPED[key].read_text()
    assert old in xml
    (table,) = read_table(xml.replace(old, new).encode())
    return table


@pytest.mark.parametrize(
    ("key", "old", "new", "code", "field"),
    [
        ("pool", "<text>grade<", "<text>mood<", "input_not_given", "mood"),
        ("pool", '"C", "N", ""</text>\n', '"C"</text>\n', "input_refused", "grade"),
        ("pool", 'name="keep_hours"', 'name="stay_hours"', "output_missing", "keep_hours"),
        ("pool", 'hitPolicy="UNIQUE"', 'hitPolicy="COLLECT"', "several_answers", ""),
        ("pool", "<text>24<", "<text>0<", "output_not_understood", "keep_hours"),
        ("pool", "<text>24<", "<text>null<", "output_not_understood", "keep_hours"),
        ("pool", '<text>"N", ""</text></inputEntry>', '<text>"N"</text></inputEntry>', "answer_missing", "keep_hours"),
        ("pool", '<text>"A"<', '<text>"H"<', "undecided", ""),
        ("price-tier", "<text>500<", "<text>500.5<", "output_not_understood", "incentive"),
        ("price-tier", "<text>500<", "<text>price / 3<", "output_not_understood", "incentive"),
        ("escalation-ladder", "<inputEntry><text>4<", "<inputEntry><text>&gt;= 4<", "endless", "rung"),
        ("validity", '"call"', '"ring"', "output_not_understood", "verdict"),
        ("grade", '"stated"', r'"\u0000"', "output_not_storable", "reason"),
        ("grade", '"stated"', r'string(horizon_days) + "\u0000"', "output_not_storable", "reason"),
    ],
)
def test_a_table_that_breaks_its_contract(key: str, old: str, new: str, code: str, field: str) -> None:
    found = breaches(changed(key, old, new))

    assert (found[0].code, found[0].field) == (code, field)
    assert all(one.message and one.cure for one in found)


@pytest.mark.parametrize(
    ("key", "old", "new", "code", "message", "cure"),
    [
        (
            *("cadence", '<inputEntry><text>"recall"', '<inputEntry><text>"reccall"', "input_misspelt"),
            *('no “kind” is called "reccall"', 'Did you mean "recall"?'),
        ),
        (
            *("escalation-ladder", '<inputEntry><text>"firm_up"', '<inputEntry><text>"frim_up"', "input_misspelt"),
            *('no “kind” is called "frim_up"', 'Did you mean "firm_up"?'),
        ),
        (
            *("cadence", '"hq_decision", "ticket_verify"', '"hq_decision", "errand", "ticket_verify"', "input_unknown"),
            *('no “kind” is called "errand"', "There are: outbound_call,"),
        ),
        (
            *("contact-rules", '<outputEntry><text>"unchanged"', '<outputEntry><text>"unchangd"', "output_misspelt"),
            *('“instead” is "unchangd", which Baton does not understand', 'Did you mean "unchanged"?'),
        ),
        (
            *("recall", '"bought_rival"</text></inputEntry>', '"bougth_rival"</text></inputEntry>', "input_misspelt"),
            *('no “reason” is called "bougth_rival"', 'Did you mean "bought_rival"?'),
        ),
    ],
)
def test_a_misspelt_kind_outcome_or_reason_is_told_the_right_one(
    key: str, old: str, new: str, code: str, message: str, cure: str
) -> None:
    found = next(one for one in breaches(changed(key, old, new)) if one.code == code)

    assert found.message == message
    assert found.cure.startswith(cure)


def test_a_breach_shows_the_row_or_inputs_that_baton_may_give() -> None:
    (written,) = breaches(changed("price-tier", "<text>500<", "<text>500.5<"))
    asked = breaches(changed("price-tier", "<text>500<", "<text>price / 3<"))

    assert (written.row, written.example) == (2, None)
    assert [one.example for one in asked] == [{"price": 200_000}]
    assert written.message == "“incentive” is 500.5, which Baton does not understand"


def test_tables_that_no_code_asks_have_no_contract() -> None:
    assert breaches(changed("pool", 'decision id="pool"', 'decision id="mine"')) == ()


@pytest.mark.parametrize("written", [r'"\u0000"', r'{a: "\u0000"}', r'{"\u0000": 1}', "10**6000", "[10**6000]"])
def test_what_cannot_be_stored_is_a_breach_though_no_code_asks_the_table(written: str) -> None:
    (table,) = read_table(drawn([("n", "number")], [["-", written]]))

    (found,) = breaches(table)

    assert (found.code, found.row) == ("output_not_storable", 1)


@pytest.mark.parametrize("written", [r'"\\u0000"', '"好🙂"', "10**3000", "1/3", "null"])
def test_what_can_be_stored_is_none(written: str) -> None:
    (table,) = read_table(drawn([("n", "number")], [["-", written]]))

    assert breaches(table) == ()
