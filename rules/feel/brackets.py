"""Reads what stands between brackets: groups, lists, contexts and ranges (DMN 1.5, 10.3.1.2)."""

from __future__ import annotations

from collections.abc import Callable

from rules.feel.calls import Calls
from rules.feel.lexer import Token, TokenKind
from rules.feel.syntax import ContextOf, ListOf, Node, RangeOf

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


class Brackets(Calls):
    """A cursor that reads them."""

    def __init__(self, text: str, tokens: tuple[Token, ...], functions: frozenset[str]) -> None:
        super().__init__(text, tokens, functions)
        self._range_ends: int = 0

    def _sum(self) -> Node:
        raise NotImplementedError

    def _bracket(self, token: Token) -> Node:
        match token.text:
            case "(":
                sign = self._here
                if sign.kind is TokenKind.SIGN and sign.text in COMPARISONS:
                    self._index += 1
                    inner = self._one_ended(sign.text, token)
                    self._need(")")
                    return inner
                return self._range_or(token, closed=False, otherwise=self._group)
            case "[":
                if self._takes("]"):
                    return ListOf((), token.position)
                return self._range_or(token, closed=True, otherwise=self._list)
            case "]":
                return self._range_or(token, closed=False, otherwise=self._no_range)
            case "{":
                return self._context(token)
            case "@":
                return self._at_literal(token)
            case _:
                self._index -= 1
                raise self._error(f"“{token.text}” cannot stand here")

    def _one_ended(self, sign: str, token: Token) -> Node:
        """``(< 5)``: a range without its other end; ``(= 5)`` and ``(!= 5)`` have the same one on
        both sides."""
        self._deeper()
        end = self._sum()
        self._depth -= 1
        closed = "=" in sign
        low, high = (None if sign in {"<", "<="} else end), (None if sign in {">", ">="} else end)
        return RangeOf(low, high, closed and low is not None, closed and high is not None, token.position, sign)

    def _range_or(self, token: Token, *, closed: bool, otherwise: Callable[[Node, Token], Node]) -> Node:
        first = self._expression()
        if not self._takes(".."):
            return otherwise(first, token)
        self._range_ends += 1
        self._deeper()
        high = self._sum()
        self._depth -= 1
        self._range_ends -= 1
        end = self._here
        if end.text not in {"]", ")", "["} or end.kind is not TokenKind.SIGN:
            raise self._error("a range ends with ], ) or [")
        self._index += 1
        return RangeOf(first, high, closed, end.text == "]", token.position)

    def _group(self, inner: Node, token: Token) -> Node:
        self._need(")")
        return inner

    def _list(self, first: Node, token: Token) -> Node:
        items = [first]
        while self._takes(","):
            items.append(self._expression())
        self._need("]")
        return ListOf(tuple(items), token.position)

    def _no_range(self, inner: Node, token: Token) -> Node:
        raise self._error("a range needs “..” between its ends")

    def _context(self, token: Token) -> Node:
        entries: list[tuple[str, Node]] = []
        while not self._takes("}"):
            if entries:
                self._need(",")
            key = self._key()
            self._need(":")
            entries.append((key, self._expression()))
        return ContextOf(tuple(entries), token.position)

    def _key(self) -> str:
        if self._here.kind is TokenKind.STRING:
            self._index += 1
            return self._tokens[self._index - 1].text
        return self._new_name(":")
