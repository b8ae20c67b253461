"""The declarative base and the column types that all tables share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

from cases.ids import new_id
from cases.lead_facts import Reads

Id = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
CaseId = Annotated[UUID, mapped_column(ForeignKey("cases.id"), index=True)]
LeadId = Annotated[UUID, mapped_column(ForeignKey("leads.id"), index=True)]
Code = Annotated[str, mapped_column(Text)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Updated = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=text("now()"))]
"""When the row was last changed, on the database's clock: a trigger of the table sets it
(``touch``)."""
Codes = Annotated[list[str], mapped_column(ARRAY(Text), default=list, server_default="{}")]
JsonObject = Annotated[dict[str, Any], mapped_column(JSONB, default=dict, server_default="{}")]
JsonList = Annotated[list[Any], mapped_column(JSONB, default=list, server_default="[]")]


def plain_column(reads: Reads) -> MappedColumn[Any]:
    """The column of a plain fact; a flag of which nothing was said is none."""
    if reads is Reads.FLAG:
        return mapped_column(Boolean, default=False, nullable=False)
    return mapped_column(Integer if reads is Reads.NUMBER else Text, nullable=True)


NEVER = "'9999-01-01 00:00:00+00'::timestamptz"
"""Stands for "no such instant" in the order of a list, in SQL: what indexes and orders say has to
be the same."""


class Base(DeclarativeBase):
    """All tables. Constraint names are fixed so that migrations can name what they drop."""

    if TYPE_CHECKING:
        # Declared wider than it is, which insert() and update() refuse.
        __table__: ClassVar[Table]  # pyright: ignore[reportIncompatibleVariableOverride]

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
