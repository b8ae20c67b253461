"""Writes blocks as the text of a diagram (see ``diagrams``): leaves, gateways and what begins a
process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any, NamedTuple

from tests.workflows.bpmn.simulation.blocks import Block


class Piece(NamedTuple):
    """Lines that say one block: a token goes in at ``first`` and comes out of ``last``."""

    first: str
    last: str
    lines: list[str]


@dataclass
class Names:
    """What can happen to a diagram from outside, by name."""

    messages: list[str] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cures: dict[str, Any] = field(default_factory=dict)
    """Variables without which a token is stuck, with values that help."""


class Writer:
    """Ids and names are counted. ``called`` are the lines of the processes that are called,
    ``blocks`` where blocks begin and end, ``undoes`` what is surely undone by what."""

    def __init__(self) -> None:
        self.number = count(1)
        self.names = Names()
        self.called: list[str] = []
        self.blocks: list[tuple[str, str]] = []
        self.undoes: list[tuple[str, str]] = []

    def new(self, prefix: str) -> str:
        return f"{prefix}{next(self.number)}"

    def message(self) -> str:
        return _kept(self.names.messages, self.new("m"))

    def signal(self) -> str:
        return _kept(self.names.signals, self.new("sig"))

    def condition(self) -> str:
        return _kept(self.names.conditions, self.new("c"))

    def error(self) -> str:
        return _kept(self.names.errors, self.new("E"))

    def cure(self, value: Any) -> str:
        """A variable that has to be corrected to this value before a token can go on."""
        name = self.new("cure")
        self.names.cures[name] = value
        return name

    def trigger(self, kind: str) -> str:
        """What a catching event waits for."""
        match kind:
            case "message":
                return f"message {self.message()}"
            case "signal":
                return f"signal {self.signal()}"
            case "conditional":
                return f"conditional {self.condition()}"
            case "timer":
                return "timer PT2H"
            case "cycle":
                return "timer R3/PT1H"
            case "late":
                return f"timer ={self.cure('PT2H')}"
            case "any":
                return f"any message {self.message()}, signal {self.signal()}, timer PT9H"
            case "all":
                return f"all message {self.message()}, signal {self.signal()}, timer PT1H"
            case "all true":
                return f"all conditional {self.condition()}, message {self.message()}"
            case _:
                return f"{kind} {self.error()}"

    # -- blocks -----------------------------------------------------------------------------------

    def write(self, block: Block) -> Piece:
        """Any block."""
        if isinstance(block, str):
            piece = LEAVES[block](self) if block in LEAVES else self.leaf(block)
        else:
            kind, variant, parts = block
            piece = COMPOSITES[kind](self, variant, parts)
        self.blocks.append((piece.first, piece.last))
        return piece

    def row(self, parts: Sequence[Block]) -> Piece:
        """One after the other."""
        pieces = [self.write(part) for part in parts]
        lines = [line for piece in pieces for line in piece.lines]
        lines += [f"{one.last} -> {other.first}" for one, other in pairwise(pieces)]
        return Piece(pieces[0].first, pieces[-1].last, lines)

    def body(self, parts: Sequence[Block], *, end: str = "", begins: bool = True) -> list[str]:
        """What is in a scope, from its start event (or without one) to its end event."""
        row = self.row(parts)
        start = self.new("start")
        lines = [f"{start} -> {row.first}"] if begins else [f"{self.new('j')}:manual -> {row.first}"]
        return [*row.lines, *lines, f"{row.last} -> {self.new('end')}{end}"]

    def leaf(self, kind: str) -> Piece:
        name = self.new("n")
        return Piece(name, name, [f"{name}:{_LEAF[kind](self)}"])


def _kept(names: list[str], name: str) -> str:
    names.append(name)
    return name


_LEAF: dict[str, Callable[[Writer], str]] = {
    "user": lambda w: "user",
    "service": lambda w: "service",
    "rule": lambda w: "rule(grade)",
    "script": lambda w: "script({n: 1})",
    "task": lambda w: "task",
    "manual": lambda w: "manual",
    "send": lambda w: f"send({w.new('out')})",
    "receive": lambda w: f"receive({w.message()})",
    "milestone": lambda w: "throw",
    "send event": lambda w: f"throw(message {w.new('out')})",
    "escalate": lambda w: f"throw(escalation {w.new('up')})",
    "several": lambda w: f"throw(any message {w.new('out')}, signal {w.new('sig')}, escalation {w.new('up')})",
    **{kind: (lambda w, kind=kind: f"catch({w.trigger(kind)})") for kind in ("timer", "message", "signal")},
    **{kind: (lambda w, kind=kind: f"catch({w.trigger(kind)})") for kind in ("conditional", "any", "all")},
}


def _link(writer: Writer) -> Piece:
    throw, catch, name = writer.new("n"), writer.new("n"), writer.new("link")
    return Piece(throw, catch, [f"{throw}:throw(link {name})", f"{catch}:catch(link {name})"])


def _shout(writer: Writer) -> Piece:
    """A signal that is heard in the same instance."""
    fork, join, name = writer.new("fork"), writer.new("join"), writer.new("sig")
    lines = [f"{fork}:and -> {writer.new('n')}:catch(signal {name}) -> {join}:and"]
    return Piece(fork, join, [*lines, f"{fork} -> {writer.new('n')}:throw(signal {name}) -> {join}"])


def _race(writer: Writer) -> Piece:
    race, merge = writer.new("race"), writer.new("merge")
    lines = [f"{race}:race -> {writer.new('n')}:receive({writer.message()}) -> {merge}:xor"]
    for kind in ("message", "timer", "signal", "conditional", "all"):
        lines.append(f"{race} -> {writer.new('n')}:catch({writer.trigger(kind)}) -> {merge}")
    return Piece(race, merge, lines)


def _late(writer: Writer) -> Piece:
    """Cannot begin until a variable is corrected."""
    name = writer.new("n")
    return Piece(name, name, [f"{name}:catch(timer ={writer.cure('PT1H')})"])


def _narrow(writer: Writer) -> Piece:
    """Is done but cannot leave until a variable is corrected."""
    name, after = writer.new("n"), writer.new("n")
    return Piece(name, after, [f"{name}:user -[{writer.cure(True)}]-> {after}:manual"])


def _gather(writer: Writer) -> Piece:
    """Two tokens out of one, and one out of two."""
    double, single = writer.new("n"), writer.new("n")
    lines = [f"{double}:user -> {single}:service"]
    lines += [f'{double}.set completionQuantity="2"', f'{single}.set startQuantity="2"']
    return Piece(double, single, lines)


LEAVES: dict[str, Callable[[Writer], Piece]] = {"link": _link, "shout": _shout, "race": _race, "gather": _gather}
LEAVES |= {"late": _late, "narrow": _narrow}
COMPOSITES: dict[str, Callable[[Writer, int, list[Block]], Piece]] = {}
"""How the kinds of composites are written; ``gateways`` and ``scopes`` fill it."""


@dataclass(frozen=True)
class Drawn:
    """A diagram, what it is begun with and what can happen to it."""

    text: str
    names: Names
    begin: dict[str, Any]
    blocks: list[tuple[str, str]] = field(default_factory=list)
    """First and last element of each block: as many tokens come out as went in."""
    undoes: list[tuple[str, str]] = field(default_factory=list)
    """Activities that are undone whenever they are done, and what undoes them."""
