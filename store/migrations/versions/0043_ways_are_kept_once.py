"""What tokens pass at one instant is one row that names the way, and each way is kept once.

A lead came to its first task with 27 rows of visits, most of them of no length, and took 8 kB for
them. ``visits`` is a view now: of stays, which last, and of the elements of ways.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

VIEW = """
    CREATE VIEW visits AS
    SELECT case_id, life, execution, process, version, element, entered_at, left_at, how, via, due_at FROM stays
    UNION ALL
    SELECT case_id, life, (first + (step ->> 0)::int)::text, step ->> 1, (step ->> 2)::int, step ->> 3, at, at,
           'left', step ->> 4, NULL
    FROM passages JOIN ways ON ways.id = way, jsonb_array_elements(steps) AS step
"""
PASSED = "entered_at = left_at AND how = 'left' AND due_at IS NULL"


def upgrade() -> None:
    _rename("visits", "stays")
    op.create_table(
        "ways",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("steps", JSONB(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ways"),
    )
    op.create_table(
        "passages",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("life", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "life", "first", name="pk_passages"),
    )
    op.create_index("ix_passages_at", "passages", ["at"], postgresql_using="brin")
    op.execute(
        f"""
        WITH gone AS (DELETE FROM stays WHERE {PASSED} RETURNING *), numbered AS (
            SELECT *, execution::int AS number, min(execution::int) OVER same AS first,
                   max(execution::int) OVER same AS last
            FROM gone WINDOW same AS (PARTITION BY case_id, life, left_at)
        ), passed AS (
            SELECT case_id, life, first, last, left_at AS at,
                   jsonb_agg(jsonb_build_array(number - first, process, version, element, via) ORDER BY number) AS steps
            FROM numbered GROUP BY case_id, life, first, last, left_at
        ), named AS (
            SELECT *, md5(steps::text)::uuid AS way FROM passed
        ), known AS (
            INSERT INTO ways (id, steps) SELECT DISTINCT ON (way) way, steps FROM named
        )
        INSERT INTO passages (case_id, life, first, last, at, way)
        SELECT case_id, life, first, last, at, way FROM named
        """
    )
    op.execute(VIEW)


def downgrade() -> None:
    op.execute(
        """
        INSERT INTO stays (case_id, life, execution, process, version, element, entered_at, left_at, how, via, due_at)
        SELECT passed.* FROM visits AS passed LEFT JOIN stays USING (case_id, life, execution)
        WHERE stays.case_id IS NULL
        """
    )
    op.execute("DROP VIEW visits")
    op.drop_table("passages")
    op.drop_table("ways")
    _rename("stays", "visits")


def _rename(old: str, new: str) -> None:
    op.rename_table(old, new)
    op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")
    op.execute(f"ALTER INDEX ix_{old}_heat RENAME TO ix_{new}_heat")
