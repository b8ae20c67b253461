"""Notices of a new lead name its deadline; those that said "24 hours" name what that meant."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, codes in (
        ("due", "'lead_assigned', 'lead_assigned_quiet'"),
        ("until", "'handed_over_to_you', 'handed_over_to_you_quiet'"),
    ):
        op.execute(
            f"""
            UPDATE notifications SET data = data || jsonb_build_object('{name}',
                to_char((created_at + interval '24 hours') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'))
            WHERE code IN ({codes}) AND NOT jsonb_exists(data, '{name}')
            """
        )


def downgrade() -> None:
    """What they say more does no harm."""
