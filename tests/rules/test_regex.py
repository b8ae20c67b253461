"""Regular expressions are those of XPath, whatever Python or RE2 would make of them (XPath
Functions 3.1, 5.6.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.feel import evaluate, regex
from rules.feel.regex.parser import parsed
from rules.feel.regex.stepping import Stepping

YES, NO, REFUSED = True, False, None


@pytest.mark.parametrize(
    ("pattern", "text", "flags", "answer"),
    [
        # anchors and lines
        ("^abc$", "abc\n", "", NO),
        ("a$", "a\n", "", NO),
        ("^b", "a\nb", "", NO),
        ("^b$", "a\nb\nc", "m", YES),
        ("^$", "ab\n", "m", NO),
        ("^$", "\nab\n", "m", YES),
        ("b$", "b\n", "m", YES),
        ("\n$", "b\n", "m", NO),
        ("\n$", "b\n", "", YES),
        ("a^b", "ab", "", NO),
        ("^*a", "ba", "", YES),
        # the dot
        ("a.b", "a\nb", "", NO),
        ("a.b", "a\rb", "", NO),
        ("a.b", "a\rb", "s", YES),
        ("a.b", "a\U0001f600b", "", YES),
        # flags
        ("a", "a", "p", REFUSED),
        ("a", "a", " ", REFUSED),
        ("a", "a", "I", REFUSED),
        ("a", "a", "iisx", YES),
        ("A.B", "a.b", "qi", YES),
        ("a.b", "axb", "q", NO),
        ("(", "(", "q", YES),
        (r"a\ sb", "a b", "x", YES),
        ("a[ ]b", "a b", "x", YES),
        (r"\[ ]", "[]", "x", REFUSED),
        (r"\[ \]", "[]", "x", YES),
        (r"\p{ IsBasicLatin}", "a", "x", YES),
        (r"\p{ IsBasicLatin}", "a", "", REFUSED),
        # classes
        ("[a-c-e]", "-", "", REFUSED),
        ("[-a]", "-", "", YES),
        ("[a-]", "-", "", YES),
        ("[^-a]", "-", "", NO),
        ("[--a]", "a", "", REFUSED),
        (r"[\d-z]", "z", "", REFUSED),
        (r"[a-\d]", "a", "", REFUSED),
        ("[z-a]", "a", "", REFUSED),
        ("[]", "a", "", REFUSED),
        ("[^]", "a", "", REFUSED),
        ("[[a]]", "a", "", REFUSED),
        ("[a", "a", "", REFUSED),
        ("a]", "a]", "", REFUSED),
        ("[a^]", "^", "", YES),
        ("[.$|]", "$", "", YES),
        ("[a-z-[aeiou]]", "e", "", NO),
        ("[a-z-[aeiou]]", "f", "", YES),
        ("[a-z-[a-y-[c]]]", "c", "", YES),
        ("[^a-z-[0-9]]", "5", "", NO),
        ("[a-z-[aeiou]x]", "x", "", REFUSED),
        (r"[\w-[\d]]", "5", "", NO),
        # escapes
        (r"\-\^\$\{\}", "-^${}", "", YES),
        (r"\b", "b", "", REFUSED),
        (r"\a", "a", "", REFUSED),
        (r"\x41", "A", "", REFUSED),
        (r"\u0041", "A", "", REFUSED),
        (r"\_", "_", "", REFUSED),
        ("a\\", "a", "", REFUSED),
        (r"\n\r\t", "\n\r\t", "", YES),
        # sets by name
        (r"\d", "\u0665", "", YES),
        (r"\d", "²", "", NO),
        (r"\w", "_", "", NO),
        (r"\w", "中", "", YES),
        (r"\w", "$", "", YES),
        (r"\W", "-", "", YES),
        (r"\s", "\u00a0", "", NO),
        (r"\s", "\x0b", "", NO),
        (r"\S", "\u00a0", "", YES),
        (r"^\i\c*$", "a-b.c:d", "", YES),
        (r"^\i", "-a", "", NO),
        (r"\I", "-", "", YES),
        (r"\C", " ", "", YES),
        (r"\p{Lu}", "É", "", YES),
        (r"\p{Lu}", "é", "i", NO),
        (r"\P{L}", "é", "", NO),
        (r"[\p{Nd}\P{L}]", "a", "", NO),
        (r"\p{IsCJKUnifiedIdeographs}", "中", "", YES),
        (r"\p{IsGreek}", "α", "", YES),
        (r"\p{IsLatin-1Supplement}", "é", "", YES),
        (r"\p{IsNowhere}", "a", "", REFUSED),
        (r"\p{Xx}", "a", "", REFUSED),
        (r"\pL", "a", "", REFUSED),
        # in any case
        ("abc", "ABC", "i", YES),
        ("k", "\u212a", "i", YES),
        ("[a-z]", "\u212a", "i", YES),
        ("[^k]", "\u212a", "i", NO),
        ("[A-Z-[OI]]", "o", "i", NO),
        ("[A-Z-[OI]]", "x", "i", YES),
        ("ß", "ẞ", "i", YES),
        ("σ", "ς", "i", YES),
        # repeats
        ("a**", "a", "", REFUSED),
        ("*a", "a", "", REFUSED),
        ("a{,3}", "a", "", REFUSED),
        ("a{2,1}", "a", "", REFUSED),
        ("a{", "a", "", REFUSED),
        ("}", "}", "", REFUSED),
        ("^a{2,3}$", "aaaa", "", NO),
        ("^a{0}$", "", "", YES),
        ("^(a{2}){2,}$", "aaaaa", "", NO),
        # groups
        ("(?:a|b)c", "bc", "", YES),
        ("(?i)a", "A", "", REFUSED),
        ("(?=a)a", "a", "", REFUSED),
        ("(?<n>a)", "a", "", REFUSED),
        ("(a", "a", "", REFUSED),
        ("a)", "a", "", REFUSED),
        ("a|", "", "", YES),
        ("()", "", "", YES),
        # back-references
        (r"([md])[aeiou]\1", "mum", "", YES),
        (r"([md])[aeiou]\1", "mud", "", NO),
        (r"(a)\1", "aA", "i", YES),
        (r"(a)\10", "aa0", "", YES),
        (r"(a)|b\1", "b", "", YES),
        (r"((a)\2)+", "aa", "", YES),
        (r"(a*)*\1b", "aab", "", YES),
        (r"\1", "a", "", REFUSED),
        (r"(a\1)", "a", "", REFUSED),
        (r"(a)\2", "a", "", REFUSED),
        (r"\0", "a", "", REFUSED),
        (r"(a)[\1]", "a", "", REFUSED),
    ],
)
def test_matches(pattern: str, text: str, flags: str, answer: bool | None) -> None:
    assert evaluate("matches(t, p, f)", {"t": text, "p": pattern, "f": flags}) is answer


@pytest.mark.parametrize(
    ("text", "pattern", "new", "flags", "made"),
    [
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "", "[1=ab][2=]cd"),
        ("abracadabra", "a.*?a", "*", "", "*c*bra"),
        ("darted", "^(.*?)d(.*)$", "$1c$2", "", "carted"),
        ("abc", "b", "[$0]", "", "a[b]c"),
        ("abc", "(b)", "$10", "", "ab0c"),
        ("abc", "(b)", "$2", "", "ac"),
        ("abc", "b", r"\$\\", "", "a$\\c"),
        ("abc", "b", "$", "", None),
        ("abc", "b", "$x", "", None),
        ("abc", "b", r"\x", "", None),
        ("abc", "x*", "-", "", None),
        ("abc", "^", "-", "", None),
        ("abc", "(x)?", "-", "", None),
        ("a.c", ".", "$1", "q", "a$1c"),
        ("中国中", "国", "x", "", "中x中"),
        ("abcabd", r"(ab)c\1", "<$1>", "", "<ab>d"),
        ("a\nb\n", "^", "-", "m", None),
        ("a\nb\n", ".$", "x", "m", "x\nx\n"),
        ("a\ud800b", "[ab]", "x", "", "x\ud800x"),
    ],
)
def test_replace(text: str, pattern: str, new: str, flags: str, made: str | None) -> None:
    assert evaluate("replace(t, p, n, f)", {"t": text, "p": pattern, "n": new, "f": flags}) == made


@pytest.mark.parametrize(
    ("text", "pattern", "parts"),
    [
        ("a;b;c;;", ";", ["a", "b", "c", "", ""]),
        ("John Doe", r"\s", ["John", "Doe"]),
        ("", ",", [""]),
        ("a, b ,c", r"\s*,\s*", ["a", "b", "c"]),
        ("abc", "[", None),
        ("中，国", "，", ["中", "国"]),
    ],
)
def test_split(text: str, pattern: str, parts: list[str] | None) -> None:
    assert evaluate("split(t, p)", {"t": text, "p": pattern}) == parts


@pytest.mark.parametrize("pattern", ["^(a|aa)+$", "(a*)*$x", "(a+)+b", "(x+x+)+y", "(a|a)*c", "(.*)(.*)(.*)(.*)z"])
def test_what_takes_others_for_ever_takes_no_more_steps_than_the_text_is_long(pattern: str) -> None:
    assert evaluate("matches(t, p)", {"t": "a" * 20_000 + "!", "p": pattern}) is False


_ATOMS = some.sampled_from(["a", "b", ".", "[ab]", "[^a]", "^", "$", "(?:a|ab)", "(b|)"])
_PARTS = some.tuples(_ATOMS, some.sampled_from(["", "", "*", "+?", "?", "{0,2}"])).map("".join)
_BRANCHES = some.lists(_PARTS, min_size=1, max_size=4).map("".join)
_PATTERNS = some.lists(_BRANCHES, min_size=1, max_size=3).map("|".join) | _BRANCHES.map("({})+c?".format)


@given(_PATTERNS, some.text("abc\n", max_size=8), some.sampled_from(["", "m", "s"]))
def test_both_ways_to_match_find_the_same(pattern: str, text: str, flags: str) -> None:
    if "m" in flags and text.endswith("\n"):
        text += "a"  # else RE2 is not asked
    found = regex.read(pattern, flags).search(text)
    stepping = Stepping(parsed(pattern, flags)).search(text, 0)

    assert (found and found[0]) == (stepping and stepping[0])
