"""What is stored keeps dealers and people by their ids, for a code may be given to another; what
the API says names them by their codes.

The ids stay the truth inside: they are translated where a stored value leaves, so that old rows
read like new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from store.leads import views
from store.leads.views import Named
from store.session import Tx

_ACTOR = "staff:"


def coded(value: Any, names: Mapping[str, Named]) -> Any:
    """A stored value with the codes of those whose ids are anywhere in it; ``names`` are by id."""
    if isinstance(value, str):
        found = names.get(value.removeprefix(_ACTOR))
        return value if found is None else found.code
    if isinstance(value, Mapping):
        held = cast("Mapping[str, Any]", value)
        return {name: coded(one, names) for name, one in held.items()}
    if isinstance(value, (list, tuple)):
        return [coded(one, names) for one in cast("Iterable[Any]", value)]
    return value


async def in_codes(tx: Tx, value: Any) -> Any:
    """As ``coded``, by names that are looked up."""
    return coded(value, await views.named_in(tx, [value]))


async def meant(tx: Tx, given: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """Process variables as somebody corrects them, who names dealers and people by codes as they
    were shown: where there is an id now, a code means an id."""
    now = await views.named_in(tx, [present])
    said = {one for name, one in given.items() if present.get(name) in now and isinstance(one, str)}
    ids = await views.ids_of(tx, said)
    return {name: ids.get(one, one) if one in said and present.get(name) in now else one for name, one in given.items()}
