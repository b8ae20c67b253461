"""Drafts of decision tables, their audit, back-tests and shadows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_drafts")),
    )
    op.create_index("ix_table_drafts_open", "table_drafts", ["key"], postgresql_where=sa.text("state = 'open'"))
    op.create_table(
        "table_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_events")),
        sa.UniqueConstraint("number", name=op.f("uq_table_events_number")),
    )
    op.create_index("ix_table_events_of", "table_events", ["key", "number"])
    op.create_table(
        "backtests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", postgresql.JSONB(), nullable=True),
        sa.Column("totals", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["table_drafts.id"], name=op.f("fk_backtests_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backtests")),
    )
    op.create_index("ix_backtests_running", "backtests", ["id"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "shadows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["table_drafts.id"], name=op.f("fk_shadows_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadows")),
    )
    op.create_index(
        "uq_shadows_running", "shadows", ["key"], unique=True, postgresql_where=sa.text("stopped_at IS NULL")
    )
    op.create_table(
        "table_draft_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("row", sa.Text(), nullable=True),
        sa.Column("column", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["table_drafts.id"], name=op.f("fk_table_draft_comments_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_draft_comments")),
    )
    op.create_index("ix_table_draft_comments_of", "table_draft_comments", ["draft_id", "at"])
    op.create_table(
        "table_draft_revisions",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["table_drafts.id"], name=op.f("fk_table_draft_revisions_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_table_draft_revisions")),
    )
    op.create_table(
        "backtest_parts",
        sa.Column("backtest_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_lead", sa.Uuid(), nullable=False),
        sa.Column("last_lead", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totals", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["backtest_id"], ["backtests.id"], name=op.f("fk_backtest_parts_backtest_id")),
        sa.PrimaryKeyConstraint("backtest_id", "number", name=op.f("pk_backtest_parts")),
    )
    op.create_table(
        "backtest_lines",
        sa.Column("backtest_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("new", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["backtest_id"], ["backtests.id"], name=op.f("fk_backtest_lines_backtest_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_backtest_lines_lead_id")),
        sa.PrimaryKeyConstraint("backtest_id", "decision_id", "kind", name=op.f("pk_backtest_lines")),
    )
    op.create_index(op.f("ix_backtest_lines_lead_id"), "backtest_lines", ["lead_id"])
    op.create_index("ix_backtest_lines_of", "backtest_lines", ["backtest_id", "lead_id", "at", "decision_id"])
    op.create_table(
        "shadow_lines",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("shadow_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("new", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("changes", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_shadow_lines_lead_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_shadow_lines")),
    )
    op.create_index(op.f("ix_shadow_lines_lead_id"), "shadow_lines", ["lead_id"])
    op.create_index("ix_shadow_lines_of", "shadow_lines", ["shadow_id", "at"])
    op.add_column("decision_tables", sa.Column("draft_id", sa.Uuid(), nullable=True))
    op.add_column("decision_tables", sa.Column("restores", sa.Integer(), nullable=True))
    op.add_column("decision_tables", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decision_tables", sa.Column("withdrawn_by", sa.String(), nullable=True))
    op.add_column("decisions", sa.Column("shadow_id", sa.Uuid(), nullable=True))
    op.create_index("ix_decisions_of_table", "decisions", ["key", "at"])
    op.create_index(
        "ix_decisions_shadowed", "decisions", ["shadow_id"], postgresql_where=sa.text("shadow_id IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_decisions_shadowed", table_name="decisions")
    op.drop_index("ix_decisions_of_table", table_name="decisions")
    op.drop_column("decisions", "shadow_id")
    # Without the mark a version that was taken back before its time would come into force.
    op.execute("DELETE FROM decision_tables WHERE withdrawn_at IS NOT NULL")
    op.drop_column("decision_tables", "withdrawn_by")
    op.drop_column("decision_tables", "withdrawn_at")
    op.drop_column("decision_tables", "restores")
    op.drop_column("decision_tables", "draft_id")
    op.drop_table("shadow_lines")
    op.drop_table("backtest_lines")
    op.drop_table("backtest_parts")
    op.drop_table("table_draft_revisions")
    op.drop_table("table_draft_comments")
    op.drop_table("shadows")
    op.drop_table("backtests")
    op.drop_table("table_events")
    op.drop_table("table_drafts")
