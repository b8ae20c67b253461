"""Certificates, closures, rest days, and facts as they were when a decision was made."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


_SNAPSHOTS = {
    "dealers": (
        "dealers",
        "INSERT OR DELETE OR UPDATE OF code, region OR TRUNCATE",
        "SELECT jsonb_agg(jsonb_build_array(id, code, region) ORDER BY code) FROM dealers",
    ),
    "calendar": (
        "calendar_days",
        "INSERT OR DELETE OR UPDATE OF day, working OR TRUNCATE",
        "SELECT jsonb_agg(jsonb_build_array(day, working) ORDER BY day) FROM calendar_days",
    ),
}
"""Kind: the table that is watched, what changes it, and what is kept of it."""

_KEEP = """
CREATE FUNCTION keep_snapshot() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    content_now jsonb;
    content_before jsonb;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('snapshot:' || TG_ARGV[0], 0));
    EXECUTE TG_ARGV[1] INTO content_now;
    content_now := coalesce(content_now, '[]');
    SELECT content INTO content_before FROM snapshots WHERE kind = TG_ARGV[0] ORDER BY number DESC LIMIT 1;
    IF content_before IS DISTINCT FROM content_now THEN
        INSERT INTO snapshots (kind, number, content)
        SELECT TG_ARGV[0], coalesce(max(number), 0) + 1, content_now FROM snapshots WHERE kind = TG_ARGV[0];
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("kind", "number", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "closures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealers.id"], name=op.f("fk_closures_dealer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    op.create_index(op.f("ix_closures_dealer_id"), "closures", ["dealer_id"])
    op.add_column("car_models", sa.Column("certificate", sa.Text(), nullable=True))
    op.add_column(
        "dealers", sa.Column("certificates", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("sla_clocks", sa.Column("decision_id", sa.Uuid(), nullable=True))
    op.add_column("sla_clocks", sa.Column("calendar", sa.Integer(), nullable=True))
    op.add_column("sla_clocks", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_sla_clocks_decision_id"), "sla_clocks", ["decision_id"])
    op.add_column("staff", sa.Column("certificates", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("staff", sa.Column("rest_days", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False))
    op.create_index(
        "ix_assignments_given", "assignments", ["staff_id", "at"], postgresql_where=sa.text("staff_id IS NOT NULL")
    )
    op.execute(_KEEP)
    for kind, (table, events, content) in _SNAPSHOTS.items():
        op.execute(
            f"CREATE TRIGGER keep_{kind} AFTER {events} ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION keep_snapshot('{kind}', '{content}')"
        )
        op.execute(
            f"INSERT INTO snapshots SELECT '{kind}', 1, content FROM ({content}) AS now_so (content)"
            " WHERE content IS NOT NULL"
        )


def downgrade() -> None:
    for kind, (table, _, _) in _SNAPSHOTS.items():
        op.execute(f"DROP TRIGGER keep_{kind} ON {table}")
    op.execute("DROP FUNCTION keep_snapshot()")
    op.drop_index("ix_assignments_given", table_name="assignments")
    op.drop_column("staff", "rest_days")
    op.drop_column("staff", "certificates")
    op.drop_index("ix_sla_clocks_decision_id", table_name="sla_clocks")
    op.drop_column("sla_clocks", "promised_at")
    op.drop_column("sla_clocks", "calendar")
    op.drop_column("sla_clocks", "decision_id")
    op.drop_column("dealers", "certificates")
    op.drop_column("car_models", "certificate")
    op.drop_table("closures")
    op.drop_table("snapshots")
