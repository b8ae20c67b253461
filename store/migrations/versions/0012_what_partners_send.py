"""What partners send beside the wish: their own id, campaign and tags, consent, e-mail, gender, company."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BEFORE = ("name", "phone", "wechat", "city", "do_not_call", "labels", "erased_at", "call_hours")
_AFTER = (*_BEFORE, "email", "gender", "company", "further")
"""What people correct about a customer (0007, 0010)."""


def upgrade() -> None:
    for name in ("email", "gender", "company"):
        op.add_column("customers", sa.Column(name, sa.String(), nullable=True))
    op.add_column("customers", sa.Column("further", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.create_index("ix_customers_further", "customers", ["further"], postgresql_using="gin")
    for table in ("leads", "submissions"):
        for name in ("campaign", "external_id"):
            op.add_column(table, sa.Column(name, sa.String(), nullable=True))
        # Until now the campaign was kept only as it was sent.
        op.execute(
            f"UPDATE {table} SET campaign = nullif(left(btrim(raw ->> 'campaign'), 100), '')"
            " WHERE jsonb_typeof(raw -> 'campaign') IN ('string', 'number')"
        )
    op.add_column("leads", sa.Column("utm", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("leads", sa.Column("consents", postgresql.JSONB(), server_default="[]", nullable=False))
    op.create_index(
        "ix_submissions_external",
        "submissions",
        ["external_id", "channel"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL AND lead_id IS NOT NULL"),
    )
    _watch(_AFTER)


def downgrade() -> None:
    _watch(_BEFORE)
    op.drop_index("ix_submissions_external", table_name="submissions")
    for name in ("consents", "utm"):
        op.drop_column("leads", name)
    for table in ("submissions", "leads"):
        for name in ("external_id", "campaign"):
            op.drop_column(table, name)
    op.drop_index("ix_customers_further", table_name="customers")
    for name in ("further", "company", "gender", "email"):
        op.drop_column("customers", name)


def _watch(fields: tuple[str, ...]) -> None:
    op.execute("DROP TRIGGER keep_edits ON customers")
    old, new = (", ".join(f"{row}.{field}" for field in fields) for row in ("OLD", "NEW"))
    arguments = ", ".join(f"'{field}'" for field in fields)
    op.execute(
        "CREATE TRIGGER keep_edits AFTER UPDATE ON customers FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION keep_edits({arguments})"
    )
