"""Builds syntax trees by recursive descent, one method a level of precedence (DMN 1.5,
10.3.1.2)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from rules.feel.bounds import CHAIN
from rules.feel.brackets import COMPARISONS, Brackets
from rules.feel.errors import FeelError
from rules.feel.functions import SPACED
from rules.feel.lexer import Lexer, Token, TokenKind
from rules.feel.syntax import (
    Against,
    Between,
    Binary,
    Call,
    Each,
    Filter,
    If,
    In,
    InstanceOf,
    Literal,
    Match,
    Name,
    Negate,
    Node,
    Path,
    RangeOf,
    UnaryTest,
    UnaryTests,
)
from rules.feel.values import NUMBERS

_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class Parser(Brackets):
    """Parses one text; made for one use. ``names`` are known variables and functions that need the
    lexer's help.

    ``faults`` are what is readable but can only ever give null.
    """

    def __init__(self, text: str, names: frozenset[str], functions: frozenset[str]) -> None:
        lexer = Lexer(text, names, SPACED)
        super().__init__(text, lexer.tokens(), functions)
        self.faults += lexer.faults

    # --- entry points ---

    def expression(self) -> Node:
        """The whole text as one expression."""
        node = self._expression()
        self._end()
        return node

    def unary_tests(self) -> UnaryTests:
        """The whole text as a table cell: ``-``, ``a, b``, ``not(a, b)``."""
        if self._here.kind is TokenKind.END or (self._sees("-") and self._tokens[1].kind is TokenKind.END):
            return UnaryTests()
        if self._here.text == "not" and self._here.kind is TokenKind.NAME and self._tokens[1].text == "(":
            start = self._index
            self._index += 2
            tests = self._tests()
            if self._takes(")") and self._at_end():
                return UnaryTests(tests, negated=True)
            self._index = start  # an expression such as not(a) or b
        tests = self._tests()
        self._end()
        for test in tests if len(tests) > 1 else ():
            # Read as the function, not("a") in a list would be null and match null: never what its
            # author meant.
            if isinstance(test, Match) and isinstance(test.expression, Call) and test.expression.function == "not":
                raise FeelError("not(…) must stand alone in its cell", text=self._text, position=test.at)
        return UnaryTests(tests)

    # --- levels, loosest first ---

    def _expression(self) -> Node:
        self._deeper()
        # A bracket of its own begins: the end of a range around it is none of its business.
        around, self._range_ends = self._range_ends, 0
        node = self._or()
        self._range_ends = around
        self._depth -= 1
        return node

    def _or(self) -> Node:
        return self._chain(self._and, frozenset({"or"}))

    def _and(self) -> Node:
        return self._chain(self._comparison, frozenset({"and"}))

    def _comparison(self) -> Node:
        left, links = self._sum(), 0
        while (compared := self._compared(left)) is not None:
            left, links = compared, links + 1
            if links > CHAIN.limit:
                raise self._too_much(CHAIN)
        return left

    def _compared(self, left: Node) -> Node | None:
        token = self._here
        if token.kind is TokenKind.SIGN and token.text in COMPARISONS:
            self._index += 1
            return Binary(token.text, left, self._operand(), token.position)
        if self._word("between"):
            low = self._sum()
            self._need_word("and")
            return Between(left, low, self._sum(), token.position)
        if self._word("in"):
            return In(left, self._in_tests(), token.position)
        if self._sees_name("instance") and self._sees_name("of", ahead=1):
            self._index += 2
            return InstanceOf(left, self._type(), token.position)
        return None

    def _operand(self) -> Node:
        """What something is compared with; it may be a range such as ``< 5``, then without brackets
        too."""
        token = self._here
        if token.kind is TokenKind.SIGN and token.text in COMPARISONS - {"!=", "="}:
            self._index += 1
            return self._one_ended(token.text, token)
        return self._sum()

    def _sum(self) -> Node:
        return self._chain(self._product, frozenset({"+", "-"}))

    def _product(self) -> Node:
        return self._chain(self._power, frozenset({"*", "/"}))

    def _power(self) -> Node:
        return self._chain(self._negation, frozenset({"**"}))

    def _negation(self) -> Node:
        token = self._here
        if not self._takes("-"):
            return self._postfix()
        self._deeper()
        inner = self._negation()
        self._depth -= 1
        if isinstance(inner, Literal) and isinstance(inner.value, Decimal):
            return Literal(-inner.value, token.position)
        return Negate(inner, token.position)

    def _chain(self, operand: Callable[[], Node], operators: frozenset[str]) -> Node:
        left, links = operand(), 0
        while self._here.text in operators and self._here.kind in (TokenKind.SIGN, TokenKind.KEYWORD):
            token = self._here
            self._index += 1
            links += 1
            if links > CHAIN.limit:
                raise self._too_much(CHAIN)
            left = Binary(token.text, left, operand(), token.position)
        return left

    def _postfix(self) -> Node:
        node = self._primary()
        for _ in range(CHAIN.limit):
            token = self._here
            if self._takes("."):
                node = Path(node, self._name(), token.position)
            elif self._takes("("):
                node = self._invoked(node, token.position)
            elif self._sees("[") and not self._closes_range():
                self._index += 1
                node = Filter(node, self._expression(), token.position)
                self._need("]")
            else:
                return node
        raise self._too_much(CHAIN)

    def _closes_range(self) -> bool:
        """Whether this ``[`` is the open end of a range such as ``]1..5[`` and begins no filter."""
        return self._range_ends > 0 and not self._begins_operand(self._tokens[self._index + 1])

    @staticmethod
    def _begins_operand(token: Token) -> bool:
        opens = token.kind is TokenKind.SIGN and token.text in {"(", "[", "{", "-", "@", "]"}
        return opens or token.kind in (TokenKind.NUMBER, TokenKind.STRING, TokenKind.NAME) or token.text in _CONSTANTS

    # --- primaries ---

    def _primary(self) -> Node:
        token = self._here
        if token.kind is TokenKind.END:
            raise self._error("something is missing")
        self._index += 1
        if token.kind is TokenKind.NUMBER:
            number = NUMBERS.create_decimal(token.text)
            if not number.is_finite():
                self._fault("the number is too large", token.position)
                return Literal(None, token.position)
            return Literal(number, token.position)
        if token.kind is TokenKind.STRING:
            return Literal(token.text, token.position)
        if token.kind is TokenKind.NAME:
            if not self._takes("("):
                return Name(token.text, token.position)
            return self._definition(token) if token.text == "function" else self._call(token)
        if token.kind is TokenKind.KEYWORD:
            return self._keyword(token)
        return self._bracket(token)

    def _keyword(self, token: Token) -> Node:
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text], token.position)
        if token.text == "if":
            condition = self._expression()
            self._need_word("then")
            then = self._expression()
            self._need_word("else")
            return If(condition, then, self._expression(), token.position)
        if token.text in {"for", "some", "every"}:
            iterators = [self._iterator()]
            while self._takes(","):
                iterators.append(self._iterator())
            self._need_word("return" if token.text == "for" else "satisfies")
            return Each(token.text, tuple(iterators), self._expression(), token.position)
        self._index -= 1
        raise self._error(f"“{token.text}” cannot stand here")

    def _iterator(self) -> tuple[str, Node]:
        name = self._new_name("in")
        self._need_word("in")
        low = self._expression()
        return (name, RangeOf(low, self._expression(), True, True, low.at)) if self._takes("..") else (name, low)

    # --- unary tests ---

    def _tests(self) -> tuple[UnaryTest, ...]:
        tests = [self._test()]
        while self._takes(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> UnaryTest:
        token = self._here
        if token.kind is TokenKind.SIGN and token.text in COMPARISONS:
            self._index += 1
            return Against(token.text, self._sum(), token.position)
        return Match(self._expression(), token.position)

    def _in_tests(self) -> tuple[UnaryTest, ...]:
        start = self._index
        if self._takes("("):
            tests = self._tests()
            if self._takes(")"):
                return tests
            self._index = start  # a range that begins with a round bracket
        token = self._here
        if token.kind is TokenKind.SIGN and token.text in COMPARISONS:
            return (self._test(),)
        return (Match(self._sum(), token.position),)
