"""A task as lists and sheets show it, for the documentation."""

from __future__ import annotations

from typing import Any

TASK: dict[str, Any] = {
    "id": "5f2b8c1e-9a43-5d10-8c67-2f4a6b8d0e12",
    "case_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "case_kind": "lead",
    "case_number": None,
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "kind": "first_follow_up",
    "element": "work",
    "role": "consultant",
    "status": "open",
    "dealer": {"code": "BJ01", "name": "北京翔鹰斯巴鲁4S店"},
    "owner": {"code": "BJ01-C1", "name": "李晓东"},
    "opened_at": "2026-11-21T08:00:01Z",
    "due_at": "2026-11-22T08:00:01Z",
    "held_until": None,
    "closed_at": None,
    "outcome": None,
    "why": None,
    "late": False,
    "overdue": False,
    "updated_at": "2026-11-21T08:00:01Z",
    "customer_name": "华桂珍",
    "model": "outback",
    "grade": "A",
    "level": "A",
    "lamp": "green",
    "contact": {"call": "no", "hours": [], "since": "2026-11-21T08:00:00Z", "said": "请勿致电，微信联系"},
}
