"""A sale that was undone is kept as such; what is paid for sales are entries and their counter entries."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contracts", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("cancelled_as", "cancel_reason"):
        op.add_column("contracts", sa.Column(name, sa.Text(), nullable=True))
    op.drop_constraint(op.f("uq_contracts_number"), "contracts")
    op.create_index(
        "uq_contracts_number", "contracts", ["number"], unique=True, postgresql_where=sa.text("cancelled_at IS NULL")
    )
    op.create_table(
        "incentive_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_incentive_entries_contract_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_incentive_entries_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentive_entries")),
    )
    op.create_index(op.f("ix_incentive_entries_lead_id"), "incentive_entries", ["lead_id"])
    op.create_index("uq_incentive_entries_once", "incentive_entries", ["contract_id", "kind"], unique=True)
    # What was paid before has its entry, too.
    op.execute(
        "INSERT INTO incentive_entries (id, contract_id, lead_id, kind, amount, at)"
        " SELECT gen_random_uuid(), id, lead_id, 'accrued', incentive, signed_at FROM contracts"
        " WHERE incentive IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("incentive_entries")
    op.drop_index("uq_contracts_number", "contracts")
    op.create_unique_constraint(op.f("uq_contracts_number"), "contracts", ["number"])
    for name in ("cancel_reason", "cancelled_as", "cancelled_at"):
        op.drop_column("contracts", name)
