"""A file that must not decide: with all that its review found."""

from __future__ import annotations

from cases.errors import Invalid
from domain.policy.review import Review


class TableRefused(Invalid):
    """``found`` is why: each problem is told in the reader's language."""

    def __init__(self, code: str, found: Review) -> None:
        super().__init__(code)
        self.found = found
