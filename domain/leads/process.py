"""What leads run on."""

from __future__ import annotations

from typing import Final

PROCESS: Final = "lead"
"""The key of the process that every new lead starts; its newest version counts."""
