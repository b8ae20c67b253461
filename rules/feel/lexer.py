"""Cuts FEEL text into tokens (DMN 1.5, 10.3.1.2). What FEEL reads and makes null of is gathered as
``faults``.

A FEEL name may contain spaces and operators. Two kinds are known here: names given by the caller
(``names``), which win wherever they fit, longest first; and built-in functions with spaces, which
need their parenthesis to be names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rules.feel.bounds import TEXT
from rules.feel.errors import FeelError, FeelTooMuch


class TokenKind(Enum):
    NUMBER = "number"
    STRING = "string"
    NAME = "name"
    KEYWORD = "keyword"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``text`` is the value for strings and the normalised name for names."""

    kind: TokenKind
    text: str
    position: int
    end: int


KEYWORDS = frozenset(
    "if then else for in return some every satisfies and or between true false null".split()  # noqa: SIM905
)

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
_NAME = re.compile("(?:[^\\W\\d]|[\U00010000-\U000effff]|\\?)(?:\\w|[\U00010000-\U000effff\u00b7\u0300-\u036f])*")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_SIGN = re.compile(r"\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{},.:@]")
_ESCAPE = re.compile(
    r"\\(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL
)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SPACED_PROPERTIES = ("time offset", "start included", "end included")


def normalise(name: str) -> str:
    """A name with its runs of white space made single spaces."""
    return " ".join(name.split())


def needs_help(name: str) -> bool:
    """Whether the lexer cannot recognise this name on its own (spaces, operators, keywords)."""
    return name in KEYWORDS or _NAME.fullmatch(name) is None


class Lexer:
    """Turns one text into a list of tokens; made for one use."""

    def __init__(self, text: str, names: frozenset[str], spaced_functions: tuple[str, ...]) -> None:
        self._text = text
        # A blank name would match everywhere without getting on, for ever.
        self._known = _pattern(frozenset(name for name in names if name.strip()))
        self._functions = _pattern(spaced_functions, suffix=r"(?=\s*\()")
        self._properties = _pattern(_SPACED_PROPERTIES)
        self.faults: list[FeelError] = []

    def tokens(self) -> tuple[Token, ...]:
        """All tokens, the last of kind END.

        Raises:
            FeelError: a character that begins nothing, an open string, or a text beyond 20,000
            characters.
        """
        if len(self._text) > TEXT.limit:
            raise FeelTooMuch(TEXT)
        found: list[Token] = []
        position = 0
        while True:
            space = _SPACE.match(self._text, position)
            position = space.end() if space else position
            if position >= len(self._text):
                found.append(Token(TokenKind.END, "the end", position, position))
                return tuple(found)
            token = self._next(position, after_dot=bool(found) and found[-1].text == ".")
            found.append(token)
            position = token.end

    def _next(self, position: int, *, after_dot: bool) -> Token:
        text = self._text
        for pattern in (self._known, self._properties if after_dot else self._functions):
            if pattern and (spaced := pattern.match(text, position)):
                return Token(TokenKind.NAME, normalise(spaced[0]), position, spaced.end())
        if number := _NUMBER.match(text, position):
            return Token(TokenKind.NUMBER, number[0], position, number.end())
        if name := _NAME.match(text, position):
            kind = TokenKind.KEYWORD if name[0] in KEYWORDS and not after_dot else TokenKind.NAME
            return Token(kind, name[0], position, name.end())
        if string := _STRING.match(text, position):
            return Token(TokenKind.STRING, self._unescape(string[0][1:-1], position), position, string.end())
        if sign := _SIGN.match(text, position):
            return Token(TokenKind.SIGN, sign[0], position, sign.end())
        if text[position] == '"':
            raise FeelError("a string is not closed", text=text, position=position)
        raise FeelError(f"the character {text[position]!r} means nothing here", text=text, position=position)

    def _unescape(self, inner: str, position: int) -> str:
        def plain(match: re.Match[str]) -> str:
            code = match[1]
            if len(code) > 1:
                number = _code_point(code)
                if number > 0x10FFFF or 0xD800 <= number < 0xE000:  # half a character could be stored nowhere
                    raise FeelError(f"\\{code} is no character", text=self._text, position=position)
                return chr(number)
            if code not in _PLAIN_ESCAPES:
                self.faults.append(FeelError(f"\\{code} is no known escape", text=self._text, position=position))
                return match[0]
            return _PLAIN_ESCAPES[code]

        return _ESCAPE.sub(plain, inner) if "\\" in inner else inner


def _code_point(code: str) -> int:
    """Of ``u7ebf`` or ``U01f40e``, or of two halves as other languages write what goes beyond 16
    bits."""
    if "\\" not in code:
        return int(code[1:], 16)
    high, _, low = code.partition("\\")
    return 0x10000 + ((int(high[1:], 16) - 0xD800) << 10) + (int(low[1:], 16) - 0xDC00)


@lru_cache(256)
def _pattern(names: frozenset[str] | tuple[str, ...], suffix: str = r"(?!\w)") -> re.Pattern[str] | None:
    """One pattern for all given names, longest first, any white space between their words."""
    if not names:
        return None
    words = (r"\s+".join(map(re.escape, name.split())) for name in sorted(names, key=len, reverse=True))
    return re.compile(f"(?:{'|'.join(words)}){suffix}")
