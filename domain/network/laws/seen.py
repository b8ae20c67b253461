"""Which state of an entry its speaker saw: nobody writes over what they have not seen."""

from __future__ import annotations

from cases.actors import staff_id
from domain.versions import Change, Changed, Versions
from store.leads.views import people_of
from store.network.keeping import history
from store.network.keeping.history import EntryChange
from store.session import Tx


async def as_expected(tx: Tx, kind: str, code: str, expected: Versions | None) -> None:
    """Raises ``Changed`` with every field that differs from what the speaker saw."""
    if expected is None:
        return
    version = await history.version(tx, kind, code)
    if expected.match(version):
        return
    seen = next((number for number in expected.numbers() if number < version), None)
    made = () if seen is None else await history.since(tx, kind, code, seen)
    known = await people_of(tx, [one.by for one in made])
    first, last = dict[str, EntryChange](), dict[str, EntryChange]()
    for line in made:
        for name in {**line.before, **line.after}:
            first.setdefault(name, line)
            last[name] = line
    found = [
        Change(name, first[name].before.get(name), line.after.get(name), line.at, known.get(staff_id(line.by)))
        for name, line in last.items()
        if first[name].before.get(name) != line.after.get(name)  # changed to and fro: as the speaker saw it
    ]
    raise Changed(version, {"changes": found})
