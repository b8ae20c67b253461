"""Walks along tokens: what stands here, taking it, asking for it."""

from __future__ import annotations

from rules.feel.errors import FeelError
from rules.feel.lexer import Kind, Token


class Cursor:
    """A place in a list of tokens; the base of the parser."""

    def __init__(self, text: str, tokens: tuple[Token, ...]) -> None:
        self._text = text
        self._tokens = tokens
        self._index = 0

    @property
    def _here(self) -> Token:
        return self._tokens[self._index]

    def _sees(self, sign: str) -> bool:
        return self._here.kind is Kind.SIGN and self._here.text == sign

    def _takes(self, sign: str) -> bool:
        if self._sees(sign):
            self._index += 1
            return True
        return False

    def _word(self, word: str) -> bool:
        if self._here.kind is Kind.KEYWORD and self._here.text == word:
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
        if token.kind is not Kind.NAME:
            raise self._error(f"a name is needed, not “{token.text}”")
        self._index += 1
        return token.text

    def _at_end(self) -> bool:
        return self._here.kind is Kind.END

    def _end(self) -> None:
        if not self._at_end():
            raise self._error(f"“{self._here.text}” does not belong here")

    def _error(self, reason: str) -> FeelError:
        return FeelError(reason, text=self._text, position=self._here.position)
