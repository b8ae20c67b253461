"""What all parts of the reader share: what the file declares, what was found wrong, expressions and
references."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rules.feel import Expression, FeelError, parse
from workflows.bpmn.model import Problem, Severity, Template
from workflows.bpmn.xml import Node, title

_MOST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What elements refer to, by id: names of messages and signals, codes of errors and
    escalations, and nodes."""

    messages: Mapping[str, str]
    signals: Mapping[str, str]
    errors: Mapping[str, str]
    escalations: Mapping[str, str]
    codeless: frozenset[str]  # errors and escalations without a code: who catches one catches all
    events: Mapping[str, Node]  # event definitions that several events share
    global_tasks: Mapping[str, Node]
    data: Mapping[str, str]  # variables that data objects, properties, inputs and outputs stand for


class Desk:
    """Collects problems while a file is read; what it is asked for in vain becomes one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def refuse(self, node: Node, code: str, message: str) -> None:
        """Something that cannot be run as drawn."""
        self.problems.append(problem_at(node, code, message))

    def note(self, node: Node, code: str, message: str) -> None:
        """Something that runs, but probably not as meant."""
        self.notes.append(problem_at(node, code, message, Severity.WARNING))

    def parse(self, node: Node, text: str) -> Expression | None:
        """An S-FEEL expression; a leading ``=`` is optional. Data objects may have spaces in their
        names."""
        try:
            return parse(text.strip().removeprefix("=").strip(), self.catalogue.data.values())
        except FeelError as problem:
            self.refuse(node, "expression", f"an expression cannot be read: {problem}")
            return None

    def formal(self, node: Node, holder: Node, text: str, what: str) -> Expression | None:
        """The text of a BPMN expression element, if its language is S-FEEL."""
        if not is_feel(holder.get("language", "")):
            self.refuse(node, "language", f"{what} is written in S-FEEL; remove the language attribute")
            return None
        return self.parse(node, text)

    def template(self, node: Node, text: str) -> Template:
        """A literal, or an expression after ``=``."""
        return Template(text, self.parse(node, text[1:]) if text.startswith("=") else None)

    def referred(self, node: Node, holder: Node, attribute: str, known: Mapping[str, str], needed: bool) -> str | None:
        """What a reference means; None, with a problem if it is needed, when it is missing or
        broken."""
        reference = unprefixed(holder.get(attribute, ""))
        if not reference:
            if needed:
                self.refuse(node, "missing_reference", f"{attribute} is missing; say which one is meant")
            return None
        found = known.get(reference)
        if found is None:
            self.refuse(node, "broken_reference", f"{attribute} {reference!r} is declared nowhere in the file")
        return found

    def note_unknown(self, node: Node, names: Iterable[str], known: frozenset[str]) -> None:
        """A misspelt attribute or mapping would be left out in silence."""
        for name in sorted({*names} - known):
            self.note(node, "unknown_attribute", f"baton:{name} means nothing here; correct the name or remove it")

    def quantity(self, node: Node, attribute: str) -> int:
        """A number of tokens, from 1."""
        text = node.get(attribute, "1")
        number = whole(text)
        if number is not None and 1 <= number <= 1_000:
            return number
        self.refuse(node, "quantity", f'{attribute}="{text}" is no number from 1 to 1000; correct it')
        return 1


def problem_at(node: Node, code: str, message: str, severity: Severity = Severity.ERROR) -> Problem:
    """A problem of this element."""
    return Problem(node.get("id", ""), title(node), node.sourceline or 0, code, message, severity)


def whole(text: str) -> int | None:
    """A number from 0, or None; of more digits than anybody means it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def is_feel(language: str) -> bool:
    """Whether an expression's or script's language is ours; nothing said means it is."""
    return not language or "feel" in language.lower()


def unprefixed(name: str) -> str:
    """A reference without its namespace prefix."""
    return name.rpartition(":")[2]
