"""Phones as people type them (A3, A4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning import PhoneKind, read_phone

MOBILE = "+8613981590830"


@pytest.mark.parametrize(
    "typed",
    [
        "13981590830",
        " 13981590830 ",
        "139-8159-0830",
        "139 8159 0830",
        "139.8159.0830",
        "１３９８１５９０８３０",
        "１３９－８１５９－０８３０",
        "+8613981590830",
        "+86 139 8159 0830",
        "008613981590830",
        "0086-139-8159-0830",
        "86 13981590830",
        "8613981590830",
        "013981590830",
        "1398159O83O",
        "l398159o83o",
        "手机：13981590830",
        "13981590830/13912464008",
        "13981590830 13912464008",
        "13981590830\u200b",
        13981590830,
        13981590830.0,
    ],
)
def test_every_spelling_of_a_mobile_is_one_number(typed: object) -> None:
    reading = read_phone(typed)
    assert (reading.kind, reading.e164) == (PhoneKind.MOBILE, MOBILE)
    assert not reading.test_number


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("13981590830（微信同号）", True),
        ("13981590830(微信)", True),
        ("13981590830 wx同号", True),
        ("13981590830", False),
        ("13981590830（不是微信）", False),
        ("13981590830 微信abc_123", False),
        ("010-85320570（微信同号）", False),
    ],
)
def test_a_number_that_is_the_wechat_id_too(typed: str, same: bool) -> None:
    assert read_phone(typed).same_as_wechat is same


@pytest.mark.parametrize(
    ("typed", "kind", "e164"),
    [
        ("010-85320570", PhoneKind.LANDLINE, "+861085320570"),
        ("(010) 8532 0570", PhoneKind.LANDLINE, "+861085320570"),
        ("O10-85320570", PhoneKind.LANDLINE, "+861085320570"),
        ("0571-87651823", PhoneKind.LANDLINE, "+8657187651823"),
        ("+86 (0)21 62890717", PhoneKind.LANDLINE, "+862162890717"),
        ("+1 (415) 555-2671", PhoneKind.FOREIGN, "+14155552671"),
        ("+81 90-1234-5678", PhoneKind.FOREIGN, "+819012345678"),
        ("0081 90 1234 5678", PhoneKind.FOREIGN, "+819012345678"),
        ("", PhoneKind.MISSING, None),
        (None, PhoneKind.MISSING, None),
        ("无", PhoneKind.MISSING, None),
        ("－", PhoneKind.MISSING, None),
        ("1234", PhoneKind.MALFORMED, None),
        ("1380013800", PhoneKind.MALFORMED, None),
        ("138001380001", PhoneKind.MALFORMED, None),
        ("139815908", PhoneKind.MALFORMED, None),
        ("张三", PhoneKind.MALFORMED, None),
        ("someone@example.com", PhoneKind.MALFORMED, None),
    ],
)
def test_other_kinds(typed: str | None, kind: PhoneKind, e164: str | None) -> None:
    reading = read_phone(typed)
    assert (reading.kind, reading.e164, reading.test_number) == (kind, e164, False)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("13800138000", PhoneKind.MOBILE),
        ("138O0138000", PhoneKind.MOBILE),
        ("+8613800138000", PhoneKind.MOBILE),
        ("13800000000", PhoneKind.MOBILE),
        ("13812345678", PhoneKind.MOBILE),
        ("11111111111", PhoneKind.MALFORMED),
        ("00000000000", PhoneKind.MALFORMED),
        ("12345678901", PhoneKind.MALFORMED),
    ],
)
def test_numbers_that_only_testers_type(typed: str, kind: PhoneKind) -> None:
    reading = read_phone(typed)
    assert (reading.kind, reading.test_number) == (kind, True)


LABELS = (
    *("vx", "V", "wx", "WeChat", "tel", "TEL", "Tel", "phone", "mobile", "No", "M", "T", "a", "i", "p", "Q", "cell"),
    *("ph", "dh", "sj", "l", "O", "I", "微信", "电话", "Q号", "手机:", "微信同号"),
)
BETWEEN = [*"‑‒–—―−－ー·・•‧/,，、*#:'~|+=\\._．～。;⠀ㅤ \t\n\u2009\u3000\u200b\u200e", " - ", ") "]


@pytest.mark.parametrize("label", LABELS)
@given(number=st.from_regex(r"1(3[0-9]|5[0-35-9]|7[6-8]|8[0-9]|9[89])[0-9]{8}", fullmatch=True))
def test_a_word_before_the_number_eats_no_digit(label: str, number: str) -> None:
    assert read_phone(label + number).e164 == read_phone(f"{label} {number}").e164 == "+86" + number


@pytest.mark.parametrize("sign", BETWEEN)
def test_whatever_people_put_between_the_digits(sign: str) -> None:
    for grouping in (f"139{sign}8159{sign}0830", f"13981{sign}590830", sign.join("13981590830")):
        assert read_phone(grouping).e164 == MOBILE


@pytest.mark.parametrize(
    "typed",
    [
        "13,981,590,830",
        "一三九八一五九零八三零",
        "幺三九八幺五九〇八三〇",
        "壹叁玖捌壹伍玖零捌叁零",
        "1️⃣3️⃣9️⃣8️⃣1️⃣5️⃣9️⃣0️⃣8️⃣3️⃣0️⃣",
        "①③⑨⑧①⑤⑨⓪⑧③⓪",
        "١٣٩٨١٥٩٠٨٣٠",
        "+86+8613981590830",
        "(+86) 139-8159-0830",
        "010-85320570/13981590830",
        "13800138000/13981590830",
        "2026-11-20 13981590830",
    ],
)
def test_the_mobile_in_it_is_found(typed: str) -> None:
    assert (read_phone(typed).e164, read_phone(typed).test_number) == (MOBILE, False)


@pytest.mark.parametrize(
    ("typed", "e164", "extension"),
    [
        ("17012345671转1234", "+8617012345671", "1234"),
        ("17012345671 转 5678", "+8617012345671", "5678"),
        ("17012345671-9012", "+8617012345671", "9012"),
        ("0755-86551234转801", "+8675586551234", "801"),
        ("0755-86551234 分机802", "+8675586551234", "802"),
        ("0755-86551234-803", "+8675586551234", "803"),
        ("0755-86551234 801", "+8675586551234", "801"),
        ("(0755)86551234—801", "+8675586551234", "801"),
        ("0755-86551234 ext. 801", "+8675586551234", "801"),
        ("0755-86551234#801", "+8675586551234", "801"),
        ("021-61234567-8012", "+862161234567", "8012"),
        ("400-820-1234转5", "+864008201234", "5"),
        ("4008201234-5", "+864008201234", "5"),
    ],
)
def test_an_extension_is_kept_and_says_that_the_number_is_shared(typed: str, e164: str, extension: str) -> None:
    reading = read_phone(typed)
    assert (reading.e164, reading.extension, reading.shared) == (e164, extension, True)


@pytest.mark.parametrize(
    ("typed", "shared"),
    [
        ("021-61234567", True),
        ("400-820-1234", True),
        ("95588", True),
        ("95013123456", True),
        ("虚拟号13981590830", True),
        ("13981590830", False),
        ("+1 415 555 2671", False),
        ("13981590830/13912464008", False),
    ],
)
def test_whom_else_a_number_may_reach(typed: str, shared: bool) -> None:
    assert (read_phone(typed).shared, read_phone(typed).extension) == (shared, None)


@pytest.mark.parametrize(
    ("typed", "e164"),
    [("+15282854924", "+15282854924"), ("+15810012345", "+8615810012345"), ("+139 8159 0830", MOBILE)],
)
def test_a_plus_means_abroad_only_where_such_a_number_exists(typed: str, e164: str) -> None:
    assert read_phone(typed).e164 == e164


@given(st.text() | st.from_regex(r"[0-9+()O\- 微信]{0,30}") | st.none() | st.integers() | st.floats())
def test_no_text_breaks_it(typed: object) -> None:
    reading = read_phone(typed)
    assert (reading.e164 is None) == (reading.kind in (PhoneKind.MALFORMED, PhoneKind.MISSING))


@given(st.from_regex(r"1(3[0-9]|5[0-35-9]|7[6-8]|8[0-9]|9[89])[0-9]{8}", fullmatch=True))
def test_the_spelling_changes_nothing(number: str) -> None:
    plain = read_phone(number)
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in number)
    spaced = f"+86 {number[:3]} {number[3:7]} {number[7:]}"
    assert read_phone(wide) == read_phone(spaced) == read_phone("0086" + number) == plain
    assert read_phone(plain.e164) == plain or plain.e164 is None
