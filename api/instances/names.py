"""What elements are called in the diagrams: an instance keeps ids, people read names."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from api.aside import TooCostly
from api.context import Call
from api.processes.comparing import names_in
from cases.errors import NotFound, Unavailable
from store.session import Tx
from store.tables import definitions
from store.tables.definitions import ProcessVersion

Names = Mapping[str, str]
"""Element id → name."""

MOST_KNOWN: Final = 64
_known: OrderedDict[str, Mapping[str, Names]] = OrderedDict()


async def of_versions(call: Call, tx: Tx, versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Names]:
    """The names of all elements of some versions (key, version); none for what is not there or
    cannot be read."""
    found: dict[tuple[str, int], Names] = {}
    for key, version in sorted(set(versions)):
        try:
            deployed = await definitions.process(tx, key, version)
        except NotFound:
            found[key, version] = {}
        else:
            found[key, version] = (await _names(call, deployed)).get(key, {})
    return found


async def _names(call: Call, deployed: ProcessVersion) -> Mapping[str, Names]:
    if deployed.sha256 not in _known:
        try:
            _known[deployed.sha256] = await call.aside(names_in, deployed.xml)
        except (TooCostly, Unavailable):  # names are for the eye; the instance is shown without
            return {}
        if len(_known) > MOST_KNOWN:
            _known.popitem(last=False)
    _known.move_to_end(deployed.sha256)
    return _known[deployed.sha256]
