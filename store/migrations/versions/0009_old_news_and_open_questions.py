"""Submissions are recognised when they come again; leads name whom they may repeat and what could not be read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("submissions", sa.Column("fingerprint", sa.String(), nullable=True))
    # Until now the instant was kept as read: what was taken before is recognised by it, too.
    op.execute("UPDATE submissions SET stated_at = (raw ->> 'stated_at')::timestamptz WHERE raw ->> 'stated_at' <> ''")
    op.create_index(
        "ix_submissions_fingerprint",
        "submissions",
        ["fingerprint"],
        postgresql_where=sa.text("fingerprint IS NOT NULL"),
    )
    op.create_index(
        "ix_submissions_rejected",
        "submissions",
        ["received_at", "id"],
        postgresql_where=sa.text("verdict = 'rejected'"),
    )
    for name in ("suspects", "unread"):
        op.add_column("leads", sa.Column(name, postgresql.JSONB(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in ("suspects", "unread"):
        op.drop_column("leads", name)
    op.drop_index("ix_submissions_rejected", table_name="submissions")
    op.drop_index("ix_submissions_fingerprint", table_name="submissions")
    op.drop_column("submissions", "fingerprint")
    op.drop_column("submissions", "stated_at")
