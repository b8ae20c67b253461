"""What was refused and belongs to no customer: found by a contact that stands in it, emptied, kept
for a time (F3).

Verdict, channel, reasons and instants stay, so that what came in stays countable.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ARRAY, DateTime, Integer, Text, bindparam, text

from store.session import Tx

_EMPTIED = "raw = '{}', trace = NULL, fingerprint = NULL, campaign = NULL, external_id = NULL"

# A row from before traces were kept is searched as it was sent.
_FORGET = text(
    f"""
    UPDATE submissions SET {_EMPTIED}
    WHERE verdict = 'rejected' AND raw <> '{{}}' AND (
        coalesce(trace, regexp_replace(normalize(raw::text, NFKC), '[^0-9]', '', 'g')) LIKE ANY (:digits)
        OR coalesce(trace, lower(normalize(raw::text, NFKC))) ~ ANY (:words))
    """
).bindparams(bindparam("digits", type_=ARRAY(Text)), bindparam("words", type_=ARRAY(Text)))

_OLD = text(
    f"""
    UPDATE submissions SET {_EMPTIED} WHERE id IN (
        SELECT id FROM submissions WHERE verdict = 'rejected' AND raw <> '{{}}' AND received_at < :before
        ORDER BY received_at LIMIT :most FOR UPDATE SKIP LOCKED)
    """
).bindparams(bindparam("before", type_=DateTime(timezone=True)), bindparam("most", type_=Integer))


async def forget(tx: Tx, digits: Sequence[str], words: Sequence[str]) -> int:
    """Empties every refused submission in which one of these numbers or words stands
    (``cleaning.trace``); how many."""
    values = {"digits": [f"%{one}%" for one in digits], "words": list(words)}
    return int((await tx.session.execute(_FORGET, values)).rowcount)  # type: ignore[attr-defined]


async def empty_old(tx: Tx, before: datetime, most: int) -> int:
    """Empties so many of those that came before an instant, the oldest first; how many that
    were."""
    return int((await tx.session.execute(_OLD, {"before": before, "most": most})).rowcount)  # type: ignore[attr-defined]
