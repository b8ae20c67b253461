"""What is changed about the places of regions is kept like the rest of the network's changes (0015)."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE TRIGGER keep_network_changes AFTER INSERT OR UPDATE OR DELETE ON region_places"
        " FOR EACH ROW EXECUTE FUNCTION keep_network_changes('places', 'place')"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_network_changes ON region_places")
