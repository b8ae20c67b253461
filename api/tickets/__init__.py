"""Tickets: opened by people and channels, seen with their steps, raised by a further signal."""

from __future__ import annotations

from api.tickets.resource import router

__all__ = ["router"]
