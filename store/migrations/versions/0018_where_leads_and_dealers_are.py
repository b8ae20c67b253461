"""Where a lead is, where a dealer is, and which provinces and cities a region has."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_WATCHED_BEFORE = ("model", "budget_min", "budget_max", "horizon_days", "city", "trade_in", "test_drive_wish")
_WATCHED = (*_WATCHED_BEFORE, "district", "province")
"""What people correct about a lead (0007)."""

_ROSTER = {
    "before": (
        "INSERT OR DELETE OR UPDATE OF code, region OR TRUNCATE",
        "SELECT jsonb_agg(jsonb_build_array(id, code, region) ORDER BY code) FROM dealers",
    ),
    "now": (
        "INSERT OR DELETE OR UPDATE OF code, region, city, latitude, longitude OR TRUNCATE",
        "SELECT jsonb_agg(jsonb_build_array(id, code, region, city, latitude, longitude) ORDER BY code) FROM dealers",
    ),
}
"""When a snapshot of the dealers is kept, and what of them (0004)."""


def upgrade() -> None:
    for name in ("province", "district", "place_code"):
        op.add_column("leads", sa.Column(name, sa.String() if name != "place_code" else sa.Text(), nullable=True))
    for name in ("latitude", "longitude"):
        op.add_column("dealers", sa.Column(name, sa.Double(), nullable=True))
    op.create_check_constraint(
        op.f("ck_dealers_coordinates"),
        "dealers",
        "(latitude IS NULL) = (longitude IS NULL) AND latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
    )
    op.create_table(
        "region_places",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["regions.code"], name=op.f("fk_region_places_region")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_region_places")),
    )
    _watch(_WATCHED)
    _keep("now")


def downgrade() -> None:
    _keep("before")
    _watch(_WATCHED_BEFORE)
    op.drop_table("region_places")
    op.drop_constraint(op.f("ck_dealers_coordinates"), "dealers", type_="check")
    for name in ("longitude", "latitude"):
        op.drop_column("dealers", name)
    for name in ("place_code", "district", "province"):
        op.drop_column("leads", name)


def _watch(fields: tuple[str, ...]) -> None:
    op.execute("DROP TRIGGER keep_edits ON leads")
    old, new = (", ".join(f"{row}.{field}" for field in fields) for row in ("OLD", "NEW"))
    arguments = ", ".join(f"'{field}'" for field in fields)
    op.execute(
        "CREATE TRIGGER keep_edits AFTER UPDATE ON leads FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION keep_edits({arguments})"
    )


def _keep(when: str) -> None:
    """The next snapshot has the new form; those that decisions refer to stay as they are."""
    events, content = _ROSTER[when]
    op.execute("DROP TRIGGER keep_dealers ON dealers")
    op.execute(
        f"CREATE TRIGGER keep_dealers AFTER {events} ON dealers"
        f" FOR EACH STATEMENT EXECUTE FUNCTION keep_snapshot('dealers', '{content}')"
    )
    op.execute(
        "INSERT INTO snapshots SELECT 'dealers', (SELECT coalesce(max(number), 0) + 1 FROM snapshots"
        f" WHERE kind = 'dealers'), content FROM ({content}) AS now_so (content) WHERE content IS NOT NULL"
    )
