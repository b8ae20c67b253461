"""Dealers that leave or close: their open leads go on one by one, and count for those that get them.

What a closure that is entered already does to leads is decided when it begins, as for later ones; leads of dealers that
left before stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("closure_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealers.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["closure_id"], ["closures.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("closure_id"),
    )
    op.create_index("ix_departures_going_on", "departures", ["at"], postgresql_where=sa.text("done_at IS NULL"))
    op.create_index(
        "uq_departures_left",
        "departures",
        ["dealer_id"],
        unique=True,
        postgresql_where=sa.text("done_at IS NULL AND why = 'dealer_left'"),
    )
    op.create_table(
        "departure_leads",
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["departure_id"], ["departures.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"]),
        sa.PrimaryKeyConstraint("departure_id", "lead_id"),
    )
    _index_assignments("kind IN ('dispatch', 'redistribute')")
    op.execute(
        "INSERT INTO departures (id, dealer_id, closure_id, why, at, until, by)"
        " SELECT gen_random_uuid(), dealer_id, id, 'dealer_closed', starts_at, ends_at, 'system' FROM closures"
        " WHERE ends_at > now()"
    )


def downgrade() -> None:
    _index_assignments("kind = 'dispatch'")
    op.drop_table("departure_leads")
    op.drop_table("departures")


def _index_assignments(which: str) -> None:
    op.drop_index("ix_assignments_dispatched", "assignments")
    op.create_index("ix_assignments_dispatched", "assignments", ["dealer_id", "at"], postgresql_where=sa.text(which))
