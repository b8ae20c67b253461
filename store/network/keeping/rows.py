"""Entries of the network as rows: read by their codes, written many in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB

from cases.ids import new_id
from store.models import Dealer, Staff
from store.network.keeping.kinds import KINDS, Field, KeptKind, Values
from store.session import Tx

_OWNERS: Mapping[str, Any] = {"dealer_id": Dealer.__table__, "staff_id": Staff.__table__}
"""Columns that hold an id where people say a code, and whose."""


async def entries(tx: Tx, kind: KeptKind, codes: Collection[str] | None = None) -> dict[str, Values]:
    """The entries of these codes, or all, by code in its order."""
    query = _query(kind)
    key = kind.table.c[kind.key]
    if codes is not None:
        keys = [as_key(kind, code) for code in codes]
        query = query.where(key.in_([one for one in keys if one is not None]))
    names = [one.name for one in kind.fields]
    found = (await tx.session.execute(query.order_by(key))).all()
    return {str(row[0]): {name: _plain(value) for name, value in zip(names, row[1:], strict=True)} for row in found}


async def entry(tx: Tx, kind: KeptKind, code: str) -> Values | None:
    """One entry."""
    return (await entries(tx, kind, [code])).get(code)


async def write(tx: Tx, kind: KeptKind, changed: Mapping[str, Values]) -> None:
    """Adds or changes entries, all in one statement: its triggers see the network before and after,
    nothing between."""
    if changed:
        ids = await _ids_of_owners(tx, kind, changed.values())
        rows = [_row(kind, code, values, ids) for code, values in changed.items()]
        await tx.session.execute(_UPSERTS[kind.name], {"rows": rows})


async def _ids_of_owners(tx: Tx, kind: KeptKind, entries: Iterable[Values]) -> dict[str, UUID]:
    """The ids behind the codes of dealers or people in these entries; a kind names one of the
    two."""
    field = _owner(kind)
    codes = {values[field.name] for values in entries if values[field.name]} if field else set[str]()
    if field is None or not codes:
        return {}
    owners = _OWNERS[field.column].c
    found = await tx.session.execute(select(owners.code, owners.id).where(owners.code.in_(codes)))
    return {code: identity for code, identity in found}


def _owner(kind: KeptKind) -> Field | None:
    return next((one for one in kind.fields if one.column in _OWNERS), None)


def _query(kind: KeptKind) -> Select[Any]:
    columns = kind.table.c
    shown = [
        _OWNERS[one.column].c.code if one.column in _OWNERS else columns[one.column or one.name] for one in kind.fields
    ]
    query = select(columns[kind.key], *shown)
    field = _owner(kind)
    if field is not None:
        owners = _OWNERS[field.column]
        query = query.outerjoin_from(kind.table, owners, owners.c.id == columns[field.column])
    return query


def as_key(kind: KeptKind, code: str) -> Any:
    """A code as its column holds it; None for one that no entry of the kind can have."""
    if kind.key != "day":
        return code
    try:
        day = date.fromisoformat(code)
    except ValueError:
        return None
    return day if day.isoformat() == code and 2000 <= day.year < 2100 else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _row(kind: KeptKind, code: str, values: Values, owners: Mapping[str, UUID]) -> dict[str, Any]:
    row: dict[str, Any] = {kind.key: code}
    for one in kind.fields:
        value = values[one.name]
        if one.column in _OWNERS:
            value = None if value is None else str(owners[value])
        row[one.column or one.name] = value
    if kind.identified:
        row["id"] = str(new_id())  # that of an entry that is there already stays
    if kind.name == "channels":
        row["level"] = values["level"]
    return row


def _upsert(kind: KeptKind) -> Any:
    fields = [one.column or one.name for one in kind.fields]
    columns = ["id"] * kind.identified + [kind.key] + ["level"] * (kind.name == "channels") + fields
    listed = ", ".join(columns)
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in fields)
    return text(
        f"INSERT INTO {kind.table.name} ({listed})"
        f" SELECT {listed} FROM jsonb_populate_recordset(NULL::{kind.table.name}, :rows)"
        f" ON CONFLICT ({kind.key}) DO UPDATE SET {changes}"
    ).bindparams(bindparam("rows", type_=JSONB))


def _upserts(kinds: Iterable[KeptKind]) -> dict[str, Any]:
    return {kind.name: _upsert(kind) for kind in kinds}


_UPSERTS = _upserts(KINDS.values())
