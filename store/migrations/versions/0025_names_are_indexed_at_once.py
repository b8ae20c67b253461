"""Pieces of names go into their index at once: a list of those still to go in is read through by every search."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER INDEX ix_customer_keys_keys SET (fastupdate = off)")
    op.execute("SELECT gin_clean_pending_list('ix_customer_keys_keys'::regclass)")


def downgrade() -> None:
    op.execute("ALTER INDEX ix_customer_keys_keys RESET (fastupdate)")
