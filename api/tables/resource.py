"""Everything under ``/tables``."""

from __future__ import annotations

from fastapi import APIRouter

from api.tables import checks, comments, compare, drafts, editing, history, publish, show

router = APIRouter()
for part in (checks, show, compare, history, drafts, editing, comments, publish):
    router.include_router(part.router)
