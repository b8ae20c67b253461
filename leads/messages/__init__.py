"""What happened, what people are told and why, in their words: plain tables, a row a code, Chinese and English.

A code never changes its meaning once it is in a database.
"""

from leads.messages.notices import NOTIFICATIONS
from leads.messages.reasons import BRIEFLY, CANDIDATES, CANNOT_SAY, EXPLAINED, RULED_OUT
from leads.messages.table_events import TABLE_EVENTS
from leads.messages.timeline import TIMELINE
from leads.messages.words import Language, Words, say

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
    "say",
]
