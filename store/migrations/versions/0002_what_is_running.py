"""Lives of leads on their processes, and the visits of elements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instances",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("life", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("process_version", sa.Integer(), nullable=False),
        sa.Column("process_sha256", sa.Text(), nullable=False),
        sa.Column("called", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("runs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("place", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_instances_lead_id")),
        sa.PrimaryKeyConstraint("lead_id", "life", name=op.f("pk_instances")),
    )
    op.create_index(
        "ix_instances_found",
        "instances",
        ["runs", "place"],
        postgresql_using="gin",
        postgresql_ops={"place": "jsonb_path_ops"},
    )
    op.create_index(
        "ix_instances_running", "instances", ["lead_id", "life"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "visits",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("life", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("execution", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lead_id", "life", "execution", name=op.f("pk_visits")),
    )
    op.create_index(
        "ix_visits_heat",
        "visits",
        ["process", "version", "left_at"],
        postgresql_include=["element", "entered_at", "due_at", "how"],
    )
    op.create_index("ix_incidents_open", "incidents", ["lead_id"], postgresql_where=sa.text("resolved_at IS NULL"))


def downgrade() -> None:
    op.drop_index("ix_incidents_open", table_name="incidents", postgresql_where=sa.text("resolved_at IS NULL"))
    op.drop_index("ix_visits_heat", table_name="visits")
    op.drop_table("visits")
    op.drop_index("ix_instances_running", table_name="instances", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index("ix_instances_found", table_name="instances")
    op.drop_table("instances")
