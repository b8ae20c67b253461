"""Chinese words for a problem that another part states in English."""

from __future__ import annotations

from typing import NamedTuple


class Zh(NamedTuple):
    """What is wrong, and what to do about it, in Chinese."""

    message: str
    cure: str
