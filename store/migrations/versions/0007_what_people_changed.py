"""What was changed about customers and their wishes, field by field, whoever changed it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WATCHED = {
    "customers": ("name", "phone", "wechat", "city", "do_not_call", "labels", "erased_at"),
    "leads": ("model", "budget_min", "budget_max", "horizon_days", "city", "trade_in", "test_drive_wish"),
}
"""What people correct, by its table."""

# Before and after are personal data: with the customer's erasure they go, and nothing is kept of it but that it was.
_KEEP = """
CREATE FUNCTION keep_edits() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    becomes jsonb := to_jsonb(NEW);
    stated_at timestamptz := coalesce(nullif(current_setting('baton.at', true), '')::timestamptz, clock_timestamp());
    actor text := coalesce(nullif(current_setting('baton.actor', true), ''), 'system');
    customer uuid := coalesce(becomes ->> 'customer_id', becomes ->> 'id')::uuid;
    lead uuid := CASE WHEN becomes ? 'customer_id' THEN (becomes ->> 'id')::uuid END;
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


def upgrade() -> None:
    op.create_table(
        "customer_edits",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_edits_customer_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_customer_edits_lead_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_customer_edits")),
    )
    op.create_index("ix_customer_edits_of_customer", "customer_edits", ["customer_id", "number"])
    op.execute(_KEEP)
    for table, fields in _WATCHED.items():
        old, new = (", ".join(f"{row}.{field}" for field in fields) for row in ("OLD", "NEW"))
        arguments = ", ".join(f"'{field}'" for field in fields)
        op.execute(
            f"CREATE TRIGGER keep_edits AFTER UPDATE ON {table} FOR EACH ROW"
            f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION keep_edits({arguments})"
        )


def downgrade() -> None:
    for table in _WATCHED:
        op.execute(f"DROP TRIGGER keep_edits ON {table}")
    op.execute("DROP FUNCTION keep_edits()")
    op.drop_table("customer_edits")
