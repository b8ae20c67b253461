"""What came of each task, and what people write about cases, have a place of their own.

Tasks that were completed before have no result; what came of those is in the timeline.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_results",
        sa.Column("task_id", sa.Uuid(), sa.ForeignKey("tasks.id", name="fk_task_results_task_id"), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("fields", JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("task_id", name="pk_task_results"),
    )
    op.create_table(
        "case_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id", name="fk_case_words_case_id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_words"),
    )
    op.create_index("ix_case_words_case_id", "case_words", ["case_id"])


def downgrade() -> None:
    op.drop_table("case_words")
    op.drop_table("task_results")
