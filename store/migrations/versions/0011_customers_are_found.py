"""Customers are found by the end of their number, a part of their name, its pinyin, the start of their WeChat id."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store.leads.sounds import all_readings

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What a name is found by: its signs, each two that stand together, and (behind "~") how what begins at each sign
# sounds, cut after every letter. At most one sign of a name takes a reading that is not its usual one.
_KEYS = r"""
CREATE FUNCTION name_keys(name text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    signs text[] := regexp_split_to_array(left(lower(name), 40), '');
    plain text[] := '{}';
    syllables text[] := '{}';
    begins integer[] := '{}';
    keys text[] := '{}';
    latin boolean := false;
    one text;
    heard text;
    said text;
    initials text;
    options text[];
BEGIN
    FOREACH one IN ARRAY signs LOOP
        IF one ~ '[\s·.・•,，''’()（）/-]' OR one = '' THEN
            latin := false;
            CONTINUE;
        END IF;
        plain := plain || one;
        IF one ~ '[a-z0-9]' THEN
            syllables := syllables || one;
            IF NOT latin THEN begins := begins || cardinality(syllables); END IF;
            latin := true;
        ELSE
            SELECT s.sounds INTO heard FROM sounds s WHERE s.sign = one;
            latin := false;
            IF heard IS NOT NULL THEN
                syllables := syllables || heard;
                begins := begins || cardinality(syllables);
            END IF;
        END IF;
    END LOOP;
    FOR at IN 1 .. least(cardinality(plain), 20) LOOP
        keys := keys || plain[at];
        IF at > 1 THEN keys := keys || (plain[at - 1] || plain[at]); END IF;
    END LOOP;
    FOR b IN 1 .. least(cardinality(begins), 8) LOOP
        initials := '';
        FOR other IN begins[b] - 1 .. least(cardinality(syllables), begins[b] + 7) LOOP
            IF other >= begins[b] AND other = ANY(begins) THEN
                initials := initials || left(syllables[other], 1);
            END IF;
            options := '{}';
            IF other >= begins[b] THEN options := (string_to_array(syllables[other], ' '))[2:]; END IF;
            IF other = begins[b] - 1 THEN options := ARRAY['']; END IF;
            FOREACH heard IN ARRAY options LOOP
                said := '';
                FOR at IN begins[b] .. cardinality(syllables) LOOP
                    EXIT WHEN length(said) >= 16;
                    said := said || CASE WHEN at = other THEN heard ELSE split_part(syllables[at], ' ', 1) END;
                END LOOP;
                FOR cut IN 2 .. least(length(said), 16) LOOP keys := keys || ('~' || left(said, cut)); END LOOP;
            END LOOP;
        END LOOP;
        FOR cut IN 2 .. least(length(initials), 8) LOOP keys := keys || ('~' || left(initials, cut)); END LOOP;
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT unnest(keys));
END $$
"""

_KEEP = """
CREATE FUNCTION keep_name_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name IS NULL THEN
        DELETE FROM customer_keys WHERE customer_id = NEW.id;
    ELSE
        INSERT INTO customer_keys (customer_id, keys) VALUES (NEW.id, name_keys(NEW.name))
        ON CONFLICT (customer_id) DO UPDATE SET keys = EXCLUDED.keys;
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    sounds = op.create_table(
        "sounds",
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("sounds", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sign", name=op.f("pk_sounds")),
    )
    op.bulk_insert(sounds, [{"sign": sign, "sounds": " ".join(said)} for sign, said in all_readings()])
    op.create_table(
        "customer_keys",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_keys_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_keys")),
    )
    op.execute(_KEYS)
    op.execute("INSERT INTO customer_keys SELECT id, name_keys(name) FROM customers WHERE name IS NOT NULL")
    op.create_index("ix_customer_keys_keys", "customer_keys", ["keys"], postgresql_using="gin")
    op.execute(_KEEP)
    op.execute(
        "CREATE TRIGGER name_keys_of_new AFTER INSERT ON customers FOR EACH ROW"
        " WHEN (NEW.name IS NOT NULL) EXECUTE FUNCTION keep_name_keys()"
    )
    op.execute(
        "CREATE TRIGGER name_keys_of_changed AFTER UPDATE ON customers FOR EACH ROW"
        " WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION keep_name_keys()"
    )
    for name, expression in (
        ("head", "phone text_pattern_ops"),
        ("tail", "reverse(split_part(phone, ';', 1)) text_pattern_ops"),
        ("wechat_head", "lower(wechat) text_pattern_ops"),
    ):
        op.execute(f"CREATE INDEX ix_customers_{name} ON customers ({expression})")


def downgrade() -> None:
    for name in ("head", "tail", "wechat_head"):
        op.execute(f"DROP INDEX ix_customers_{name}")
    op.execute("DROP TRIGGER name_keys_of_new ON customers")
    op.execute("DROP TRIGGER name_keys_of_changed ON customers")
    op.execute("DROP FUNCTION keep_name_keys()")
    op.execute("DROP FUNCTION name_keys(text)")
    op.drop_table("customer_keys")
    op.drop_table("sounds")
