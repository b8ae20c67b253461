"""Walks along tokens: what stands here, taking it, asking for it."""

from __future__ import annotations

from rules.feel.bounds import NESTING, TEXT
from rules.feel.errors import Bound, FeelError, FeelTooMuch
from rules.feel.lexer import Token, TokenKind, needs_help, normalise

_BREAKS = frozenset("(){}[],")


class NameLearnt(Exception):
    """The text itself gives a name with spaces to something; it has to be cut into tokens once
    more, knowing it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Cursor:
    """A place in a list of tokens; the base of the parser."""

    def __init__(self, text: str, tokens: tuple[Token, ...]) -> None:
        self._text = text
        self._tokens = tokens
        self._index: int = 0
        self._bound: set[str] = set()
        self._depth: int = 0
        self._tried: int = 0

    @property
    def _here(self) -> Token:
        return self._tokens[self._index]

    def _sees(self, sign: str) -> bool:
        return self._here.kind is TokenKind.SIGN and self._here.text == sign

    def _sees_name(self, name: str, ahead: int = 0) -> bool:
        token = self._tokens[min(self._index + ahead, len(self._tokens) - 1)]
        return token.kind is TokenKind.NAME and token.text == name

    def _takes(self, sign: str) -> bool:
        if self._sees(sign):
            self._index += 1
            return True
        return False

    def _word(self, word: str) -> bool:
        if self._here.kind is TokenKind.KEYWORD and self._here.text == word:
            self._index += 1
            return True
        return False

    def _need(self, sign: str) -> None:
        if not self._takes(sign):
            raise self._error(f"“{sign}” is needed before “{self._here.text}”")

    def _need_word(self, word: str) -> None:
        if not self._word(word):
            raise self._error(f"“{word}” is needed before “{self._here.text}”")

    def _name(self) -> str:
        token = self._here
        if token.kind is not TokenKind.NAME:
            raise self._error(f"a name is needed, not “{token.text}”")
        self._index += 1
        return token.text

    def _new_name(self, *ends: str) -> str:
        """A name that the text gives to something, up to one of these signs or keywords; it may
        have spaces.

        Raises:
            NameLearnt: the lexer could not have known it.
        """
        start = self._here
        if start.kind is not TokenKind.NAME:
            raise self._error(f"a name is needed, not “{start.text}”")
        last = self._last_before(ends)
        name = normalise(self._text[start.position : last.end])
        if name != start.text and (start is not last or needs_help(name)):
            raise NameLearnt(name)
        self._bound.add(name)
        return name

    def _last_before(self, ends: tuple[str, ...]) -> Token:
        """Goes on to one of the ends; if there is none within these brackets, as far as a name
        could reach."""
        index = self._index
        while self._tokens[index].text not in ends and self._tokens[index].text not in _BREAKS:
            index += 1
            if self._tokens[index].kind is TokenKind.END:
                break
        if self._tokens[index].text not in ends:
            index = self._index + 1
            while self._tokens[index].kind in (TokenKind.NAME, TokenKind.KEYWORD, TokenKind.NUMBER):
                index += 1
        self._index = index
        return self._tokens[index - 1]

    def _at_end(self) -> bool:
        return self._here.kind is TokenKind.END

    def _end(self) -> None:
        if not self._at_end():
            raise self._error(f"“{self._here.text}” does not belong here")

    def _deeper(self) -> None:
        """One level down; beyond the last one Python's own stack would end.

        Brackets that could be more than one thing are read more than once, and those within them
        again each time.
        """
        self._depth += 1
        self._tried += 1
        if self._depth > NESTING.limit or self._tried > TEXT.limit // 2:
            raise self._too_much(NESTING)

    def _too_much(self, bound: Bound) -> FeelError:
        return FeelTooMuch(bound, text=self._text, position=self._here.position)

    def _error(self, reason: str) -> FeelError:
        return FeelError(reason, text=self._text, position=self._here.position)
