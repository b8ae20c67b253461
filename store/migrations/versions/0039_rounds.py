"""Scheduled work: what each round did in each period, and one running case a round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "round_runs",
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("begins_at", _INSTANT, nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("started_at", _INSTANT, nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_round_runs_case_id"),
        sa.PrimaryKeyConstraint("round", "period", name="pk_round_runs"),
    )
    op.create_index("ix_round_runs_case_id", "round_runs", ["case_id"])
    op.create_index("ix_round_runs_begins", "round_runs", ["round", "begins_at"])
    op.create_index(
        "ix_round_runs_asked", "round_runs", ["round", "asked_at"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index(
        "uq_cases_round",
        "cases",
        [sa.text("(facts ->> 'round')")],
        unique=True,
        postgresql_where=sa.text("kind = 'round' AND ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_cases_round", table_name="cases")
    op.drop_table("round_runs")
