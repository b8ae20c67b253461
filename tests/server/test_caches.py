"""What a process remembers is bounded: each cache has a limit of its own, or stands here with what
bounds it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.contracts import ProcessRef
from server.settings import CHECKOUT
from tests.server.test_used import ROOMS, TOPS
from tests.workflows.bpmn.diagrams import definitions as drawn
from workflows import definitions
from workflows.definitions import NotLoaded

BOUNDED_BY = {
    "api.app._routes": "one value",
    "api.instances.names._known": "MOST_KNOWN",
    "api.tables.reviewing._known": "MOST_KNOWN",
    "api.texts.catalogues.texts": "the languages",
    "api.texts.resource._version": "the languages",
    "cases.messages.languages.translations": "files that are shipped",
    "cli.demo.paths.taken.found": "the places of one path, while it is compared",
    "cli.importer.headings._KNOWN": "the headings in this file",
    "domain.cleaning.gazetteer.gazetteer": "one value",
    "domain.cleaning.place._doubtful": "one value",
    "domain.decisions.files._known": "_MOST_KNOWN",
    "domain.kinds.activities": "sets of kinds of case that share a process",
    "domain.kinds.common": "sets of kinds of case that share a process",
    "domain.kinds.levels": "one value",
    "domain.kinds.task_kinds": "one value",
    "domain.kinds.teams": "one value",
    "rules.positions._FOREIGN": "never written",
    "server.relay._metrics": "registries in use, of which a process has one",
    "server.temporal._converters": "one value",
    "store.engine.ledger_parts._statement": "sets of parts and columns that a step can leave",
    "store.engine.rest_parts._statement": "sets of parts and columns that a step can leave",
    "store.engine.watched._read_by_text": "statements in this program: none is put together from values",
    "store.network.network_seed._data": "one value",
    "store.network.rosters._rosters": "engines in use, of which a process has one",
    "workflows.definitions._loaded": "BATON_WORKER_VERSIONS",
    "workflows.definitions._wanted": "files that leads in BATON_WORKER_CACHE wait for",
}
"""Caches without a limit of ``lru_cache``'s, and tables of a module that begin empty."""

EMPTY = {"OrderedDict", "WeakKeyDictionary", "WeakValueDictionary", "defaultdict", "deque", "dict", "list", "set"}


def test_every_cache_is_bounded() -> None:
    assert {name for path in modules() for name in unbounded(path)} == set(BOUNDED_BY)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("@cache\ndef f(x): ...", ["f"]),
        ("@functools.cache\ndef f(x): ...", ["f"]),
        ("@lru_cache(None)\ndef f(x): ...", ["f"]),
        ("@lru_cache(maxsize=None)\ndef f(x): ...", ["f"]),
        ("@lru_cache\ndef f(x): ...", []),
        ("@lru_cache(64)\ndef f(x): ...", []),
        ("class C:\n    @cache\n    def f(self): ...", ["C.f"]),
        ("_known = {}", ["_known"]),
        ("_known: dict[str, int] = {}", ["_known"]),
        ("_known = OrderedDict[str, int]()", ["_known"]),
        ("_NAMES = {'a': 1}\nRow = dict[str, int]", []),
    ],
)
def test_what_counts_as_unbounded(code: str, found: list[str]) -> None:
    assert list(_in(ast.parse(code), "")) == found


def test_a_version_that_is_over_the_limit_goes_and_comes_again_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # given room for two files, one of which has just been asked for
    monkeypatch.setattr(definitions, "_loaded", type(definitions._loaded)())
    processes = tuple(drawn("start -> end").processes.values())
    key = processes[0].id
    refs = {sha: ProcessRef(key, 1, sha) for sha in ("one", "two", "three")}
    definitions.keep("one", processes, most=2)
    definitions.keep("two", processes, most=2)
    definitions.program([refs["one"]])

    # when a third comes
    definitions.keep("three", processes, most=2)

    # then the one goes that nobody asked for
    assert definitions.kept() == 2
    assert all(definitions.program([refs[sha]]) for sha in ("one", "three"))
    with pytest.raises(NotLoaded):
        definitions.program([refs["two"]])
    assert "two" in definitions.wanted()

    # and is no longer sought once it is here again
    definitions.keep("two", processes, most=2)
    assert definitions.program([refs["two"]]) and "two" not in definitions.wanted()


# -- mechanics ------------------------------------------------------------------------------------


def modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from (CHECKOUT / room).rglob("*.py")
    yield from (CHECKOUT / top for top in TOPS)


def unbounded(path: Path) -> Iterator[str]:
    module = ".".join(path.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__")
    for name in _in(ast.parse(path.read_text(encoding="utf-8")), ""):
        yield f"{module}.{name}"


def _in(node: ast.AST, above: str) -> Iterator[str]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{above}{inner.name}"
            if any(_is_endless(one) for one in inner.decorator_list):
                yield name
            yield from _in(inner, f"{name}.")
        elif isinstance(inner, ast.Assign | ast.AnnAssign) and not above and _begins_empty(inner.value):
            target = inner.target if isinstance(inner, ast.AnnAssign) else inner.targets[0]
            yield ast.unparse(target)


def _is_endless(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = ast.unparse(called).rpartition(".")[2]
    if name == "cache":
        return True
    given = [*decorator.args, *(one.value for one in decorator.keywords)] if isinstance(decorator, ast.Call) else []
    return name == "lru_cache" and any(isinstance(one, ast.Constant) and one.value is None for one in given)


def _begins_empty(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.List):
        return not value.elts
    if not isinstance(value, ast.Call) or value.args:
        return False
    made = value.func.value if isinstance(value.func, ast.Subscript) else value.func
    return ast.unparse(made).rpartition(".")[2] in EMPTY
