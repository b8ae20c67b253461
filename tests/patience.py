"""Bounds for tests that are not about shedding: on a busy machine nobody is sent away."""

from __future__ import annotations

from dataclasses import replace

from api.admission import bounds
from api.app import CONNECTIONS

PATIENT = {kind: replace(bound, queue=1_000, seconds=100.0) for kind, bound in bounds(CONNECTIONS).items()}
