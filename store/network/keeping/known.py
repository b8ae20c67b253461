"""The network as an entry finds it: what is there, and what the entries before it have added or
changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text

from cases.states import ENDED, Role
from store.network.keeping import rows
from store.network.keeping.kinds import KINDS, Values
from store.session import Tx

_NEEDS = {
    "cities": ("regions",),
    "places": ("regions",),
    "models": ("models",),
    "channels": ("channels",),
    "dealers": ("regions", "models", "dealers"),
    "staff": ("regions", "models", "dealers"),
    "absences": ("staff",),
    "contact-points": ("staff", "contact-points"),
    "closures": ("dealers",),
    "hours": ("dealers", "regions", "hours"),
}
"""Kind: those that its laws look at, whole."""

_OPEN = f"status <> ALL ('{{{','.join(sorted(ENDED))}}}')"
"""As in SQL: a lead that is not at an end of its life."""

_OPEN_OF = {
    "dealers": text(
        "SELECT x.code, l.id FROM dealers x JOIN cases l ON l.kind = 'lead' AND l.dealer_id = x.id"
        f" WHERE x.code = ANY (:codes) AND l.{_OPEN} ORDER BY l.id"
    ),
    "staff": text(
        "SELECT x.code, l.id FROM staff x JOIN cases l ON l.kind = 'lead' AND l.owner_id = x.id"
        f" WHERE x.code = ANY (:codes) AND l.{_OPEN} ORDER BY l.id"
    ),
}
_HOLDERS = text(
    "SELECT certificate, count(*) FROM (SELECT unnest(certificates) FROM dealers UNION ALL"
    " SELECT unnest(certificates) FROM staff) AS held (certificate) GROUP BY certificate"
)
_HEAD_OFFICE = text("SELECT code FROM staff WHERE role = :role AND active")


def plain(name: str) -> str:
    """A name as it is compared: without case and blanks."""
    return "".join(name.split()).casefold()


@dataclass(slots=True)
class Known:
    """``entries``: by kind and code. ``open_leads``: ids of the leads of dealers and people that
    are asked about.

    ``holders``: how many dealers and people hold a certificate. ``head_office``: its active people,
    by their codes.
    """

    entries: dict[str, dict[str, Values]]
    open_leads: dict[str, dict[str, list[UUID]]] = field(default_factory=dict[str, dict[str, list[UUID]]])
    holders: dict[str, int] = field(default_factory=dict[str, int])
    head_office: set[str] = field(default_factory=set[str])
    _weeks: dict[tuple[Any, ...], str] | None = None
    _names: dict[str, dict[str, set[str]]] = field(default_factory=dict[str, dict[str, set[str]]])

    def meant(self, kind: str, written: str) -> set[str]:
        """The codes that are meant by a code, else by a name (of a car model also another
        spelling)."""
        if written in self.entries[kind]:
            return {written}
        if kind not in self._names:
            self._names[kind] = {}
            for code, values in self.entries[kind].items():
                self._name(kind, code, values)
        return self._names[kind].get(plain(written), set())

    def add(self, kind: str, code: str, values: Values) -> None:
        """From now on the entry is so."""
        if kind in self.entries:
            was = self.entries[kind].get(code)
            self.entries[kind][code] = values
            if kind == "hours" and self._weeks is not None:
                if was is not None:
                    self._weeks.pop(_party_and_day(was), None)
                self._weeks[_party_and_day(values)] = code
            if kind in self._names:
                self._name(kind, code, values)

    def same_hours(self, values: Values) -> str | None:
        """The hours that are kept for the same party from the same day on."""
        if self._weeks is None:
            self._weeks = {_party_and_day(one): code for code, one in self.entries["hours"].items()}
        return self._weeks.get(_party_and_day(values))

    def certificates(self) -> set[str]:
        """What selling some model takes."""
        return {one["certificate"] for one in self.entries["models"].values() if one["certificate"]}

    def leads_of(self, kind: str, code: str) -> list[UUID]:
        return self.open_leads.get(kind, {}).get(code, [])

    def _name(self, kind: str, code: str, values: Values) -> None:
        for name in (values["name"], *values.get("aliases", ())):
            self._names[kind].setdefault(plain(name), set()).add(code)


def _party_and_day(values: Values) -> tuple[Any, ...]:
    return values["team"], values["dealer"], values["region"], values["valid_from"]


async def look(tx: Tx, kinds: Iterable[str]) -> Known:
    """What the laws of these kinds look at."""
    kinds = set(kinds)
    needed = {one for kind in kinds for one in _NEEDS.get(kind, ())}
    known = Known({kind: await rows.entries(tx, KINDS[kind]) for kind in KINDS if kind in needed})
    if "models" in kinds:
        known.holders = {certificate: count for certificate, count in await tx.session.execute(_HOLDERS)}
    if "staff" in kinds:
        known.head_office = set(await tx.session.scalars(_HEAD_OFFICE, {"role": Role.HQ}))
    return known


async def count_leads(tx: Tx, known: Known, kind: str, codes: Collection[str]) -> None:
    """Looks up the open leads of these dealers or people."""
    if not codes or kind not in _OPEN_OF:
        return
    found = known.open_leads.setdefault(kind, {})
    for code, lead_id in await tx.session.execute(_OPEN_OF[kind], {"codes": list(codes)}):
        found.setdefault(code, []).append(lead_id)
