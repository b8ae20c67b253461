"""What people wrote about leads moves to the one home of such words: follow-ups, lines of the history, reassignments.

The words of a reassignment stood in the history, too; there they are from now on alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_MOVE = (
    """
    INSERT INTO case_words (id, case_id, at, by, field, text, of_id)
    SELECT gen_random_uuid(), lead_id, at, 'staff:' || by_id, field, text, id
    FROM follow_ups, LATERAL (VALUES ('content', content), ('answer', answer)) AS said (field, text) WHERE text <> ''
    """,
    """
    INSERT INTO case_words (id, case_id, at, by, field, text, of_id)
    SELECT gen_random_uuid(), case_id, at, actor, 'words', data ->> 'words', id
    FROM timeline WHERE data ->> 'words' <> ''
    """,
    "UPDATE timeline SET data = data - 'words' WHERE data ? 'words'",
    "UPDATE assignments SET reason = '' WHERE kind = 'reassign'",
)
_BACK = (
    """
    UPDATE follow_ups SET
        content = coalesce((SELECT text FROM case_words WHERE of_id = follow_ups.id AND field = 'content'), ''),
        answer = coalesce((SELECT text FROM case_words WHERE of_id = follow_ups.id AND field = 'answer'), '')
    """,
    """
    UPDATE timeline SET data = data || jsonb_build_object('words', text)
    FROM case_words WHERE of_id = timeline.id AND field = 'words'
    """,
    """
    UPDATE assignments SET reason = text FROM timeline JOIN case_words ON of_id = timeline.id AND field = 'words'
    WHERE kind = 'reassign' AND timeline.case_id = lead_id AND timeline.at = assignments.at
      AND timeline.code = 'reassigned'
    """,
    "DELETE FROM case_words WHERE of_id IS NOT NULL",
)


def upgrade() -> None:
    op.add_column("case_words", sa.Column("of_id", sa.Uuid()))
    op.create_index("ix_case_words_of_id", "case_words", ["of_id"])
    for statement in _MOVE:
        op.execute(statement)
    op.drop_column("follow_ups", "content")
    op.drop_column("follow_ups", "answer")
    op.create_check_constraint(op.f("ck_timeline_no_words"), "timeline", "NOT data ? 'words'")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_timeline_no_words"), "timeline", type_="check")
    for name in ("content", "answer"):
        op.add_column("follow_ups", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for statement in _BACK:
        op.execute(statement)
    for name in ("content", "answer"):
        op.alter_column("follow_ups", name, server_default=None)
    op.drop_index("ix_case_words_of_id", table_name="case_words")
    op.drop_column("case_words", "of_id")
