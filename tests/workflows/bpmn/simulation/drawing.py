"""Draws a block as a whole diagram: how the process begins, and a way to halt it at any moment."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from tests.workflows.bpmn.simulation import gateways, scopes
from tests.workflows.bpmn.simulation.blocks import BEGINNINGS, BLOCKS, Block
from tests.workflows.bpmn.simulation.writer import Drawn, Writer

HALT: Final = "halt"
"""The message that cancels everything in a diagram that can be halted; then only task ``rest`` is
left."""

_STARTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "plain": ("start -> {first}", {}),
    "implicit": ("begun:manual -> {first}", {}),
    "message": ("start:start(message hello) -> {first}", {"message": "hello"}),
    "signal": ("start:start(signal hello) -> {first}", {"signal": "hello"}),
    "timer": ("start:start(timer PT1H) -> {first}", {}),
    "conditional": ("start:start(conditional hello) -> {first}", {"start": "start"}),
    "any": ("start:start(any message hello, signal hi) -> {first}", {"signal": "hi"}),
    "receive": ('begun:receive(hello) -> {first}\nbegun.set instantiate="true"', {"message": "hello"}),
    "race": (
        "begun:race -> heard:catch(message hello) -> merged:xor -> {first}\n"
        'begun -> told:catch(signal hi) -> merged\nbegun.set instantiate="true"',
        {"signal": "hi"},
    ),
    "several": (
        "start -> merged:xor -> {first}\nhello:start(message hello) -> merged\ndaily:start(timer PT1H) -> merged\n"
        "called:start(signal hi) -> merged\nseen:start(conditional hello) -> merged",
        {"start": "seen"},
    ),
}


def diagram(block: Block, *, beginning: str = "plain", halting: bool = False) -> Drawn:
    """The text of process p around the block, with what it needs to begin."""
    assert gateways and scopes  # they register what they write
    writer = Writer()
    start, begin = _STARTS[beginning]
    if halting:
        lines = ["all:sub", start.format(first="all"), "all -> over:end"]
        lines.append(f"all!cut:message {HALT} -> rest:user -> cutting:end")
        lines += ["all {", *writer.body([block]), "}"]
    else:
        row = writer.row([block])
        lines = [*row.lines, start.format(first=row.first), f"{row.last} -> over:end"]
    return Drawn("\n".join([*lines, *writer.called]), writer.names, begin, writer.blocks, writer.undoes)


def diagrams() -> st.SearchStrategy[Drawn]:
    """Random diagrams over all elements."""
    return st.builds(
        lambda block, beginning, halting: diagram(block, beginning=beginning, halting=halting),
        BLOCKS,
        st.sampled_from(BEGINNINGS),
        st.booleans(),
    )
