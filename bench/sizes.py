"""How much each benchmark does: in full, quickly, or as the command line says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Size:
    """How much is done; a quick run shows that everything works and little more."""

    leads: int
    sent: int
    decisions: int
    past: int
    instances: int
    rounds: int
    storm: float
    """Seconds of each storm."""
    cases: int | None
    """How many of what would keep an API busy; None: all."""
    customers: int
    """Among whom one is sought."""
    many: int
    """Leads over which every screen is asked for, with five times as many lines of history."""
    files: tuple[int, ...]
    """Rows of files that are imported through the API."""
    long_files: tuple[int, ...]
    """Rows of files that are imported through a door that takes them at once."""
    steady: float
    """Seconds of requests at a steady rate."""
    sleepers: tuple[int, ...]
    """How many leads sleep."""
    idle: float
    """Seconds in which nothing is asked of them."""
    deadlines: int
    """How many are due at once after an outage."""
    outages: int
    outage: float
    """Seconds from the last instant until workers are back; above a minute deadlines count as
    late."""
    cache: int | None = None
    """Workflows that a worker keeps in memory; None: as many as by itself."""


FULL: Final = Size(
    leads=100,
    sent=200,
    decisions=10_000,
    past=100_000,
    instances=300,
    rounds=3,
    storm=10.0,
    cases=None,
    customers=1_000_000,
    many=2_000_000,
    files=(10_000, 100_000),
    long_files=(10_000, 100_000, 1_000_000),
    steady=30.0,
    sleepers=(1_000, 10_000, 50_000),
    idle=60.0,
    deadlines=20_000,
    outages=1,
    outage=90.0,
)
QUICK: Final = Size(
    leads=20,
    sent=50,
    decisions=1_000,
    past=2_000,
    instances=40,
    rounds=1,
    storm=2.0,
    cases=3,
    customers=10_000,
    many=10_000,
    files=(1_000,),
    long_files=(5_000, 20_000),
    steady=3.0,
    sleepers=(50, 100),
    idle=5.0,
    deadlines=60,
    outages=1,
    outage=5.0,
)
