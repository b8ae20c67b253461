"""Small Java expressions as S-FEEL: the conditions of suites that were written for Java engines.

What is not surely the same in both languages (division, remainder, calls of one's own) is not
guessed at: it raises ``Untranslatable``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple


class Untranslatable(ValueError):
    """The text has no certain equal in S-FEEL; the message says which part."""


class _Feel(NamedTuple):
    """A translated part; a ``compound`` one needs parentheses inside another."""

    text: str
    compound: bool = False

    def inside(self) -> str:
        return f"({self.text})" if self.compound else self.text


_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)[LlDdFf]?(?![\w.])
    |(?P<name>[A-Za-z_]\w*)
    |(?P<text>"(?:[^"\\\n]|\\["'\\nrt])*"|'(?:[^'\\\n]|\\["'\\nrt])*')
    |(?P<sign>\|\||&&|[=!<>]=|[-+*<>!().,]))""",
    re.VERBOSE | re.ASCII,
)

_BINARY: Final[tuple[Mapping[str, str], ...]] = (
    {"||": "or"},
    {"&&": "and"},
    {"==": "=", "!=": "!="},
    {sign: sign for sign in ("<", "<=", ">", ">=")},
    {sign: sign for sign in ("+", "-")},
    {"*": "*"},
)
"""Operators of Java and what they are in FEEL, the loosest first."""

_METHODS: Final[Mapping[tuple[str, int], Callable[..., _Feel]]] = {
    ("contains", 1): lambda it, part: _Feel(f"contains({it.text}, {part.text})"),
    ("startsWith", 1): lambda it, part: _Feel(f"starts with({it.text}, {part.text})"),
    ("endsWith", 1): lambda it, part: _Feel(f"ends with({it.text}, {part.text})"),
    ("equals", 1): lambda it, other: _Feel(f"{it.inside()} = {other.inside()}", compound=True),
    ("equalsIgnoreCase", 1): lambda it, other: _Feel(
        f"lower case({it.text}) = lower case({other.text})", compound=True
    ),
    ("isEmpty", 0): lambda it: _Feel(f'{it.inside()} = ""', compound=True),
    ("length", 0): lambda it: _Feel(f"string length({it.text})"),
    ("toLowerCase", 0): lambda it: _Feel(f"lower case({it.text})"),
    ("toUpperCase", 0): lambda it: _Feel(f"upper case({it.text})"),
    ("booleanValue", 0): lambda it: it,
    ("intValue", 0): lambda it: it,
}
"""Methods by name and number of arguments."""

_WORDS: Final = {"true", "false", "null"}
"""The same in both languages."""


def to_feel(java: str) -> str:
    """The S-FEEL of one Java (or ``${…}``) expression.

    Raises:
        Untranslatable: some of it is not surely the same in FEEL.
    """
    text = java.strip()
    if text[:2] in ("${", "#{") and text.endswith("}"):
        text = text[2:-1]
    return _Translator(text).whole().text


class _Translator:
    """Reads one text by recursive descent; made for one use."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [*_tokens(text), ""]
        self._at = 0

    def whole(self) -> _Feel:
        found = self._binary(0)
        if self._next:
            raise self._lost()
        return found

    def _binary(self, level: int) -> _Feel:
        if level == len(_BINARY):
            return self._unary()
        left = self._binary(level + 1)
        while sign := _BINARY[level].get(self._next):
            self._take()
            right = self._binary(level + 1)
            left = _Feel(f"{left.inside()} {sign} {right.inside()}", compound=True)
        return left

    def _unary(self) -> _Feel:
        if self._next == "!":
            self._take()
            return _Feel(f"not({self._unary().text})")
        if self._next == "-":
            self._take()
            return _Feel(f"-{self._unary().inside()}", compound=True)
        found = self._primary()
        while self._next == ".":
            self._take()
            found = self._method(found)
        return found

    def _primary(self) -> _Feel:
        token = self._next
        if token == "(":
            self._take()
            found = self._binary(0)
            self._expect(")")
            return found
        if token[:1] in ('"', "'"):
            return _Feel(_literal(self._take()))
        if token in _WORDS or token[:1].isdigit():
            return _Feel(self._take())
        if token.isidentifier():
            self._take()
            if self._next == "(":
                raise Untranslatable(f"the call of {token} in {self._text!r} has no equal in FEEL")
            return _Feel(token)
        raise self._lost()

    def _method(self, it: _Feel) -> _Feel:
        name = self._take()
        self._expect("(")
        arguments: list[_Feel] = []
        while self._next != ")":
            if arguments:
                self._expect(",")
            arguments.append(self._binary(0))
        self._expect(")")
        known = _METHODS.get((name, len(arguments)))
        if known is None:
            raise Untranslatable(f"the method {name} in {self._text!r} has no equal in FEEL")
        return known(it, *arguments)

    @property
    def _next(self) -> str:
        return self._tokens[self._at]

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, sign: str) -> None:
        if self._next != sign:
            raise self._lost()
        self._take()

    def _lost(self) -> Untranslatable:
        return Untranslatable(f"{self._text!r} cannot be translated at {self._next or 'its end'!r}")


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        token = _TOKEN.match(text, position)
        if token is None:
            raise Untranslatable(f"{text!r} cannot be translated at {text[position:].strip()[:10]!r}")
        found.append(token[token.lastgroup or 0])
        position = token.end()
    return found


def _literal(java: str) -> str:
    """A text in double quotes, which FEEL wants; both languages have the same escapes."""
    inner = java[1:-1]
    return java if java[0] == '"' else '"' + re.sub(r'(?<!\\)"', r"\\" + '"', inner) + '"'
