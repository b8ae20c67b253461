"""The test files of the DMN Technology Compatibility Kit: which model, what is given, what has to
come out.

A file ``*-test-*.xml`` names a model beside it and holds cases; each case gives inputs and expects
results of one or several decisions. The format is the kit's ``testCases.xsd``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from cli.conformance.cases import CasesUnreadable
from rules import TableRefused
from rules.feel import Value, times
from rules.reading.xml import Element, attribute, child, children, local_name, root_of, text_of

_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class Expected:
    """One result that a case expects of a decision. ``unread`` says which of its values FEEL does
    not have, if one.

    ``called`` names the knowledge model or service that the case calls, instead of deciding.
    ``elsewhere`` are inputs of other files, by the namespace of the file and their name in it.
    """

    case: str
    decision: str
    inputs: Mapping[str, Value] = field(default_factory=dict[str, Value])
    value: Value = None
    error: bool = False
    unread: str = ""
    called: str = ""
    elsewhere: Mapping[tuple[str, str], Value] = field(default_factory=dict[tuple[str, str], Value])


@dataclass(frozen=True, slots=True)
class Suite:
    """A test file: its model and every result that is expected of it."""

    model: Path
    results: tuple[Expected, ...]


class Beside:
    """The models that lie beside one, for those that it imports; looked through when the first is
    asked for."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._found: dict[str, bytes] | None = None

    def __call__(self, namespace: str, location: str) -> bytes | None:
        if self._found is None:
            self._found = dict(self._read())
        return self._found.get(namespace)

    def _read(self) -> Iterator[tuple[str, bytes]]:
        for file in sorted(self._model.parent.rglob("*.dmn"), reverse=True):
            if file != self._model:
                with suppress(OSError, TableRefused):
                    xml = file.read_bytes()
                    yield attribute(root_of(xml), "namespace"), xml


class Untyped(str):
    """The text of a value that states no type: itself, or the value that is written so."""

    __slots__ = ()

    def meanings(self) -> Iterator[Value]:
        text = str(self)
        yield text
        for kind in ("decimal", "boolean", "date", "time", "dateTime", "duration"):
            value = _READ[kind](text.strip())
            if value is not None:
                yield value


class _Unread(Exception):
    """A value that FEEL does not have; the message says which."""


def load(folder: Path) -> list[Suite]:
    """The test files below a folder, by path.

    Raises:
        CasesUnreadable: there is none, or one is no test file.
    """
    files = sorted(folder.rglob("*-test-*.xml"))
    if not files:
        raise CasesUnreadable(f"{folder}: no file *-test-*.xml")
    return list(map(_suite, files))


def _suite(file: Path) -> Suite:
    try:
        root = root_of(file.read_bytes())
    except OSError as problem:
        raise CasesUnreadable(f"{file}: {problem.strerror}") from None
    except TableRefused as problem:
        raise CasesUnreadable(f"{file}: {problem.problems[0].message}") from None
    model = text_of(child(root, "modelName"))
    if local_name(root) != "testCases" or not model:
        raise CasesUnreadable(f"{file}: it names no model")
    return Suite(file.parent / model, tuple(result for case in children(root, "testCase") for result in _results(case)))


def _results(case: Element) -> Iterator[Expected]:
    key = attribute(case, "id")
    of_case = " ".join(attribute(case, "invocableName").split()) if attribute(case, "type") in _CALLED else ""
    for node in children(case, "resultNode"):
        name = _name(node)
        called = of_case or (name if attribute(node, "type") in _CALLED else "")
        try:
            given = [(attribute(one, "namespace"), _name(one), _value(one)) for one in children(case, "inputNode")]
            wanted = _value(child(node, "expected"))
        except _Unread as problem:
            yield Expected(key, name, unread=str(problem))
        else:
            inputs = {name: value for _, name, value in given}
            elsewhere = {(space, name): value for space, name, value in given if space}
            error = node.get("errorResult") in ("true", "1")
            yield Expected(key, name, inputs, wanted, error, called=called, elsewhere=elsewhere)


def _name(node: Element) -> str:
    return " ".join(attribute(node, "name").split())


def _value(node: Element | None) -> Value:
    """What a node states by its ``value``, ``list`` or ``component`` children; nothing stated is
    null."""
    for part in children(node):
        if _is_nil(part):
            return None
        match local_name(part):
            case "value":
                return _simple(part)
            case "list":
                return [_value(item) for item in children(part, "item")]
            case "component":
                return {_name(one): _value(one) for one in children(node, "component")}
            case _:
                continue
    return None


def _simple(node: Element) -> Value:
    kind = (node.get(f"{_INSTANCE}type") or "").rpartition(":")[2]
    text = "".join(node.itertext())  # a string's blanks are its own
    if not kind:
        return Untyped(text)
    if kind in ("string", "anySimpleType"):
        return text
    value = _READ[kind](text.strip()) if kind in _READ else None
    if value is None:
        raise _Unread(f"“{text}” of type {kind} has no equal in FEEL")
    return value


def _is_nil(node: Element) -> bool:
    return node.get(f"{_INSTANCE}nil") in ("true", "1")


def _number(text: str) -> Value:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


_CALLED: Final = ("bkm", "decisionService")
_NUMBERS: Final = ("decimal", "double", "float", "integer", "int", "long", "short", "nonNegativeInteger")
_READ: Final[Mapping[str, Callable[[str], Value]]] = {
    **dict.fromkeys(_NUMBERS, _number),
    "boolean": {"true": True, "1": True, "false": False, "0": False}.get,
    "date": times.date_from,
    "time": times.time_from,
    "dateTime": times.date_time_from,
    "duration": times.duration_from,
    "dayTimeDuration": times.duration_from,
    "yearMonthDuration": times.duration_from,
}
"""XML Schema type → how its texts are read; null for a text that FEEL has no value for."""
