"""What a diagram and those that it works with owe each other: every name that the one says, the
other has to know.

``Contracts`` are given by whoever knows what is deployed; without them nothing is said.
``landscape`` works out which variables each process has and what they may be, ``breaches`` are the
findings, a rule a function.
"""

from __future__ import annotations

from workflows.bpmn.contracts.breaches import breaches
from workflows.bpmn.contracts.known import Contracts

__all__ = ["Contracts", "breaches"]
