"""What happened, what people are told and why, in their words: plain tables, a row a code, a column
each for Chinese and English; further languages are files (docs/how-to/add-a-language.md).
"""

from cases.messages.languages import LANGUAGES, Language
from cases.messages.notices import NOTIFICATIONS
from cases.messages.reasons import BRIEFLY, CANDIDATES, CANNOT_SAY, EXPLAINED, RULED_OUT
from cases.messages.table_events import TABLE_EVENTS
from cases.messages.timeline import TIMELINE
from cases.messages.words import Words, catalogue, chosen, say

__all__ = [
    "BRIEFLY",
    "CANDIDATES",
    "CANNOT_SAY",
    "EXPLAINED",
    "LANGUAGES",
    "NOTIFICATIONS",
    "RULED_OUT",
    "TABLE_EVENTS",
    "TIMELINE",
    "Language",
    "Words",
    "catalogue",
    "chosen",
    "say",
]
