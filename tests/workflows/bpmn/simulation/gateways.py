"""Writes blocks that split and join, or go round."""

from __future__ import annotations

from tests.workflows.bpmn.simulation.blocks import Block
from tests.workflows.bpmn.simulation.writer import COMPOSITES, Piece, Writer


def _seq(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    return writer.row(parts)


def _branches(writer: Writer, split: str, join: str, parts: list[Block], conditions: list[str]) -> list[str]:
    lines: list[str] = []
    for part, condition in zip(parts, conditions, strict=False):
        piece = writer.write(part)
        lines += [*piece.lines, f"{split} {condition}> {piece.first}", f"{piece.last} -> {join}"]
    return lines


def _and(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    fork, join = writer.new("fork"), writer.new("join")
    lines = [f"{fork}:and", f"{join}:and", *_branches(writer, fork, join, [*parts, "manual"], ["-"] * 4)]
    return Piece(fork, join, lines)


def _xor(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    split, merge = writer.new("split"), writer.new("merge")
    conditions = [f"-[n = {number}]-" for number in range(3)]
    lines = [f"{split}:xor", f"{merge}:xor", *_branches(writer, split, merge, parts, conditions)]
    return Piece(split, merge, [*lines, f"{split} -[else]-> {merge}"])


def _or(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    split, join = writer.new("split"), writer.new("join")
    conditions = [f"-[n >= {number}]-" for number in range(variant % 3, 4)]
    if variant % 2:
        conditions[0] = "-"
    lines = [f"{split}:or", f"{join}:or", *_branches(writer, split, join, parts[: len(conditions)], conditions)]
    return Piece(split, join, [*lines, f"{split} -[else]-> {writer.new('n')}:user -> {join}"])


def _ways(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    """Conditional flows and a default that leave an activity."""
    split, join = writer.new("n"), writer.new("join")
    conditions = ["-[n > 0]-", "-[n > 1]-", "-"]
    lines = [f"{split}:user", f"{join}:or", *_branches(writer, split, join, parts, conditions)]
    return Piece(split, join, [*lines, f"{split} -[else]-> {join}"])


def _complex(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    fork, join = writer.new("fork"), writer.new("join")
    needed = variant % (len(parts) + 1) + 1
    lines = [f"{fork}:and", f"{join}:complex(activationCount >= {needed})"]
    return Piece(fork, join, [*lines, *_branches(writer, fork, join, [*parts, "user"], ["-"] * 4)])


def _again(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    """Goes round once more, by flows."""
    merge, check, counted = writer.new("merge"), writer.new("split"), writer.new("i")
    piece, leave = writer.row(parts), writer.new("n")
    counting = f"script({{{counted}: if {counted} = null then 1 else {counted} + 1}})"
    lines = [*piece.lines, f"{merge}:xor -> {piece.first}", f"{piece.last} -> {writer.new('n')}:{counting}"]
    lines[-1] += f" -> {check}:xor -[{counted} < 2]-> {merge}"
    return Piece(merge, leave, [*lines, f"{check} -[else]-> {leave}:manual"])


COMPOSITES.update(
    {
        "seq": _seq,
        "and": _and,
        "xor": _xor,
        "or": _or,
        "ways": _ways,
        "complex": _complex,
        "again": _again,
    }
)
