"""What was changed in the network, by whom; channels and models that are no longer used; closures have codes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_WATCHED = {
    "regions": ("regions", "code"),
    "cities": ("cities", "name"),
    "car_models": ("models", "code"),
    "channels": ("channels", "code"),
    "dealers": ("dealers", "code"),
    "staff": ("staff", "code"),
    "closures": ("closures", "code"),
    "calendar_days": ("calendar-days", "day"),
}
"""Table: the kind that people know it as, and the column that they know a row by."""

# Ids and what the process writes for itself are nobody's edit; whatever column comes later is watched by itself.
_KEEP = """
CREATE FUNCTION keep_network_changes() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    was jsonb := '{}';
    becomes jsonb := '{}';
    known text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was := to_jsonb(OLD) - '{id,last_assigned_at}'::text[];
    END IF;
    IF TG_OP <> 'DELETE' THEN
        becomes := to_jsonb(NEW) - '{id,last_assigned_at}'::text[];
    END IF;
    IF was = becomes THEN
        RETURN NULL;
    END IF;
    known := coalesce(becomes ->> TG_ARGV[1], was ->> TG_ARGV[1]);
    SELECT coalesce(jsonb_object_agg(key, was -> key) FILTER (WHERE was ? key), '{}'),
           coalesce(jsonb_object_agg(key, becomes -> key) FILTER (WHERE becomes ? key), '{}')
    INTO was, becomes
    FROM jsonb_object_keys(was || becomes) AS key WHERE was -> key IS DISTINCT FROM becomes -> key;
    IF was ? 'dealer_id' THEN
        was := was - 'dealer_id'
            || jsonb_build_object('dealer', (SELECT code FROM dealers WHERE id = (was ->> 'dealer_id')::uuid));
    END IF;
    IF becomes ? 'dealer_id' THEN
        becomes := becomes - 'dealer_id'
            || jsonb_build_object('dealer', (SELECT code FROM dealers WHERE id = (becomes ->> 'dealer_id')::uuid));
    END IF;
    INSERT INTO network_changes (at, by, kind, code, before, after)
    VALUES (coalesce(nullif(current_setting('baton.at', true), '')::timestamptz, clock_timestamp()),
            coalesce(nullif(current_setting('baton.actor', true), ''), 'system'), TG_ARGV[0], known, was, becomes);
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "network_changes",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("after", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_network_changes")),
    )
    op.create_index("ix_network_changes_of", "network_changes", ["kind", "code", "number"])
    for table in ("channels", "car_models"):
        op.add_column(table, sa.Column("active", sa.Boolean(), server_default="true", nullable=False))
    op.add_column(
        "closures", sa.Column("code", sa.Text(), server_default=sa.text("gen_random_uuid()::text"), nullable=False)
    )
    op.create_unique_constraint(op.f("uq_closures_code"), "closures", ["code"])
    op.execute(_KEEP)
    for table, (kind, key) in _WATCHED.items():
        op.execute(
            f"CREATE TRIGGER keep_network_changes AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION keep_network_changes('{kind}', '{key}')"
        )


def downgrade() -> None:
    for table in _WATCHED:
        op.execute(f"DROP TRIGGER keep_network_changes ON {table}")
    op.execute("DROP FUNCTION keep_network_changes()")
    op.drop_constraint(op.f("uq_closures_code"), "closures", type_="unique")
    op.drop_column("closures", "code")
    for table in ("car_models", "channels"):
        op.drop_column(table, "active")
    op.drop_table("network_changes")
