"""What is wrong with a request as a whole, by the answer's code; a module a subject."""

from __future__ import annotations

from cases.messages.problems.callers import CALLERS
from cases.messages.problems.intake import INTAKE
from cases.messages.problems.leads import LEADS
from cases.messages.problems.network import NETWORK
from cases.messages.problems.requests import REQUESTS
from cases.messages.problems.rounds import ROUNDS
from cases.messages.problems.sought import SOUGHT
from cases.messages.problems.tables import TABLES
from cases.messages.text import Text
from cases.messages.words import catalogue

_PROBLEMS: dict[str, Text] = {
    **REQUESTS,
    **CALLERS,
    **SOUGHT,
    **LEADS,
    **TABLES,
    **NETWORK,
    **INTAKE,
    **ROUNDS,
}
PROBLEMS = catalogue("problems", _PROBLEMS)
"""All of them."""
