"""What a fact of a lead is declared by: all that requests, files, screens and tables need to know
of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.signatures import Field


class Reads(StrEnum):
    """By which reader a cell becomes a value, and so what the value is (``domain.leads.plain``)."""

    OWN = "own"  # by code of its own: it needs the network, looks at other cells, or becomes several columns
    TEXT = "text"
    NUMBER = "number"  # whole, not negative
    FLAG = "flag"
    PLATE = "plate"


_KINDS: Final = {Reads.TEXT: "string", Reads.NUMBER: "number", Reads.FLAG: "boolean", Reads.PLATE: "string"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a submission may say of a lead, its customer or where it comes from.

    A *plain* one (``reads`` is not ``OWN``) is one column of ``leads``, named ``column`` or as the
    fact, and needs nothing but this declaration and a migration for the column. For the others the
    declaration holds what files, repeats, the outbound call and the reference go by; their columns
    and readers are where these are.
    """

    name: str
    zh: str
    en: str
    headings: str = ""
    """Over a column of a file, Chinese, between blanks; of several columns the one named first here
    wins."""
    titles: str = ""
    """The same in English, between bars."""
    reads: Reads = Reads.OWN
    columns: tuple[str, ...] = ()
    """Of ``leads``; a plain fact's is named like it if not given. None: it is kept elsewhere."""
    about: str = ""
    """For the API's description."""
    example: str = ""
    """As somebody types it, readable."""
    word: str = ""
    """Over its column in the template and in messages of the importer; without it the first
    heading."""
    personal: bool = True
    """The customer's own words or known by them: shown to those who work on the lead, blanked by an
    erasure, never in the history's data."""
    asked: bool = True
    """The outbound call asks for it where it could not be read."""
    corrected: bool = True
    """People may correct it, and the correction is kept (``customer_edits``); else it is locked."""
    newest: bool = True
    """In a repeat the newest word wins (decision 0034)."""
    held: bool = False
    """… but stays once a dealer works on the lead."""

    def __post_init__(self) -> None:
        if self.plain and not self.columns:
            object.__setattr__(self, "columns", (self.name,))

    @property
    def plain(self) -> bool:
        """Whether requests, tables and screens are made from the declaration."""
        return self.reads is not Reads.OWN

    @property
    def field(self) -> Field:
        """As kinds of case declare their facts (``cases.kind``): it says nothing that is not said
        here."""
        return Field(self.name, _KINDS.get(self.reads, "any"))

    @property
    def column(self) -> str:
        """The only column of a plain fact."""
        return self.columns[0]

    @property
    def heading(self) -> str:
        """The word for it over a column."""
        return self.word or self.headings.partition(" ")[0]
