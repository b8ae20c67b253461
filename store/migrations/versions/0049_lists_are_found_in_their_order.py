"""Inboxes are found in their order, tasks by their case's kind, notices by whom they were for.

Indexes of tasks end with the instant that inboxes are sorted by, those of a dealer's cases begin
with the kind. Notices are in one index each, by person or by role. How often a lead was lost for
which reason is known to the planner: an index with a condition does not tell it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_DUE = sa.text("coalesce(due_at, '9999-01-01 00:00:00+00'::timestamptz)")
_TASKS = (("inbox", "owner_id"), ("queue", "role"), ("dealer", "dealer_id"))


def upgrade() -> None:
    op.execute("ALTER TABLE tasks ADD COLUMN case_kind text NOT NULL DEFAULT 'lead'")
    op.execute("UPDATE tasks SET case_kind = kept.kind FROM cases kept WHERE kept.id = case_id AND kept.kind <> 'lead'")
    op.alter_column("tasks", "case_kind", server_default=None)
    for name, column in _TASKS:
        op.drop_index(f"ix_tasks_{name}", "tasks")
        op.create_index(f"ix_tasks_{name}", "tasks", [column, "status", _DUE])
    op.create_index(
        "ix_tasks_case_kind", "tasks", ["case_kind", "status", _DUE], postgresql_where=sa.text("case_kind <> 'lead'")
    )
    op.drop_index("ix_cases_dealer", "cases")
    op.create_index("ix_cases_dealer", "cases", ["dealer_id", "kind", "opened_at"])
    for to in ("to_staff_id", "to_role"):
        op.drop_index(f"ix_notifications_{to}", "notifications")
        told = sa.text(f"{to} IS NOT NULL")
        op.create_index(f"ix_notifications_{to}", "notifications", [to, "created_at", "id"], postgresql_where=told)
    op.create_index(
        "ix_notifications_of_roles", "notifications", ["case_id"], postgresql_where=sa.text("to_role IS NOT NULL")
    )
    op.create_index(
        "ix_deliveries_staff_id", "deliveries", ["staff_id"], postgresql_where=sa.text("staff_id IS NOT NULL")
    )
    op.execute("CREATE STATISTICS st_leads_closing_reason ON (closing ->> 'reason') FROM leads")
    op.execute("ANALYZE leads")


def downgrade() -> None:
    op.execute("DROP STATISTICS st_leads_closing_reason")
    op.drop_index("ix_deliveries_staff_id", "deliveries")
    op.drop_index("ix_notifications_of_roles", "notifications")
    for to in ("to_staff_id", "to_role"):
        op.drop_index(f"ix_notifications_{to}", "notifications")
        op.create_index(f"ix_notifications_{to}", "notifications", [to, "created_at", "id"])
    op.drop_index("ix_cases_dealer", "cases")
    op.create_index("ix_cases_dealer", "cases", ["dealer_id", "opened_at"])
    op.drop_index("ix_tasks_case_kind", "tasks")
    for (name, column), last in zip(_TASKS, (["due_at"], ["due_at"], []), strict=True):
        op.drop_index(f"ix_tasks_{name}", "tasks")
        op.create_index(f"ix_tasks_{name}", "tasks", [column, "status", *last])
    op.drop_column("tasks", "case_kind")
