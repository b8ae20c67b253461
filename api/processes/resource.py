"""Everything under ``/processes``."""

from __future__ import annotations

from fastapi import APIRouter

from api.processes import compare, deploy, rehearse, show

router = APIRouter()
for part in (show, deploy, compare, rehearse):
    router.include_router(part.router)
