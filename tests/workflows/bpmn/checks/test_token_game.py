"""What is said about joins, merges and loops is certain: a token game over random drawings never
contradicts it."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.bpmn.diagrams import bpmn
from workflows.bpmn import Element, ModelRefused, Process, read, reading
from workflows.bpmn.validate import structure

Drawing = tuple[list[str], list[tuple[int, int]]]

KINDS = ["user", "xor", "xor", "and", "and"]
AUTOMATIC = ["task", "task", "xor", "and"]


def drawings(kinds: list[str]) -> st.SearchStrategy[Drawing]:
    """Between two and eight nodes of these kinds, and pairs of them."""
    return st.integers(2, 8).flatmap(
        lambda size: st.tuples(
            st.lists(st.sampled_from(kinds), min_size=size, max_size=size),
            st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), min_size=size, max_size=2 * size),
        )
    )


def text(drawing: Drawing) -> str:
    """Nodes n0, n1 …, each led to from an earlier one; now and then a flow back; ends behind what
    leads nowhere."""
    kinds, drawn = drawing
    after: dict[int, list[int]] = {node: [] for node in range(len(kinds))}
    for number, (one, other) in enumerate(drawn):
        if 0 < number < len(kinds):
            after[one % number].append(number)
        elif other not in after[one] and (one < other or number % 7 == 6):
            after[one].append(other)
    lines = ["start -> n0:" + kinds[0], *(f"n{node}:{kind}" for node, kind in enumerate(kinds))]
    for node, targets in after.items():
        if not targets:
            lines.append(f"n{node} -> end{node}")
        for place, target in enumerate(targets):
            chosen = kinds[node] == "xor" and len(targets) > 1
            arrow = (f"-[n = {place}]->" if place else "-[else]->") if chosen else "->"
            lines.append(f"n{node} {arrow} n{target}")
    return "\n".join(lines)


def play(process: Process, random: Random) -> tuple[Counter[str], bool]:
    """Moves tokens at random: how often each element was left, and whether all came to rest within
    the time."""
    waiting: Counter[str] = Counter(process.elements["start"].outgoing[0].id for _ in (1,))
    passed: Counter[str] = Counter()
    for _ in range(200):
        ready = [e for e in process.elements.values() if e.incoming and _ready(e, waiting)]
        if not ready:
            return passed, True
        element = random.choice(ready)
        taken = [flow.id for flow in element.incoming if waiting[flow.id]]
        waiting.subtract(taken if element.tag == "parallelGateway" else [random.choice(taken)])
        passed[element.id] += 1
        flows = element.outgoing
        waiting.update(flow.id for flow in ([random.choice(flows)] if element.tag == "exclusiveGateway" else flows))
    return passed, False


def _ready(element: Element, waiting: Counter[str]) -> bool:
    enough = all if element.tag == "parallelGateway" else any
    return enough(waiting[flow.id] for flow in element.incoming)


def read_or_none(drawing: Drawing) -> Process | None:
    try:
        return read(bpmn(text(drawing))).processes["p"]
    except ModelRefused:
        return None


@settings(max_examples=300)
@given(drawings(KINDS), st.integers(0, 2**32))
def test_what_is_said_about_joins_and_merges_holds_however_the_tokens_move(drawing: Drawing, seed: int) -> None:
    process = read_or_none(drawing)
    if process is None:
        return
    found = structure(process)
    random = Random(seed)
    for _ in range(10):
        passed, rested = play(process, random)
        for problem in found:
            if problem.code == "join_never":
                assert passed[problem.element] == 0, f"{problem}:\n{text(drawing)}"
            elif problem.code == "merge_doubles" and rested:
                split = problem.message.split()[3]  # "both branches of … pass here"
                assert passed[problem.element] > passed[split] or not passed[split], f"{problem}:\n{text(drawing)}"


@settings(max_examples=200)
@given(drawings(AUTOMATIC), st.integers(0, 2**32))
def test_a_loop_that_is_refused_as_endless_never_rests_once_it_is_entered(drawing: Drawing, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "structure", lambda process: ())  # or it would be refused before it can be played
        process = read_or_none(drawing)
    assert process is not None
    loops = [problem.element for problem in structure(process) if problem.code == "endless_loop"]
    random = Random(seed)
    for _ in range(10):
        passed, rested = play(process, random)
        assert not rested or not any(passed[name] for name in loops), text(drawing)


def test_the_game_meets_joins_that_complete_and_merges_that_double() -> None:
    joined = read_or_none((["and", "user", "user", "and"], [(0, 0), (0, 0), (0, 0), (1, 0), (2, 3)]))
    doubled = read_or_none((["and", "user", "user", "xor"], [(0, 0), (0, 0), (0, 0), (1, 0), (2, 3)]))
    assert joined is not None and doubled is not None
    assert play(joined, Random(1))[0]["n3"] == 1
    assert play(doubled, Random(1))[0]["n3"] == 2
