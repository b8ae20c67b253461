"""Absences and contact points are kept like the rest of the network; of an address history says that it changed."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_KEEP = """
CREATE OR REPLACE FUNCTION keep_network_changes() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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
    was := network_names(was);
    becomes := network_names(becomes);
    INSERT INTO network_changes (at, by, kind, code, before, after)
    VALUES (coalesce(nullif(current_setting('baton.at', true), '')::timestamptz, clock_timestamp()),
            coalesce(nullif(current_setting('baton.actor', true), ''), 'system'), TG_ARGV[0], known, was, becomes);
    RETURN NULL;
END $$
"""

# Ids of dealers and people as their codes; an address as three stars.
_NAMES = """
CREATE FUNCTION network_names(line jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    IF line ? 'dealer_id' THEN
        line := line - 'dealer_id'
            || jsonb_build_object('dealer', (SELECT code FROM dealers WHERE id = (line ->> 'dealer_id')::uuid));
    END IF;
    IF line ? 'staff_id' THEN
        line := line - 'staff_id'
            || jsonb_build_object('staff', (SELECT code FROM staff WHERE id = (line ->> 'staff_id')::uuid));
    END IF;
    IF line ? 'address' THEN
        line := line || '{"address": "***"}';
    END IF;
    RETURN line;
END $$
"""

_BEFORE = """
CREATE OR REPLACE FUNCTION keep_network_changes() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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

_WATCHED = {"absences": "absences", "contact_points": "contact-points"}


def upgrade() -> None:
    for table in _WATCHED:
        op.add_column(
            table, sa.Column("code", sa.Text(), server_default=sa.text("gen_random_uuid()::text"), nullable=False)
        )
        op.create_unique_constraint(op.f(f"uq_{table}_code"), table, ["code"])
    op.execute("UPDATE contact_points SET code = staff.code || '-' || channel FROM staff WHERE staff.id = staff_id")
    op.execute(_NAMES)
    op.execute(_KEEP)
    for table, kind in _WATCHED.items():
        op.execute(
            f"CREATE TRIGGER keep_network_changes AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION keep_network_changes('{kind}', 'code')"
        )


def downgrade() -> None:
    for table in _WATCHED:
        op.execute(f"DROP TRIGGER keep_network_changes ON {table}")
        op.drop_constraint(op.f(f"uq_{table}_code"), table, type_="unique")
        op.drop_column(table, "code")
    op.execute(_BEFORE)
    op.execute("DROP FUNCTION network_names(jsonb)")
