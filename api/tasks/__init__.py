"""Tasks of all kinds: the inbox, a task with its form, and the one door that completes it."""

from __future__ import annotations

from fastapi import APIRouter

from api.tasks import completing, listing, sheet

router = APIRouter()
for part in (listing, sheet, completing):
    router.include_router(part.router)
