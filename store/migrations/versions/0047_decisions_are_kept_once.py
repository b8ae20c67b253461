"""What decisions say is kept once for all that say the same; ``decisions`` is a view.

A lead came to its first task with ten decisions, 3.5 kB beside the candidates, and eight of them
say what other leads' do, too. A million decisions took 21 seconds on a busy machine.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

DIGEST = """
    CREATE FUNCTION decision_content(element text, key text, version int, inputs jsonb, matched jsonb, result jsonb)
    RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT md5(jsonb_build_array(element, key, version, inputs, matched, result)::text)::uuid
    $$
"""
VIEW = """
    CREATE VIEW decisions AS
    SELECT decided.id, case_id, at, element, decided.key, version, inputs, matched, result,
           coalesce(candidates, '[]') AS candidates, shadow_id
    FROM decided LEFT JOIN decision_contents ON decision_contents.id = content
"""


def upgrade() -> None:
    op.execute(DIGEST)
    op.rename_table("decisions", "former")
    op.create_table(
        "decision_contents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("element", sa.Text()),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("inputs", JSONB(), server_default="{}", nullable=False),
        sa.Column("matched", JSONB(), server_default="[]", nullable=False),
        sa.Column("result", JSONB(), server_default="{}", nullable=False),
    )
    op.create_table(
        "decided",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("candidates", JSONB()),
        sa.Column("shadow_id", sa.Uuid()),
    )
    op.execute(
        """
        INSERT INTO decided (id, case_id, content, at, key, candidates, shadow_id)
        SELECT id, case_id, decision_content(element, key, version, inputs, matched, result), at, key,
               nullif(candidates, '[]'), shadow_id
        FROM former ORDER BY id
        """
    )
    op.execute(
        """
        INSERT INTO decision_contents (id, element, key, version, inputs, matched, result)
        SELECT DISTINCT ON (content) content, element, former.key, version, inputs, matched, result
        FROM former JOIN decided USING (id) ORDER BY content
        """
    )
    op.create_primary_key("pk_decision_contents", "decision_contents", ["id"])
    op.drop_table("former")
    _keys_of("decided")
    op.execute(VIEW)


def downgrade() -> None:
    op.create_table(
        "former",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("element", sa.Text()),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("inputs", JSONB(), server_default="{}", nullable=False),
        sa.Column("matched", JSONB(), server_default="[]", nullable=False),
        sa.Column("result", JSONB(), server_default="{}", nullable=False),
        sa.Column("candidates", JSONB(), server_default="[]", nullable=False),
        sa.Column("shadow_id", sa.Uuid()),
    )
    op.execute("INSERT INTO former SELECT * FROM decisions ORDER BY id")
    op.execute("DROP VIEW decisions")
    op.drop_table("decided")
    op.drop_table("decision_contents")
    op.rename_table("former", "decisions")
    _keys_of("decisions")
    op.execute("DROP FUNCTION decision_content(text, text, int, jsonb, jsonb, jsonb)")


def _keys_of(table: str) -> None:
    """Made when the rows are there, which takes a third of the time."""
    op.create_primary_key(f"pk_{table}", table, ["id"])
    op.create_foreign_key(f"fk_{table}_case_id", table, "cases", ["case_id"], ["id"])
    op.create_index(f"ix_{table}_case_id", table, ["case_id"])
    op.create_index(f"ix_{table}_of_table", table, ["key", "at"])
    op.create_index(f"ix_{table}_shadowed", table, ["shadow_id"], postgresql_where=sa.text("shadow_id IS NOT NULL"))
