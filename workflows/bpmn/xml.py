"""The one place that touches lxml: bytes in, a typed tree out.

Files come from outside, so entities, external references and oversized trees are off (XXE, billion
laughs, nesting).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Protocol, cast

from lxml import etree as _etree  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType, reportAttributeAccessIssue]

from workflows.bpmn.model import ModelRefused, Problem

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BATON: Final = "{urn:baton:bpmn:1}"
MOST_BYTES: Final = 5_000_000

etree = cast(Any, _etree)


class Node(Protocol):
    """An XML element."""

    @property
    def tag(self) -> object: ...  # a function, where an entity was left unresolved

    @property
    def text(self) -> str | None: ...

    @property
    def sourceline(self) -> int | None: ...

    def get(self, attribute: str, default: str) -> str: ...

    def __iter__(self) -> Iterator[Node]: ...

    def iter(self, tag: str) -> Iterator[Node]: ...

    def keys(self) -> list[str]: ...


def parse(xml: bytes, *, whole: bool = False) -> Node:
    """The root ``definitions`` of a BPMN file; ``whole`` with comments and processing instructions.

    Raises:
        ModelRefused: it is no XML, no BPMN 2.0, too large, or declares a document type.
    """
    if len(xml) > MOST_BYTES:
        raise _refused(0, "too_large", f"the file is larger than {MOST_BYTES} bytes")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=not whole,
        remove_pis=not whole,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as problem:
        raise _refused(problem.lineno or 0, "no_xml", f"the file is no XML: {problem.msg}") from None
    if root.getroottree().docinfo.doctype:
        raise _refused(1, "doctype", "a document type is not allowed; remove <!DOCTYPE …>")
    if root.tag != f"{BPMN}definitions":
        raise _refused(1, "no_bpmn", "the file is no BPMN 2.0: its root is not bpmn:definitions")
    return cast(Node, root)


def serialised(root: Node) -> bytes:
    """The whole file that a root belongs to, with what stands before and after it."""
    return etree.tostring(cast(Any, root).getroottree(), xml_declaration=True, encoding="UTF-8")


def canonical(root: Node) -> bytes:
    """The file in canonical form, comments included."""
    return etree.tostring(cast(Any, root).getroottree(), method="c14n", with_comments=True)


def local(node: Node) -> str:
    """The tag without namespace, if it is BPMN's; "" otherwise."""
    tag = node.tag
    return tag[len(BPMN) :] if isinstance(tag, str) and tag.startswith(BPMN) else ""


def children(node: Node, tag: str = "") -> Iterator[Node]:
    """The BPMN children, of one tag if given; what other tools add in their own namespaces is
    passed over."""
    for child in node:
        found = local(child)
        if found and (not tag or found == tag):
            yield child


def own(node: Node) -> list[str]:
    """The names of its attributes in Baton's namespace."""
    return [name.removeprefix(BATON) for name in node.keys() if name.startswith(BATON)]  # noqa: SIM118


def flag(node: Node, attribute: str, default: bool = True) -> bool:
    """An XML boolean."""
    return {"true": True, "1": True, "false": False, "0": False}.get(node.get(attribute, ""), default)


def title(node: Node) -> str:
    """Its name on one line: modellers break names to fit the picture."""
    return " ".join(node.get("name", "").split())


def words(node: Node) -> str:
    """The text of an element without white space around it."""
    return (node.text or "").strip()


def _refused(line: int, code: str, message: str) -> ModelRefused:
    return ModelRefused((Problem("", "", line, code, message),))
