"""Nothing lives for tests alone: every public name has a user in production, every code is said by
somebody."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from cases import messages
from cases.messages.fields import FIELDS
from cases.messages.problems import PROBLEMS
from cases.spoken import VALUES
from server.settings import CHECKOUT, Settings

ROOMS = (
    "activities", "api", "cases", "cli", "domain", "rules", "server", "store", "workflows",
)  # fmt: skip
TOPS = ("worker.py",)
CATALOGUES = {
    "cases.messages.problems": PROBLEMS,
    "cases.messages.fields": FIELDS,
    "cases.spoken": VALUES,
    "cases.messages": {
        code: words
        for table in vars(messages).values()
        if isinstance(table, dict) and table and all(isinstance(words, messages.Words) for words in table.values())
        for code, words in table.items()
    },
}
SHIPPED = (*CHECKOUT.glob("rules/decisions/*.dmn"), *CHECKOUT.glob("workflows/processes/*.bpmn"))

EXCEPTIONS = {
    "rules.engine.carries": "benchmarks and tests say by which evaluator a table is decided",
    "rules.engine.held": "tests bound the memory that the engine holds",
    "rules.feel.bounds.BOUNDS": "the table that the reference is made from",
    "rules.feel.bounds.steps_of": "tests count what an evaluation costs",
    "rules.feel.unary_test": "the second of FEEL's two entries; files of tables keep their cells parsed",
    "store.leads.sounds.all_readings": "the migration that makes the table of sounds fills it",
    "worker.PASSED_THROUGH": "for tests that run workflows in the sandbox",
    "workflows.bpmn.interpreter.outstanding": "what a host would have to do again; simulations check it at every step",
    "workflows.bpmn.interchange.load": "for tools that change a diagram; tests show that nothing of it is lost",
}
"""Public names without a user in production, and why they stay."""

BUILT = {
    "task_": "by the state of a task: store.engine.tasks.complete, domain.leads.laws.possible",
    "ambiguous_": "by the cell: domain.leads.intake.reading",
    "unknown_": "by the cell or the kind: domain.leads.intake.reading, store.network.keeping",
    "insisted_": "by what speaks against a target: domain.leads.statements.moving",
    "redistributed_": "by why somebody is not there: domain.network.laws.redistribution, .departures",
    "given_back_": "by why a dealer is gone: domain.network.laws.departures",
    "not_": "by the hour: cases.contact",
    "instance_": "by why a token cannot be moved: domain.repairs.laws.life",
}
"""Beginnings of codes that are put together, and where."""

OLD = {"returned": "decisions of earlier versions carry it"}
"""Codes that nobody says any more and that are in databases."""

RAISED = {"BatonError", "Invalid", "NotFound", "Conflict", "Forbidden", "Unavailable"}


@cache
def modules() -> dict[str, ast.Module]:
    """The production modules by their dotted names."""
    paths = [path for room in ROOMS for path in (CHECKOUT / room).rglob("*.py")] + [CHECKOUT / top for top in TOPS]
    kept = [path for path in paths if "store/migrations/" not in path.as_posix()]  # history
    return {_dotted(path): ast.parse(path.read_text(encoding="utf-8")) for path in kept}


def _dotted(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def public(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Public names that a module defines at its top level, but for those that are used by being
    there: what a decorator registers (a route, a command), and tables of the schema, which
    statements know by their SQL names."""
    for node in tree.body:
        yield from ((name, node) for name in _names(node) if not name.startswith("_"))


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() if not any(map(_registers, node.decorator_list)):
            return [node.name]
        case ast.ClassDef() if not any(_names(inner) == ["__tablename__"] for inner in node.body):
            return [node.name]
        case ast.Assign():
            return [target.id for target in node.targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def _registers(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)


@cache
def used() -> set[tuple[str, str]]:
    """(module, name) of everything that production reads, followed through what packages pass
    on."""
    reads: set[tuple[str, str]] = set()
    passed: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for module, tree in modules().items():
        bound = _imports(tree)
        passed |= {(module, local): origins for local, origins in bound.items()}
        own = dict(public(tree))
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom) or _names(node) == ["__all__"]:
                continue  # what a module passes on is no use yet
            for read in _reads(node):
                first, _, rest = read.partition(".")
                if first in own and own[first] is not node:
                    reads.add((module, first))
                for origin, name in bound.get(first, ()):
                    reads |= _meant(origin, name, rest)
    while more := {origin for read in reads for origin in passed.get(read, ())} - reads:
        reads |= more
    return reads


def _meant(origin: str, name: str, rest: str) -> set[tuple[str, str]]:
    """What a read of an imported name, with the attributes behind it, may be: the name itself, or a
    module's member."""
    whole = [part for part in (name, *rest.split(".")) if part]
    found: set[tuple[str, str]] = set()
    module = origin
    for part in whole:
        found.add((module, part))
        module = f"{module}.{part}"
    return found


def _imports(tree: ast.Module) -> dict[str, set[tuple[str, str]]]:
    """Local name → (module, name in it), or several: functions import too. An empty name is the
    module itself."""
    found: dict[str, set[tuple[str, str]]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, set()).add((node.module or "", alias.name))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.split(".")[0]
                found.setdefault(alias.asname or whole, set()).add((whole, ""))
    return found


def _reads(node: ast.AST) -> Iterator[str]:
    """Names that are read, with their attributes: ``a``, ``a.b``; those in annotations that are
    texts, too."""
    if isinstance(node, ast.Attribute):
        parts = [node.attr]
        value = node.value
        while isinstance(value, ast.Attribute):
            parts.append(value.attr)
            value = value.value
        if isinstance(value, ast.Name):
            yield ".".join([value.id, *reversed(parts)])
            return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 100:
        try:
            yield from _reads(ast.parse(node.value, mode="eval").body)
        except (SyntaxError, ValueError):
            return
    for child in ast.iter_child_nodes(node):
        yield from _reads(child)


def unused() -> set[str]:
    return {
        f"{module}.{name}"
        for module, tree in modules().items()
        for name, _ in public(tree)
        if (module, name) not in used()
    }


def test_every_public_name_has_a_user() -> None:
    assert unused() - EXCEPTIONS.keys() == set()


def test_no_exception_outlives_its_reason() -> None:
    assert EXCEPTIONS.keys() - unused() == set()


# -- catalogues ----------------------------------------------------------------------------------


@cache
def said() -> set[str]:
    """Every short text in production outside the catalogues, and every quoted one in what is
    shipped."""
    found = {
        node.value
        for module, tree in modules().items()
        if not module.startswith(tuple(CATALOGUES))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return found | {text for path in SHIPPED for text in re.findall(r'"(\w+)"', path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_code_of_a_catalogue_is_said_somewhere(catalogue: str) -> None:
    silent = CATALOGUES[catalogue].keys() - said() - OLD.keys()
    assert {code for code in silent if not code.startswith(tuple(BUILT))} == set()


def test_every_code_that_is_raised_has_a_text() -> None:
    wanting = {
        (module, code)
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for code, texts in _raised(node)
        if code not in texts
    }
    assert wanting == set()


def _raised(call: ast.Call) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The literal codes of a call that makes a problem, with the catalogue that they have to be
    in."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name in RAISED:
        yield from ((code, PROBLEMS) for code in _literals(call.args[:1]))
    elif name == "FieldProblem":
        yield from ((code, FIELDS) for code in _literals(call.args[1:2]))
    elif name == "refuse":
        yield from ((code, FIELDS) for code in _literals(call.args[:1]))
    elif ast.unparse(call.func) in {"work.notify", "ledger.notify"}:
        yield from ((code, messages.NOTIFICATIONS) for code in _literals(call.args[:1]))
    elif ast.unparse(call.func) in {"work.note", "ledger.note"}:
        yield from ((code, messages.TIMELINE) for code in _literals(call.args[:1]))
    elif ast.unparse(call.func) == "timeline.record":
        yield from ((code, messages.TIMELINE) for code in _literals(call.args[3:4]))


def _literals(arguments: Sequence[ast.expr]) -> Iterator[str]:
    for argument in arguments:
        match argument:
            case ast.Constant(value=str(code)):
                yield code
            case ast.IfExp(body=one, orelse=other):
                yield from _literals((one, other))
            case _:
                pass


def test_every_setting_is_read_somewhere() -> None:
    read = {node.attr for tree in modules().values() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert Settings.model_fields.keys() - read == set()
