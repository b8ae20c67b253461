"""The car that a case is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.migrations import whole_leads

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vehicles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vin", sa.String(), nullable=False),
        sa.Column("plate", sa.String(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_vehicles"),
        sa.UniqueConstraint("vin", name="uq_vehicles_vin"),
    )
    op.add_column("cases", sa.Column("vehicle_id", sa.Uuid(), nullable=True))
    op.create_foreign_key("fk_cases_vehicle_id", "cases", "vehicles", ["vehicle_id"], ["id"])
    op.create_index("ix_cases_vehicle", "cases", ["vehicle_id"], postgresql_where=sa.text("vehicle_id IS NOT NULL"))
    whole_leads.show()


def downgrade() -> None:
    whole_leads.hide()
    op.drop_column("cases", "vehicle_id")
    op.drop_table("vehicles")
    whole_leads.show()
