"""Every fact that a submission may say, declared once: ``Fact`` is what a declaration holds,
``FACTS`` are all of them.

Requests, files, tables, repeats, corrections, erasure and the reference are made from here
(docs/how-to/add-a-fact.md).
"""

from __future__ import annotations

from typing import Final

from cases.lead_facts.fact import Fact, Reads
from cases.lead_facts.person import PERSON
from cases.lead_facts.source import SOURCE
from cases.lead_facts.wish import WISH

__all__ = ["FACTS", "PLAIN", "Fact", "Reads"]

FACTS: Final = (*PERSON, *WISH, *SOURCE)
"""In the order of the template for files."""

PLAIN: Final = tuple(fact for fact in FACTS if fact.plain)
"""Those of which everything is made from the declaration."""
