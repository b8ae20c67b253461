"""What happened, what people are told and why, in their words: plain tables, a row a code, Chinese
and English.

A code never changes its meaning once it is in a database.
"""

from cases.messages.notices import NOTIFICATIONS
from cases.messages.reasons import BRIEFLY, CANDIDATES, CANNOT_SAY, EXPLAINED, RULED_OUT
from cases.messages.table_events import TABLE_EVENTS
from cases.messages.timeline import TIMELINE
from cases.messages.words import Language, Words, chosen, say

__all__ = [
    "BRIEFLY",
    "CANDIDATES",
    "CANNOT_SAY",
    "EXPLAINED",
    "NOTIFICATIONS",
    "RULED_OUT",
    "TABLE_EVENTS",
    "TIMELINE",
    "Language",
    "Words",
    "chosen",
    "say",
]
