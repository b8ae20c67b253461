"""When leads and tasks were last changed, and an index for each order and each common filter of their lists."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_NEVER = "'9999-01-01 00:00:00+00'::timestamptz"
_INDEXES = {
    "leads": {
        "ix_leads_created": "(created_at, id)",
        "ix_leads_updated": "(updated_at, id)",
        "ix_leads_assigned": f"(coalesce(assigned_at, {_NEVER}), id)",
        "ix_leads_due": f"(coalesce(next_due_at, {_NEVER}), id)",
        "ix_leads_dealer_created": "(dealer_id, created_at)",
        "ix_leads_campaign": "(campaign, created_at) WHERE campaign IS NOT NULL",
        "ix_leads_external_id": "(external_id) WHERE external_id IS NOT NULL",
        "ix_leads_closing_reason": "((closing ->> 'reason')) WHERE (closing ->> 'reason') IS NOT NULL",
    },
    "tasks": {
        "ix_tasks_dealer": "(dealer_id, status)",
        "ix_tasks_due": f"(status, coalesce(due_at, {_NEVER}), id)",
        "ix_tasks_opened": "(opened_at, id)",
        "ix_tasks_updated": "(updated_at, id)",
    },
    "submissions": {
        "ix_submissions_received": "(received_at, id)",
        "ix_submissions_external_id": "(external_id) WHERE external_id IS NOT NULL",
    },
}
_UNUSED = {"ix_leads_grade": "grade", "ix_leads_region": "region", "ix_leads_next_due_at": "next_due_at"}
"""A list by one of few values reads the newest rows and leaves the others out; due instants have an order now."""

_TOUCH = """
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$
"""

# What a list of leads shows of the customer counts as the lead's. Whoever changes a customer holds all their leads.
_TOUCH_LEADS = """
CREATE FUNCTION touch_leads() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE leads SET updated_at = now() WHERE customer_id = NEW.id AND updated_at <> now();
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    for table in ("leads", "tasks"):
        changed = sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        op.add_column(table, changed)
    for table, indexes in _INDEXES.items():
        for name, columns in indexes.items():
            op.execute(f"CREATE INDEX {name} ON {table} {columns}")
    for name in _UNUSED:
        op.drop_index(name, table_name="leads")
    op.execute(_TOUCH)
    op.execute(_TOUCH_LEADS)
    for table in ("leads", "tasks"):
        op.execute(f"CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION touch()")
    op.execute(
        "CREATE TRIGGER touch_leads AFTER UPDATE ON customers FOR EACH ROW"
        " WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_leads()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER touch_leads ON customers")
    for table in ("leads", "tasks"):
        op.execute(f"DROP TRIGGER touch ON {table}")
    op.execute("DROP FUNCTION touch_leads()")
    op.execute("DROP FUNCTION touch()")
    for name, column in _UNUSED.items():
        op.create_index(name, "leads", [column])
    for indexes in _INDEXES.values():
        for name in indexes:
            op.drop_index(name)
    for table in ("leads", "tasks"):
        op.drop_column(table, "updated_at")
