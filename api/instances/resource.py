"""All that can be asked of instances, under one tag."""

from __future__ import annotations

from fastapi import APIRouter

from api.instances import heat, search, show

router = APIRouter()
router.include_router(search.router)
router.include_router(show.router)
router.include_router(heat.router)
