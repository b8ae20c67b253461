"""Back-tests as the API's document shows them."""

from __future__ import annotations

from typing import Any

BACKTEST: dict[str, Any] = {
    "id": "0192f0c1-2b3d-7e11-8a00-00000000bac7",
    "key": "grade",
    "draft": "0192f0c1-2b3d-7e11-8a00-00000000d0af",
    "revision": 3,
    "version": None,
    "since": "2026-10-01T00:00:00Z",
    "until": "2026-11-01T00:00:00Z",
    "state": "done",
    "asked_at": "2026-11-21T08:00:00Z",
    "asked_by": {"code": "HQ-01", "name": "周丽"},
    "progress": {"done": 41200, "total": 41200, "seconds": 6.2, "per_second": 6645.2},
    "problem": None,
}
_DEADLINE: dict[str, Any] = {
    "code": "next_follow_up",
    "text": "再次跟进",
    "was": {"met": 5210, "missed": 312},
    "would": {"met": 5255, "missed": 267},
    "newly_met": 45,
    "newly_missed": 0,
}
WHOLE: dict[str, Any] = {
    "backtest": BACKTEST,
    "totals": {
        "leads": 9120,
        "leads_changed": 371,
        "decisions": 10400,
        "followed": 1480,
        "changed": {"grade": 371, "consultant": 88, "deadline": 190},
        "cells": [{"output": "grade", "old": "A", "new": "B", "count": 371}],
        "dealers": [
            {
                "who": {"code": "BJ01", "name": "北京朝阳店"},
                "was": 812,
                "would": 840,
                "difference": 28,
                "peak": {"was": 41, "would": 52, "capacity": 50, "days_over_was": 0, "days_over_would": 2},
            }
        ],
        "consultants": [
            {"who": {"code": "BJ01-C1", "name": "王芳"}, "was": 140, "would": 121, "difference": -19, "peak": None}
        ],
        "deadlines": [_DEADLINE],
        "dealer_deadlines": [_DEADLINE | {"code": "BJ01", "text": "北京朝阳店"}],
        "unknown": [
            {
                "code": "other_dealer",
                "text": "原经销商不再持有线索，新经销商会分给谁无从得知",
                "count": 12,
                "example": None,
            }
        ],
        "problems": [
            {
                "code": "input_refused",
                "text": "该版本不接受决策的某个输入值",
                "count": 1,
                "example": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
            }
        ],
    },
}
CHANGE: dict[str, Any] = {
    "decision_id": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "at": "2026-10-11T02:10:00Z",
    "table": "grade",
    "kind": "grade",
    "text": "级别",
    "was": "A",
    "would": "B",
    "dealer": None,
    "old": {"grade": "A", "reason": "within_15_days"},
    "new": {"grade": "B", "reason": "within_30_days"},
}
