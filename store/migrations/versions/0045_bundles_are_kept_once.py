"""The processes that lives run on are kept once for all that run on the same; elements are found by
their names alone.

A life kept 660 bytes that nearly every other has, too, and as many in an index that had a key for
each deadline.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("called", JSONB(), server_default="[]", nullable=False),
        sa.Column("runs", ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bundles"),
    )
    op.execute("ALTER TABLE instances ADD COLUMN bundle uuid")
    op.execute("UPDATE instances SET bundle = md5(concat(called, runs))::uuid")
    op.execute("INSERT INTO bundles (id, called, runs) SELECT DISTINCT bundle, called, runs FROM instances")
    op.alter_column("instances", "bundle", nullable=False)
    op.execute(
        """
        CREATE FUNCTION elements_in(place jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT coalesce(array_agg(DISTINCT name), '{}')
            FROM jsonb_array_elements(place) AS mark,
                 LATERAL (VALUES (mark ->> 'element'), (concat(mark ->> 'process', ':', mark ->> 'element')))
                     AS said (name)
        $$
        """
    )
    op.drop_index("ix_instances_found", "instances")
    op.drop_column("instances", "called")
    op.drop_column("instances", "runs")
    op.create_index("ix_instances_bundle", "instances", ["bundle"])
    op.create_index("ix_instances_stand", "instances", [sa.text("elements_in(place)")], postgresql_using="gin")


def downgrade() -> None:
    op.execute("ALTER TABLE instances ADD COLUMN called jsonb NOT NULL DEFAULT '[]', ADD COLUMN runs text[]")
    op.execute(
        "UPDATE instances SET called = bundles.called, runs = bundles.runs FROM bundles WHERE bundles.id = bundle"
    )
    op.alter_column("instances", "runs", nullable=False)
    op.drop_index("ix_instances_stand", "instances")
    op.drop_index("ix_instances_bundle", "instances")
    op.drop_column("instances", "bundle")
    op.create_index(
        "ix_instances_found",
        "instances",
        ["runs", "place"],
        postgresql_using="gin",
        postgresql_ops={"place": "jsonb_path_ops"},
    )
    op.execute("DROP FUNCTION elements_in(jsonb)")
    op.drop_table("bundles")
