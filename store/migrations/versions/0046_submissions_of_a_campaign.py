"""What came in by a campaign is found by it, the newest first.

Without it a campaign of which little came was sought among all submissions, for a second and more
of two million.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_submissions_campaign",
        "submissions",
        ["campaign", "received_at", "id"],
        postgresql_where=sa.text("campaign IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_submissions_campaign", "submissions")
