"""Which tables say that they have got rows, so that nobody has to look at them again and again.

A trigger of each (migration 0042) names its table on one channel when the transaction commits; the
same name twice in one transaction is said once. Notices of leads are looked for instead: PostgreSQL
lets transactions that say something commit one after the other, and every lead's would.
"""

from __future__ import annotations

from typing import Final

CHANNEL: Final = "baton_news"
"""The NOTIFY channel; what is said on it is a table's name."""

BACKTESTS: Final = "backtests"
BATCHES: Final = "batches"
DEFINITIONS: Final = "process_definitions"
DEPARTURES: Final = "departures"
