"""What the analysis can say about a table: every code, how grave it is, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple

from rules.feel import Value


class Severity(Enum):
    """``error``: some input cannot be decided; ``warning``: hardly meant; ``note``: worth
    knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(NamedTuple):
    """``means`` is one line in plain words, ``cure`` what the table's author can do."""

    severity: Severity
    means: str
    cure: str


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

CODES: Final[Mapping[str, Code]] = MappingProxyType(
    {
        "gap": Code(_WARNING, "no row covers an input", "Add a row for it, or a default output"),
        "nothing_collected": Code(
            _NOTE, "no row of a table with several results covers an input", "Add a row if there should be a result"
        ),
        "overlap": Code(_ERROR, "two rows apply at once where the hit policy allows one outcome", "Narrow one of them"),
        "contradiction": Code(
            _ERROR,
            "two rows have the same condition and different outputs, and the hit policy does not choose",
            "Delete one of them",
        ),
        "tie": Code(
            _WARNING,
            "two rows have the same condition and the same priority, and different outputs: only their order decides",
            "Delete one of them",
        ),
        "duplicate": Code(_WARNING, "two rows say the same", "Delete one of them"),
        "impossible": Code(_WARNING, "a row that no input can match", "Correct the cell, or delete the row"),
        "shadowed": Code(_WARNING, "a row of a First table that is always forestalled", "Move it up, or delete it"),
        "input_not_allowed": Code(
            _WARNING, "a cell names a value that is not allowed in its column", "Remove the value, or allow it"
        ),
        "output_not_allowed": Code(
            _ERROR, "an output is not among the output values", "Take a listed value, or add it to the list"
        ),
        "unknown": Code(_NOTE, "rows that compare with more than constants are not judged", "Try them with examples"),
        "bounded": Code(_NOTE, "the analysis was broken off: there may be more", "Cure what is named, and check again"),
    }
)
"""Documentation and screens are made from this table; a finding with a code that is not here fails
at once."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the author of a table should know.

    ``rows`` are row numbers from 1. ``example`` holds a value for each input of the decision and
    shows the finding when it is decided; it is None where there is nothing to show (``unknown``,
    ``bounded``). ``message`` says what and what to do.
    """

    code: str
    severity: Severity
    rows: tuple[int, ...]
    example: dict[str, Value] | None
    message: str


def finding(
    code: str,
    message: str,
    rows: tuple[int, ...] = (),
    example: dict[str, Value] | None = None,
    *,
    severity: Severity | None = None,
) -> Finding:
    """A finding about rows (numbered from 0, as the evaluators do), with its code's cure."""
    known = CODES[code]
    numbers = tuple(row + 1 for row in rows)
    return Finding(code, severity or known.severity, numbers, example, f"{message}. {known.cure}.")
