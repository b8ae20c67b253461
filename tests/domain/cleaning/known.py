"""A car model without a store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownModel:
    """As ``cleaning.Known`` wants it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
