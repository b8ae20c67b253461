"""Who the candidates of a choice were, and of which forms the lines about them are, is kept once.

A lead came to its first task with two choices of 2.2 kB. Those of before stay as they are: both are
read. No row is touched.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

LINES = """
    CREATE FUNCTION candidates_of(kept jsonb) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN jsonb_typeof(kept) <> 'string' THEN kept ELSE (
        SELECT jsonb_agg((who.said -> (number - 1)::int) || filled.line ORDER BY number)
        FROM (SELECT kept #>> '{}' AS told) AS kept
        JOIN candidate_parts AS who ON who.id = substr(told, 1, 32)::uuid
        JOIN candidate_parts AS forms ON forms.id = substr(told, 33, 32)::uuid,
        string_to_table(substr(told, 65), ';') WITH ORDINALITY AS lines (values, number),
        LATERAL (SELECT string_to_array(values, ',') AS value) AS line,
        LATERAL (
            SELECT string_agg(piece || coalesce(value[place + 1], ''), '' ORDER BY place)::jsonb AS line
            FROM string_to_table(forms.said ->> value[1]::int, chr(31)) WITH ORDINALITY AS pieces (piece, place)
        ) AS filled
    ) END
"""
VIEW = """
    CREATE OR REPLACE VIEW decisions AS
    SELECT decided.id, case_id, at, element, decided.key, version, inputs, matched, result,
           {candidates} AS candidates, shadow_id
    FROM decided LEFT JOIN decision_contents ON decision_contents.id = content
"""


def upgrade() -> None:
    op.create_table(
        "candidate_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("said", JSONB(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_parts")),
    )
    op.execute(LINES)
    op.execute(VIEW.format(candidates="coalesce(candidates_of(candidates), '[]')"))


def downgrade() -> None:
    op.execute("UPDATE decided SET candidates = candidates_of(candidates) WHERE jsonb_typeof(candidates) = 'string'")
    op.execute(VIEW.format(candidates="coalesce(candidates, '[]')"))
    op.execute("DROP FUNCTION candidates_of(jsonb)")
    op.drop_table("candidate_parts")
