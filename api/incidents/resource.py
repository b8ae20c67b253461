"""Everything under ``/incidents``."""

from __future__ import annotations

from fastapi import APIRouter

from api.incidents import bulk, mend, show

router = APIRouter()
for part in (show, bulk, mend):
    router.include_router(part.router)
