"""The plate of the car that a customer gives in return."""

import sqlalchemy as sa

from store.migrations import lead_fact

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    lead_fact.add(sa.Column("trade_in_plate", sa.Text()))


def downgrade() -> None:
    lead_fact.drop("trade_in_plate")
