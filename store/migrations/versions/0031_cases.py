"""What the engine keeps hangs on a case: any kind of thing that has a process; a lead is one kind.

Each lead gets the case of its own id, with what the engine needs of it. Nothing else about it changes: a worker that
carries a life on sees the same numbers, places and messages.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

REFERRING = ("outbox", "executed_steps", "instances", "batch_items")
SOUGHT = (
    *("tasks", "sla_clocks", "notifications", "timeline"),
    *("decisions", "incidents", "shadow_lines", "backtest_lines"),
)
"""Tables with an index of the column."""
MOVED = "process_key, process_version, process_sha256, place, settled_at, message_seq"


def upgrade() -> None:
    op.create_table("cases", sa.Column("id", sa.Uuid()), sa.Column("kind", sa.Text(), nullable=False), *_moved())
    op.create_primary_key("pk_cases", "cases", ["id"])
    op.execute(f"INSERT INTO cases (id, kind, {MOVED}) SELECT id, 'lead', {MOVED} FROM leads")
    op.create_foreign_key("fk_leads_id", "leads", "cases", ["id"], ["id"])
    _refer("leads", "lead_id", "cases", "case_id")
    for column in MOVED.split(", "):
        op.drop_column("leads", column)


def downgrade() -> None:
    for column in _moved():
        column.nullable = True
        op.add_column("leads", column)
    op.execute(f"UPDATE leads SET ({MOVED}) = (SELECT {MOVED} FROM cases WHERE cases.id = leads.id)")
    for column in _moved():
        op.alter_column("leads", column.name, nullable=column.nullable)
    _refer("cases", "case_id", "leads", "lead_id")
    op.drop_constraint("fk_leads_id", "leads", type_="foreignkey")
    op.drop_table("cases")


def _moved() -> list[sa.Column[object]]:
    """What was a lead's and is every case's."""
    return [
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("process_version", sa.Integer(), nullable=False),
        sa.Column("process_sha256", sa.Text(), nullable=False),
        sa.Column("place", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("message_seq", sa.Integer(), nullable=False),
    ]


def _refer(old: str, old_column: str, new: str, new_column: str) -> None:
    """What referred to the rows of one table refers to those of the other, under the other's name."""
    for table in (*REFERRING, *SOUGHT):
        op.drop_constraint(f"fk_{table}_{old_column}", table, type_="foreignkey")
    for table in (*REFERRING, *SOUGHT, "visits"):
        op.alter_column(table, old_column, new_column_name=new_column)
    for table in (*REFERRING, *SOUGHT):
        op.create_foreign_key(f"fk_{table}_{new_column}", table, new, [new_column], ["id"])
    for table in SOUGHT:
        op.execute(f"ALTER INDEX ix_{table}_{old_column} RENAME TO ix_{table}_{new_column}")
    op.execute(f"ALTER TABLE outbox RENAME CONSTRAINT uq_outbox_{old_column} TO uq_outbox_{new_column}")
