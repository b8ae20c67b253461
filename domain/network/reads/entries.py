"""Entries of the network as they are."""

from __future__ import annotations

from typing import Any

from cases.errors import NotFound
from domain.network.forms import FORMS
from domain.network.laws.reach import head_office
from domain.reach import Speaking
from store.network.keeping import KINDS, history
from store.network.keeping import entries as kept_entries
from store.network.keeping import entry as kept_entry
from store.session import Tx


async def entry(tx: Tx, speaker: Speaking, kind: str, code: str) -> tuple[dict[str, Any], int]:
    """An entry's fields, and its version. Raises ``NotFound``, and ``Forbidden`` where only head
    office reads them."""
    _may_read(speaker, kind)
    values = await kept_entry(tx, KINDS[kind], code)
    if values is None:
        raise nowhere(kind, code)
    return {"code": code} | values, await history.version(tx, kind, code)


async def entries(tx: Tx, speaker: Speaking, kind: str) -> list[dict[str, Any]]:
    """All entries of a kind, by code. Raises ``Forbidden`` where only head office reads them."""
    _may_read(speaker, kind)
    found = await kept_entries(tx, KINDS[kind])
    return [{"code": code} | values for code, values in found.items()]


def nowhere(kind: str, code: str) -> NotFound:
    """No such entry."""
    return NotFound("entry_not_found", kind=kind, entry=code)


def _may_read(speaker: Speaking, kind: str) -> None:
    if FORMS[kind].private:
        head_office(speaker)
