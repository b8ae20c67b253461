"""Reads calls, function definitions and type names (DMN 1.5, 10.3.1.2, rules 36-60)."""

from __future__ import annotations

from rules.feel import times
from rules.feel.cursor import Cursor
from rules.feel.errors import FeelError
from rules.feel.functions import FUNCTIONS, Builtin, placed
from rules.feel.kinds import ANY, SPACED, TypeName
from rules.feel.lexer import Token, TokenKind
from rules.feel.syntax import Call, Define, Invoke, Literal, Name, Node

_MOMENTS = frozenset({"date", "time", "date and time", "duration"})
_SPACED_TYPES = tuple(tuple(name.split()) for name in SPACED)


class Calls(Cursor):
    """A cursor that reads them. What FEEL makes null of, such as a call with a missing argument,
    goes to ``faults``."""

    def __init__(self, text: str, tokens: tuple[Token, ...], functions: frozenset[str]) -> None:
        super().__init__(text, tokens)
        self._own_functions = functions
        self.faults: list[FeelError] = []

    def _expression(self) -> Node:
        raise NotImplementedError

    # --- calls ---

    def _call(self, token: Token) -> Node:
        """Behind ``name(``."""
        arguments, names = self._arguments()
        name, number = token.text, len(arguments)
        if name in {"now", "today"} and not arguments:
            now = Name("now", token.position)
            return now if name == "now" else Call("date", (Call("date and time", (now,)),), token.position)
        builtin = FUNCTIONS.get(name)
        if builtin is None:
            if name not in self._own_functions and name not in self._bound:
                self._fault(f"there is no function “{name}”", token.position)
            return Call(name, arguments, token.position, names)
        if name in _MOMENTS:
            self._must_be_within(arguments)
        if names:
            return self._named(token, builtin, arguments, names)
        if number < builtin.least or (builtin.most is not None and number > builtin.most):
            self._fault(f"{name}() takes {_wanted(builtin.least, builtin.most)}, not {number}", token.position)
            return Literal(None, token.position)
        return Call(name, arguments, token.position)

    def _named(self, token: Token, builtin: Builtin, arguments: tuple[Node, ...], names: tuple[str, ...]) -> Node:
        order = placed(builtin, names)
        if order is None:
            self._fault(f"{token.text}() has no parameters {', '.join(names)}", token.position)
            return Literal(None, token.position)
        given = tuple(Literal(None, token.position) if place is None else arguments[place] for place in order)
        return Call(token.text, given, token.position)

    def _invoked(self, of: Node, position: int) -> Node:
        """Behind ``of(``."""
        arguments, names = self._arguments()
        if isinstance(of, Literal) or (isinstance(of, Call) and of.function == "@"):
            self._fault("this is no function", position)
            return Literal(None, position)
        return Invoke(of, arguments, names, position)

    def _arguments(self) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        arguments: list[Node] = []
        names: list[str] = []
        while not self._takes(")"):
            if arguments:
                self._need(",")
            start = self._here
            name = self._argument_name()
            if arguments and bool(name) != bool(names):
                raise FeelError("either all arguments have names or none", text=self._text, position=start.position)
            if name:
                names.append(name)
            arguments.append(self._expression())
        return tuple(arguments), tuple(names)

    def _argument_name(self) -> str:
        """The name before a colon, or nothing."""
        end = self._index
        while self._tokens[end].kind in (TokenKind.NAME, TokenKind.KEYWORD, TokenKind.NUMBER):
            end += 1
        if end == self._index or self._tokens[end].kind is not TokenKind.SIGN or self._tokens[end].text != ":":
            return ""
        words = [token.text for token in self._tokens[self._index : end]]
        self._index = end + 1
        return " ".join(words)

    def _at_literal(self, token: Token) -> Node:
        """Behind ``@``."""
        text = self._here
        if text.kind is not TokenKind.STRING:
            raise self._error("after @ a string is needed")
        self._index += 1
        self._must_be_within((Literal(text.text, text.position),))
        if times.read(text.text) is None:
            self._fault("after @ stands a date, time, date and time or duration", token.position)
            return Literal(None, token.position)
        return Call("@", (Literal(text.text, text.position),), token.position)

    def _must_be_within(self, arguments: tuple[Node, ...]) -> None:
        """What DMN could tell and these values cannot is refused where it is written: it would be
        null."""
        for node in arguments:
            value = node.value if isinstance(node, Literal) else None
            if isinstance(value, str) and times.beyond(value):
                reason = "durations go up to 999999999 days, times down to nanoseconds"
                raise FeelError(reason, text=self._text, position=node.at)

    def _fault(self, reason: str, position: int) -> None:
        self.faults.append(FeelError(reason, text=self._text, position=position))

    # --- function definitions and types ---

    def _definition(self, token: Token) -> Node:
        """Behind ``function(``."""
        parameters: list[tuple[str, TypeName | None]] = []
        while not self._takes(")"):
            if parameters:
                self._need(",")
            name = self._new_name(":", ",", ")")
            parameters.append((name, self._type() if self._takes(":") else None))
        if self._sees_name("external"):
            raise self._error("a function of another language is not supported")
        return Define(tuple(parameters), self._expression(), token.position)

    def _type(self) -> TypeName:
        self._deeper()
        found = self._type_written()
        self._depth -= 1
        return found

    def _type_written(self) -> TypeName:
        name = self._type_name()
        if name in {"list", "range"} and self._takes("<"):
            inner = self._type()
            self._need(">")
            return TypeName(name, () if inner == ANY else (inner,))
        if name == "context" and self._takes("<"):
            return TypeName(name, members=tuple(self._members()))
        if name == "function" and self._takes("<"):
            parameters: list[TypeName] = []
            while not self._takes(">"):
                if parameters:
                    self._need(",")
                parameters.append(self._type())
            self._need("->")
            return TypeName(name, tuple(parameters), result=self._type())
        return TypeName(name)

    def _type_name(self) -> str:
        for words in _SPACED_TYPES:
            ahead = self._tokens[self._index : self._index + len(words)]
            if tuple(token.text for token in ahead) == words:
                self._index += len(words)
                return " ".join(words)
        if self._here.kind is TokenKind.KEYWORD:
            raise self._error("a type is needed")
        name = self._name()
        while self._takes("."):
            name += f".{self._name()}"
        return name

    def _members(self) -> list[tuple[str, TypeName]]:
        members: list[tuple[str, TypeName]] = []
        while not self._takes(">"):
            if members:
                self._need(",")
            name = self._new_name(":")
            self._need(":")
            members.append((name, self._type()))
        return members


def _wanted(least: int, most: int | None) -> str:
    if most is None:
        return f"at least {least} argument{'s' if least != 1 else ''}"
    if least == most:
        return f"{least} argument{'s' if least != 1 else ''}"
    return f"{least} to {most} arguments"
