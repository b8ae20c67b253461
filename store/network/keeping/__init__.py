"""The network set up and kept: entries of every kind are read, checked against the network's laws
and written in bulk.

``keep`` does all of it in the caller's transaction; who asks, and in which form, is the caller's
business.
"""

from store.network.keeping.bulk import Bulk, keep_all
from store.network.keeping.keeper import EntryOutcome, Removed, Wanted, confirm_year, hold, keep, remove
from store.network.keeping.kinds import KINDS, EntryKind, KeptKind
from store.network.keeping.rows import entries, entry

__all__ = [
    "KINDS",
    "Bulk",
    "EntryKind",
    "EntryOutcome",
    "KeptKind",
    "Removed",
    "Wanted",
    "confirm_year",
    "entries",
    "entry",
    "hold",
    "keep",
    "keep_all",
    "remove",
]
