"""XML from strangers, made harmless: nothing is fetched, nothing expands, size and depth are
bounded.

What people send is lenient XML: HTML around it, entities of HTML, ampersands alone, a declaration
that does not fit.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree as _etree  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType, reportAttributeAccessIssue]

from cases.errors import Invalid

etree: Any = _etree
Element = Any

DEEPEST: Final = 64
MOST_ELEMENTS: Final = 50_000
"""Far more than 500 leads have."""

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']", re.IGNORECASE)
_PROLOG = re.compile(r"<\?xml\b[^<>]{0,300}>", re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_ALONE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{0,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BREAKS = re.compile(r"</?(?:br|hr|wbr|p)\s{0,9}/?>", re.IGNORECASE)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
    r"|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));",
    re.IGNORECASE,
)
_ENCODINGS = frozenset(
    {
        *("utf-8", "utf8", "utf-16", "utf-16-le", "utf-16-be", "utf-16le", "utf-16be", "utf-32", "us-ascii", "ascii"),
        *("iso-8859-1", "latin1", "latin-1", "iso-8859-15", "windows-1252", "cp1252"),
        *("gb2312", "gbk", "gb18030", "cp936", "big5", "big5-hkscs", "cp950", "shift-jis"),
    }
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NULLS = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


def decoded(body: bytes, charset: str | None = None) -> str:
    """The text of a body: by its mark, its declaration, the header, UTF-8, or GB18030. Raises
    ``Invalid``."""
    declared = _DECLARED.search(body[:400])
    named = [declared[1].decode("ascii")] if declared else []
    marked = [name for mark, name in _MARKS if body.startswith(mark)][:1]
    marked += [name for start, name in _NULLS if body.startswith(start)]
    for encoding in (*marked, *named, *([charset] if charset else []), "utf-8", "gb18030"):
        if encoding.lower().replace("_", "-") not in _ENCODINGS:
            continue
        try:
            return body.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise Invalid("xml_unreadable", line=1)


def parsed(text: str, roots: frozenset[str]) -> Element:
    """The first element that is named like one of ``roots`` (lower case), whatever is around it.

    Raises ``Invalid``: ``xml_refused`` for what only does harm, ``xml_unreadable`` (with its line)
    for what is no XML.
    """
    if "<!entity" in (lower := text.lower()) or "<!element" in lower or "<!attlist" in lower:
        raise Invalid("xml_refused", what="DTD")
    inner = _cut(_PROLOG.sub("", text), roots)
    if "<!doctype" in inner.lower():
        raise Invalid("xml_refused", what="DOCTYPE")
    mended = _mended(inner)
    _bounded(mended)
    root = _tree(mended)
    return next((one for one in elements(root) if name_of(one) in roots), root)


def elements(root: Element) -> Iterator[Element]:
    """All elements, in their order, without comments and instructions."""
    return (one for one in root.iter() if isinstance(one.tag, str))


def children(element: Element, name: str | None = None) -> list[Element]:
    """An element's own elements, of one name if given; names count without case and namespace."""
    found = (one for one in element if isinstance(one.tag, str))
    return [one for one in found if name is None or name_of(one) == name]


def name_of(element: Element) -> str:
    """The name without namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


def attribute(element: Element, name: str) -> str:
    """An attribute, its name without case; lower case, blank if it is not there."""
    for given, value in element.attrib.items():
        if str(given).rpartition("}")[2].lower() == name:
            return str(value).strip().lower()
    return ""


def text_of(element: Element | None) -> str | None:
    """All text inside, runs of blanks as one; ``None`` for none."""
    if element is None:
        return None
    words = " ".join("".join(element.itertext()).split())
    return words or None


def _cut(text: str, roots: frozenset[str]) -> str:
    """From the first of the known elements to the last of their ends: what mail programs put around
    it is dropped."""
    names = "|".join(sorted(roots, key=len, reverse=True))
    begin = re.search(rf"<(?:[\w.-]{{1,40}}:)?({names})(?=[\s>/])", text, re.IGNORECASE)
    if begin is None:
        raise Invalid("xml_unknown_root", expected=", ".join(sorted(roots)))
    last = 0
    for end in re.finditer(rf"</(?:[\w.-]{{1,40}}:)?{begin[1]}\s{{0,20}}>", text[begin.start() :], re.IGNORECASE):
        last = end.end()
    return text[begin.start() :][: last or None]


def _bounded(text: str) -> None:
    """Counts before anything is built: nesting and number of elements."""
    depth = 0
    outside = "".join(part for is_section, part in _sections(text) if not is_section)
    for count, tag in enumerate(re.finditer(r"<(/?)[A-Za-z_:\w][^<>]{0,2000}?(/?)>", outside)):
        depth += -1 if tag[1] else (0 if tag[2] else 1)
        if depth > DEEPEST or count >= MOST_ELEMENTS:
            raise Invalid("xml_refused", what="depth" if depth > DEEPEST else "size")


def _mended(text: str) -> str:
    """Entities of HTML become their signs, a lone ampersand is one, line breaks of HTML are blanks;
    sections of plain text stay as they are."""
    parts = _sections(_CONTROL.sub("", text))
    return "".join(part if is_section else _plain(part) for is_section, part in parts)


def _sections(text: str) -> Iterator[tuple[bool, str]]:
    """The text cut at its CDATA sections; looked for once, so that a thousand openings without an
    end cost nothing."""
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        yield False, text[at:start]
        yield True, text[start : end + 3]
        at = end + 3
    yield False, text[at:]


def _plain(part: str) -> str:
    return _ALONE.sub("&amp;", _NAMED.sub(_sign, _BREAKS.sub(" ", part)))


def _sign(found: re.Match[str]) -> str:
    if found[1].lower() in _OF_XML:
        return f"&{found[1].lower()};"
    sign = html.unescape(found[0])
    return f"&amp;{found[1]};" if sign == found[0] else html.escape(sign)


def _tree(text: str) -> Element:
    problem: Any = None
    for lenient in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            recover=lenient,
        )
        try:
            # Bytes: lxml refuses a text that declares an encoding of its own.
            root = etree.fromstring(text.encode(), parser)
        except etree.XMLSyntaxError as error:
            problem = problem or error
            continue
        if root is not None:
            return root
    raise Invalid("xml_unreadable", line=getattr(problem, "lineno", None) or 1)
