"""Reads the examples that a decision carries in its ``<extensionElements>``; ``rules.examples``
shows their form."""

from __future__ import annotations

from collections.abc import Iterator

from rules.feel import Expression, FeelError, parse
from rules.model import Example
from rules.reading.xml import BATON, Element, Source, attribute, child, children, text_of


def read_examples(source: Source, decision: Element) -> tuple[Example, ...]:
    """The decision's examples in document order; what is wrong with them goes to the source's
    problems."""
    extension = child(decision, "extensionElements")
    return tuple(
        Example(
            example.get("name") or f"example {number}",
            tuple(_literals(source, example, "given")),
            tuple(_literals(source, example, "expect")),
            example.sourceline,
        )
        for number, example in enumerate(children(extension, "example", of=BATON), 1)
    )


def _literals(source: Source, example: Element, kind: str) -> Iterator[tuple[str, Expression]]:
    for entry in children(example, kind, of=BATON):
        try:
            yield attribute(entry, "name"), parse(text_of(entry))
        except FeelError as problem:
            source.problem(entry, str(problem), "Write a FEEL literal; text needs quotes")
