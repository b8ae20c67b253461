"""What the readers share: lxml behind a typed face, FEEL texts with their place, type references,
gathered problems."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, cast

from lxml import etree as _lxml  # pyright: ignore[reportMissingTypeStubs, reportAttributeAccessIssue, reportUnknownVariableType]

from rules.errors import Problem, TableRefused
from rules.feel import Expression, FeelError, Tests, parse, parse_unary_tests
from rules.feel.kinds import Types as DeclaredTypes
from rules.feel.kinds import no_types
from rules.types import is_whole, kind_of

BATON = "urn:baton:dmn:1"
LARGEST_FILE = 5_000_000

_etree: Any = cast(Any, _lxml)  # lxml carries no types


class Element(Protocol):
    """What is used of an lxml element."""

    @property
    def tag(self) -> str: ...
    @property
    def sourceline(self) -> int | None: ...
    def get(self, key: str) -> str | None: ...
    def itertext(self) -> Iterable[str]: ...
    def iter(self) -> Iterable[Element]: ...
    def iterchildren(self) -> Iterable[Element]: ...


def root_of(xml: bytes) -> Element:
    """The root element, parsed without entities, network and document types.

    Raises:
        TableRefused: the file is too large, no well-formed XML, or brings a document type along.
    """
    if len(xml) > LARGEST_FILE:
        raise TableRefused((Problem(f"the file is larger than {LARGEST_FILE:,} bytes", "Split it"),))
    parser = _etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = _etree.fromstring(xml, parser)
    except _etree.XMLSyntaxError as error:
        raise TableRefused((Problem("this is no well-formed XML", "Export it again", line=error.lineno),)) from None
    if root.getroottree().docinfo.doctype:
        raise TableRefused((Problem("the file has a document type", "Remove the <!DOCTYPE> line"),))
    return cast(Element, root)


def namespace(node: Element) -> str:
    return node.tag[1:].partition("}")[0] if node.tag.startswith("{") else ""


def local_name(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def children(node: Element | None, name: str | None = None, *, of: str | None = None) -> Iterator[Element]:
    """Child elements of one name, if given; of the node's own namespace, if no other is given."""
    if node is None:
        return
    wanted = namespace(node) if of is None else of
    for part in node.iterchildren():
        if namespace(part) == wanted and name in (None, local_name(part)):
            yield part


def child(node: Element | None, name: str) -> Element | None:
    return next(children(node, name), None)


def text_of(node: Element | None) -> str:
    return "" if node is None else "".join(node.itertext()).strip()


def attribute(node: Element | None, name: str) -> str:
    """The attribute, or nothing."""
    return "" if node is None else node.get(name) or ""


class Types:
    """Resolves ``typeRef`` names through the file's item definitions."""

    def __init__(self, root: Element) -> None:
        self._definitions = {attribute(node, "name"): node for node in children(root, "itemDefinition")}

    def kind(self, type_ref: str | None) -> str | None:
        """The FEEL base type, or None for lists, structures and what is unknown."""
        return kind_of(self._base(type_ref))

    def whole(self, type_ref: str | None) -> bool:
        """Whether only whole numbers are of the type."""
        return is_whole(self._base(type_ref))

    def _base(self, type_ref: str | None) -> str | None:
        for _ in range(10):  # definitions may name one another, and by mistake in a circle
            node = self._definitions.get(type_ref or "")
            if node is None:
                return type_ref
            if node.get("isCollection") == "true":
                return None
            type_ref = text_of(child(node, "typeRef"))
        return None


class Source:
    """Where a file's texts become FEEL, and where its problems are gathered.

    ``functions`` are the knowledge models and services; any other of the ``names`` may hold a
    function as well. ``lenient`` reads what FEEL gives null for, instead of telling the author.
    """

    def __init__(
        self, names: frozenset[str], functions: frozenset[str], types: Types, *, lenient: bool = False
    ) -> None:
        self.names = names
        self.functions = functions
        self.types = types
        self.declared: DeclaredTypes = no_types
        self.lenient = lenient
        self.problems: list[Problem] = []
        self._callable = names | functions
        self._decision = ""

    @contextmanager
    def inside(self, decision: str) -> Generator[None]:
        """Problems found within belong to that decision."""
        outer, self._decision = self._decision, decision
        try:
            yield
        finally:
            self._decision = outer

    def problem(
        self, node: Element | None, message: str, cure: str, *, row: int | None = None, column: str = ""
    ) -> None:
        line = node.sourceline if node is not None else None
        self.problems.append(Problem(message, cure, self._decision, row, column, line))

    def unfinished(
        self, node: Element | None, message: str, cure: str, *, row: int | None = None, column: str = ""
    ) -> None:
        """A problem for its author, but nothing that keeps a reader from running it: FEEL gives
        null there."""
        if not self.lenient:
            self.problem(node, message, cure, row=row, column=column)

    def expression(self, node: Element, column: str, *, row: int | None = None, empty: str = "") -> Expression:
        """The expression in a node's ``text``; a problem if it cannot be read. ``empty`` stands for
        an empty text."""
        self._check_language(node)
        try:
            text = text_of(child(node, "text")) or empty
            return parse(text, self.names, self._callable, types=self.declared, lenient=self.lenient)
        except FeelError as problem:
            self.problem(node, str(problem), "Write a FEEL expression; text needs quotes", row=row, column=column)
            return parse("null")

    def tests(self, node: Element, column: str, *, row: int | None = None) -> Tests:
        """The unary tests in a node's ``text``; a problem if they cannot be read."""
        self._check_language(node)
        try:
            text = text_of(child(node, "text"))
            return parse_unary_tests(text, self.names, self._callable, types=self.declared, lenient=self.lenient)
        except FeelError as problem:
            cure = 'Write -, a value, "a", "b", a comparison such as < 5, a range such as [1..5] or not(…)'
            self.problem(node, str(problem), cure, row=row, column=column)
            return parse_unary_tests("-")

    def _check_language(self, node: Element) -> None:
        language = node.get("expressionLanguage")
        if language and not language.strip().rstrip("/").lower().endswith("feel"):
            self.problem(node, "its expression language is not FEEL", "Write it in FEEL and remove expressionLanguage")
