"""Our own JSON as XML: an element a field, repeated for a list; answers the same way."""

from __future__ import annotations

from typing import Any, Final

from api.media.markup import Element, children, etree, name_of, text_of

ROOTS: Final = frozenset({"lead", "leads"})

Row = dict[str, Any]


def leads(root: Element) -> list[Row]:
    """The rows of ``<lead>`` or ``<leads><lead/>…</leads>``."""
    found = children(root, "lead") if name_of(root) == "leads" else [root]
    return [_object(one) for one in found]


def _object(element: Element) -> Row:
    found: dict[str, list[Any]] = {}
    for one in children(element):
        value = _object(one) if children(one) else text_of(one)
        if value is not None:
            found.setdefault(name_of(one), []).append(value)
    return {name: _unpacked(values) for name, values in found.items()}


def _unpacked(values: list[Any]) -> Any:
    """One value is no list; levels inside one element (``<channel><level>…``) are one."""
    if len(values) > 1:
        return values
    only = values[0]
    if isinstance(only, dict) and len(only) == 1 and next(iter(only)) in ("level", "item", "purpose"):  # pyright: ignore[reportUnknownArgumentType]
        inner = next(iter(only.values()))  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
        return inner if isinstance(inner, list) else [inner]  # pyright: ignore[reportUnknownVariableType]
    return only


def written(value: Any, name: str, namespace: str | None = None) -> bytes:
    """An answer as XML: an element a member, ``<item>`` for those of a list; what is not there is
    left out."""
    root = etree.Element(name, nsmap={None: namespace} if namespace else None)
    _fill(root, value)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            if inner is not None:
                _fill(etree.SubElement(element, str(name)), inner)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for inner in value:  # pyright: ignore[reportUnknownVariableType]
            _fill(etree.SubElement(element, "item"), inner)
    else:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)
