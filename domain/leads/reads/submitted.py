"""What came in, with its verdict: head office sees all of it, also what was refused (A2, E1)."""

from __future__ import annotations

from domain.reach import HEAD_OFFICE, Speaking, the_person, with_role
from store.leads import submissions
from store.leads.submissions import SubmissionFilters, SubmissionLine
from store.listing import Rows, Window
from store.session import Tx


async def submitted(
    tx: Tx, speaker: Speaking, filters: SubmissionFilters, window: Window, order: str
) -> Rows[SubmissionLine]:
    """Submissions as they were sent. Raises ``Forbidden``."""
    with_role(the_person(speaker), HEAD_OFFICE)
    return await submissions.listed(tx, filters, window, order)
