"""What is wrong with a request as a whole, by the answer's code; a module a subject."""

from __future__ import annotations

from api.texts.problems.callers import CALLERS
from api.texts.problems.intake import INTAKE
from api.texts.problems.leads import LEADS
from api.texts.problems.network import NETWORK
from api.texts.problems.requests import REQUESTS
from api.texts.problems.sought import SOUGHT
from api.texts.problems.tables import TABLES
from api.texts.text import Text

PROBLEMS: dict[str, Text] = {
    **REQUESTS,
    **CALLERS,
    **SOUGHT,
    **LEADS,
    **TABLES,
    **NETWORK,
    **INTAKE,
}
"""All of them."""
