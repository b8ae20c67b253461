"""Reads DMN 1.1-1.5 files into the frozen model, and tells their author of everything that is wrong
in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rules.errors import Problem, TableRefused
from rules.model import Decision
from rules.reading.graph import GraphReader
from rules.reading.xml import Element, attribute, local_name, namespace, root_of

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}


@lru_cache(128)
def read_table(xml: bytes, *, version: int = 1) -> tuple[Decision, ...]:
    """The decisions of a file, in document order. Cached: the same bytes give the same decisions,
    compiled once.

    Raises:
        TableRefused: with every problem found, each with its place and its cure.
    """
    reader = GraphReader(_root(xml), hashlib.sha256(xml).hexdigest(), version)
    decisions = reader.decisions()
    reader.callables()
    if reader.source.problems:
        raise TableRefused(tuple(dict.fromkeys(reader.source.problems)))
    return decisions


@dataclass(frozen=True, slots=True)
class Readable:
    """What of a file can be run: its decisions, and its knowledge models and services as decisions
    of their own.

    ``problems`` say why the others cannot. What depends on something that cannot be run is none of
    them.
    """

    decisions: tuple[Decision, ...]
    callables: tuple[Decision, ...]
    problems: tuple[Problem, ...]


def read_what_can_be(xml: bytes, beside: Callable[[str, str], bytes | None] | None = None) -> Readable:
    """The readable part of a file, with what FEEL gives null for read as the null that it gives.
    Not for publication.

    ``beside`` gives the files that it imports, by their namespace and the location that it names.

    Raises:
        TableRefused: nothing in it could be looked at.
    """

    def found(space: str, location: str) -> Element | None:
        other = beside(space, location) if beside else None
        return None if other is None else _root(other)

    reader = GraphReader(_root(xml), hashlib.sha256(xml).hexdigest(), 1, lenient=True, beside=found)
    decisions, callables = reader.decisions(), reader.callables()
    return Readable(
        tuple(one for one in decisions if one.key not in reader.broken),
        tuple(one for one in callables if one.key not in reader.broken),
        tuple(dict.fromkeys(reader.source.problems)),
    )


def _root(xml: bytes) -> Element:
    root = root_of(xml)
    if local_name(root) != "definitions" or namespace(root) not in NAMESPACES:
        raise TableRefused((Problem("this is no DMN 1.3, 1.4 or 1.5 file", "Export it as DMN 1.3 or newer"),))
    language = attribute(root, "expressionLanguage")
    if language and "feel" not in language.lower():  # older editions put the year behind the name
        raise TableRefused((Problem(f"its language is “{language}”, not FEEL", "Write it in FEEL"),))
    return root


__all__ = ["NAMESPACES", "Readable", "read_table", "read_what_can_be"]
