"""Tables that a worker waits for say that they have got rows; notices wait in the order in which
they are due.

Before, five loops of each worker looked once a second, and each look for notices went through all
that wait for the morning.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLES = ("backtests", "batches", "process_definitions", "departures")
UNSPREAD = sa.text("spread_at IS NULL")


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION say_news() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('baton_news', TG_TABLE_NAME); RETURN NULL; END $$
        """
    )
    for table in TABLES:
        op.execute(f"CREATE TRIGGER say_news AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION say_news()")
    op.drop_index("ix_notifications_unspread", "notifications")
    op.create_index(
        "ix_notifications_unspread",
        "notifications",
        [sa.text("coalesce(not_before, '-infinity')"), "created_at"],
        postgresql_where=UNSPREAD,
    )


def downgrade() -> None:
    op.drop_index("ix_notifications_unspread", "notifications")
    op.create_index("ix_notifications_unspread", "notifications", ["created_at"], postgresql_where=UNSPREAD)
    for table in TABLES:
        op.execute(f"DROP TRIGGER say_news ON {table}")
    op.execute("DROP FUNCTION say_news()")
