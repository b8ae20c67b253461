"""Refused submissions are found by a contact in them and kept for a time; settled duplicates are found both ways."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", sa.Column("trace", sa.Text(), nullable=True))
    op.create_index(
        "ix_submissions_refused_kept",
        "submissions",
        ["received_at"],
        postgresql_where=sa.text("verdict = 'rejected' AND raw <> '{}'::jsonb"),
    )
    op.create_index(
        "ix_leads_attached_to", "leads", ["attached_to"], postgresql_where=sa.text("attached_to IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_leads_attached_to", "leads")
    op.drop_index("ix_submissions_refused_kept", "submissions")
    op.drop_column("submissions", "trace")
