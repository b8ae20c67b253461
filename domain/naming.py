"""The codes that people write for dealers, people, channels, models and regions; one of nothing
is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from cases.errors import FieldProblem, Invalid
from store.network import people
from store.network.network import Reference
from store.session import Tx


class Names:
    """Reads the codes of one request; ``check`` raises ``Invalid`` for all that are unknown, each
    by its field."""

    def __init__(self, network: Reference) -> None:
        self._network = network
        self._problems: list[FieldProblem] = []

    def check(self) -> None:
        if self._problems:
            raise Invalid("invalid_input", problems=tuple(self._problems))

    def channels(self, codes: Sequence[str]) -> list[str]:
        """The channels and everything below them."""
        below: dict[str | None, list[str]] = {}
        for channel in self._network.channels:
            below.setdefault(channel.parent, []).append(channel.code)
        known = {channel.code for channel in self._network.channels}
        found = dict.fromkeys(code for place, code in enumerate(codes) if self._known("channel", place, code in known))
        wanted = list(found)
        for code in wanted:  # it grows
            wanted += below.get(code, ())
        return list(dict.fromkeys(wanted))

    def models(self, codes: Sequence[str]) -> list[str]:
        return self._all_of("model", codes, self._network.model_codes)

    def regions(self, codes: Sequence[str]) -> list[str]:
        return self._all_of("region", codes, self._network.regions)

    async def dealers(self, tx: Tx, codes: Sequence[str]) -> list[UUID]:
        """The ids of dealers, active or not."""
        return self._ids("dealer", codes, await people.dealer_ids(tx, codes) if codes else {})

    async def people(self, tx: Tx, field: str, codes: Sequence[str]) -> list[UUID]:
        """The ids of people, active or not."""
        return self._ids(field, codes, await people.staff_ids(tx, codes) if codes else {}, "unknown_staff")

    def _all_of(self, field: str, codes: Sequence[str], known: Collection[str]) -> list[str]:
        return [code for place, code in enumerate(codes) if self._known(field, place, code in known)]

    def _ids(self, field: str, codes: Sequence[str], ids: Mapping[str, UUID], problem: str | None = None) -> list[UUID]:
        return [ids[code] for place, code in enumerate(codes) if self._known(field, place, code in ids, problem)]

    def _known(self, field: str, place: int, known: bool, problem: str | None = None) -> bool:
        if not known:
            self._problems.append(FieldProblem(f"{field}/{place}", problem or f"unknown_{field}"))
        return known
