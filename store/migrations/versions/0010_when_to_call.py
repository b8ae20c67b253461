"""When a customer wants to be called, since when, and in which words they said so."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BEFORE = ("name", "phone", "wechat", "city", "do_not_call", "labels", "erased_at")
_AFTER = (*_BEFORE, "call_hours")
"""What people correct about a customer (0007)."""


def upgrade() -> None:
    op.add_column(
        "customers", sa.Column("call_hours", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("customers", sa.Column("call_said_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("customers", sa.Column("call_said", sa.String(), nullable=True))
    _watch(_AFTER)


def downgrade() -> None:
    _watch(_BEFORE)
    for name in ("call_said", "call_said_at", "call_hours"):
        op.drop_column("customers", name)


def _watch(fields: tuple[str, ...]) -> None:
    op.execute("DROP TRIGGER keep_edits ON customers")
    old, new = (", ".join(f"{row}.{field}" for field in fields) for row in ("OLD", "NEW"))
    arguments = ", ".join(f"'{field}'" for field in fields)
    op.execute(
        "CREATE TRIGGER keep_edits AFTER UPDATE ON customers FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION keep_edits({arguments})"
    )
