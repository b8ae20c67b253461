"""Whose a case is, how it stands and what is due belong to every kind of case, not to leads alone.

Each case takes these values over from its lead; what only leads have stays with them. ``whole_leads`` shows both as
one row, under the names that a lead has for them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store.migrations import whole_leads

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MOVED = {
    "customer_id": "customer_id",
    "dealer_id": "dealer_id",
    "region": "region",
    "owner_id": "owner_id",
    "status": "status",
    "stage": "stage",
    "grade": "level",
    "lamp": "lamp",
    "next_due_at": "next_due_at",
    "created_at": "opened_at",
    "ended_at": "ended_at",
    "life": "life",
    "updated_at": "updated_at",
}
"""Columns of leads, and what they are called of a case."""

REFERRED = {"customer_id": "customers.id", "dealer_id": "dealers.id", "region": "regions.code", "owner_id": "staff.id"}

INDEXES = {
    "ix_cases_customer_id": "(customer_id)",
    "ix_cases_opened": "(kind, opened_at, id)",
    "ix_cases_updated": "(kind, updated_at, id)",
    "ix_cases_due": "(kind, coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz), id)",
    "ix_cases_status": "(kind, status, opened_at)",
    "ix_cases_dealer": "(dealer_id, opened_at)",
    "ix_cases_dealer_status": "(dealer_id, status)",
    "ix_cases_owner_status": "(owner_id, status)",
    "ix_cases_about": "(about_id) WHERE about_id IS NOT NULL",
}
FORMER = {
    "ix_leads_customer_id": "(customer_id)",
    "ix_leads_created": "(created_at, id)",
    "ix_leads_updated": "(updated_at, id)",
    "ix_leads_due": "(coalesce(next_due_at, '9999-01-01 00:00:00+00'::timestamptz), id)",
    "ix_leads_status_created": "(status, created_at)",
    "ix_leads_dealer_created": "(dealer_id, created_at)",
    "ix_leads_dealer_status": "(dealer_id, status)",
    "ix_leads_owner_status": "(owner_id, status)",
    "ix_leads_campaign": "(campaign, created_at) WHERE campaign IS NOT NULL",
}

# What is shown of a case counts as the case's: facts of its kind, and those of the customer.
TOUCH_CASE = """
CREATE FUNCTION touch_case() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE cases SET updated_at = now() WHERE id = NEW.id AND updated_at <> now();
    RETURN NULL;
END $$
"""
TOUCH_LEADS = """
CREATE OR REPLACE FUNCTION touch_leads() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE {table} SET updated_at = now() WHERE customer_id = NEW.id AND updated_at <> now();
    RETURN NULL;
END $$
"""

# Before and after are personal data: with the customer's erasure they go, and nothing is kept of it but that it was.
KEEP_EDITS = """
CREATE OR REPLACE FUNCTION keep_edits() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    becomes jsonb := to_jsonb(NEW);
    stated_at timestamptz := coalesce(nullif(current_setting('baton.at', true), '')::timestamptz, clock_timestamp());
    actor text := coalesce(nullif(current_setting('baton.actor', true), ''), 'system');
    {whose}
    name text;
BEGIN
    IF EXISTS (SELECT FROM customers WHERE id = customer AND erased_at IS NOT NULL) THEN
        IF lead IS NULL AND was ->> 'erased_at' IS NULL THEN
            DELETE FROM customer_edits WHERE customer_id = customer;
            INSERT INTO customer_edits (customer_id, at, by, field, before, after)
            VALUES (customer, stated_at, actor, 'erased_at', 'null', becomes -> 'erased_at');
        END IF;
        RETURN NULL;
    END IF;
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF was -> name IS DISTINCT FROM becomes -> name THEN
            INSERT INTO customer_edits (customer_id, lead_id, at, by, field, before, after)
            VALUES (customer, lead, stated_at, actor, name, was -> name, becomes -> name);
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""
OF_CASES = """
    lead uuid := CASE WHEN TG_TABLE_NAME = 'leads' THEN (becomes ->> 'id')::uuid END;
    customer uuid := coalesce((SELECT customer_id FROM cases WHERE id = lead), (becomes ->> 'id')::uuid);"""
OF_LEADS = """
    customer uuid := coalesce(becomes ->> 'customer_id', becomes ->> 'id')::uuid;
    lead uuid := CASE WHEN becomes ? 'customer_id' THEN (becomes ->> 'id')::uuid END;"""


def upgrade() -> None:
    for column in (*_moved(nullable=True), *_further()):
        op.add_column("cases", column)
    op.execute(
        f"UPDATE cases SET ({', '.join(MOVED.values())}) = ("
        f"SELECT {', '.join(MOVED)} FROM leads WHERE leads.id = cases.id)"
    )
    for column in ("status", "opened_at", "lamp", "life", "updated_at"):
        op.alter_column("cases", column, nullable=False)
    for column, referred in REFERRED.items():
        table, key = referred.split(".")
        op.create_foreign_key(f"fk_cases_{column}", "cases", table, [column], [key])
    for name in FORMER:
        op.drop_index(name, table_name="leads")
    op.execute("DROP TRIGGER touch ON leads")
    for column in MOVED:
        op.drop_column("leads", column)
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON cases {columns}")
    op.execute("CREATE INDEX ix_leads_campaign ON leads (campaign) WHERE campaign IS NOT NULL")
    op.execute("CREATE UNIQUE INDEX uq_cases_number ON cases (number) WHERE number IS NOT NULL")
    op.execute(TOUCH_CASE)
    op.execute("CREATE TRIGGER touch BEFORE UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION touch()")
    op.execute("CREATE TRIGGER touch_case AFTER UPDATE ON leads FOR EACH ROW EXECUTE FUNCTION touch_case()")
    op.execute(TOUCH_LEADS.format(table="cases"))
    op.execute(KEEP_EDITS.format(whose=OF_CASES))
    whole_leads.show()


def downgrade() -> None:
    whole_leads.hide()
    op.execute("DROP TRIGGER touch_case ON leads")
    op.execute("DROP TRIGGER touch ON cases")
    op.execute("DROP FUNCTION touch_case()")
    op.drop_index("uq_cases_number", table_name="cases")
    op.drop_index("ix_leads_campaign", table_name="leads")
    for name in INDEXES:
        op.drop_index(name, table_name="cases")
    for column in _moved(nullable=True):
        column.name = column.key = next(old for old, new in MOVED.items() if new == column.name)
        op.add_column("leads", column)
    op.execute(
        f"UPDATE leads SET ({', '.join(MOVED)}) = ("
        f"SELECT {', '.join(MOVED.values())} FROM cases WHERE leads.id = cases.id)"
    )
    for column in ("customer_id", "status", "created_at", "lamp", "life", "updated_at"):
        op.alter_column("leads", column, nullable=False)
    for column, referred in REFERRED.items():
        table, key = referred.split(".")
        op.create_foreign_key(f"fk_leads_{column}", "leads", table, [column], [key])
    for name, columns in FORMER.items():
        op.execute(f"CREATE INDEX {name} ON leads {columns}")
    op.execute("CREATE TRIGGER touch BEFORE UPDATE ON leads FOR EACH ROW EXECUTE FUNCTION touch()")
    op.execute(TOUCH_LEADS.format(table="leads"))
    op.execute(KEEP_EDITS.format(whose=OF_LEADS))
    for column in (*_moved(nullable=True), *_further()):
        op.drop_column("cases", column.name)


def _moved(*, nullable: bool) -> list[sa.Column[object]]:
    return [
        sa.Column("customer_id", sa.Uuid(), nullable=nullable),
        sa.Column("dealer_id", sa.Uuid()),
        sa.Column("region", sa.Text()),
        sa.Column("owner_id", sa.Uuid()),
        sa.Column("status", sa.Text(), nullable=nullable),
        sa.Column("stage", sa.Text()),
        sa.Column("level", sa.Text()),
        sa.Column("lamp", sa.Text(), nullable=nullable),
        sa.Column("next_due_at", sa.DateTime(timezone=True)),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=nullable),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("life", sa.Integer(), nullable=nullable),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=nullable),
    ]


def _further() -> list[sa.Column[object]]:
    """What no lead had."""
    return [
        sa.Column("number", sa.String()),
        sa.Column("about_id", sa.Uuid(), sa.ForeignKey("cases.id", name="fk_cases_about_id")),
        sa.Column("outcome", sa.Text()),
        sa.Column("facts", postgresql.JSONB(), server_default="{}", nullable=False),
    ]
