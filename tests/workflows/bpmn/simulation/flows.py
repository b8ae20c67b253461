"""Tokens counted along the flows: none is lost, none comes out of nothing (BPMN 2.0.2, 13.2-13.4).

A second opinion that knows nothing of how the interpreter works: it counts what the trace says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from workflows.bpmn import Element, Program, Visit

CHOOSING = frozenset({"inclusiveGateway", "complexGateway"})


def unbalanced(program: Program, trace: Iterable[Visit]) -> Iterator[str]:
    """Elements after which there are more or fewer tokens than their kind may give."""
    came, left = counted(trace)
    for process in program.values():
        for element in process.elements.values():
            if element.outgoing:
                out = [came[flow.id] for flow in element.outgoing]
                if not _fits(element, left[element.id], out):
                    yield f"{left[element.id]} tokens have left {element.id}, its flows got {out}"


def leaking(program: Program, trace: Iterable[Visit], blocks: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Blocks with one way in and one way out, out of which have come more tokens than went in."""
    came, _ = counted(trace)
    elements = {element.id: element for process in program.values() for element in process.elements.values()}
    for first, last in blocks:
        into = sum(came[flow.id] for flow in elements[first].incoming)
        out = sum(came[flow.id] for flow in elements[last].outgoing)
        if elements[first].incoming and out > into:
            yield f"{into} tokens went into {first}, {out} came out of {last}"


def outlived(program: Program, fresh: Sequence[Visit]) -> Iterator[str]:
    """Activities that live on although an event at their boundary has interrupted them, in one
    activation's trace."""
    cancelled: set[str] = set()
    for visit in fresh:
        element = program[visit.process].elements[visit.element]
        if visit.what == "cancelled":
            cancelled.add(visit.element)
        elif visit.what == "entered" and element.interrupting and element.attached_to not in {"", *cancelled}:
            yield f"{element.id} has a token before {element.attached_to} is cancelled"


def not_undone(program: Program, trace: Iterable[Visit], undoes: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Activities that were done more or less often than undone, though all that is done is
    undone."""
    elements = {element.id: element for process in program.values() for element in process.elements.values()}
    done: Counter[str] = Counter()
    for visit in trace:
        looped = visit.element in elements and elements[visit.element].loop is not None
        if visit.what == "left" and not (looped and visit.via):
            done[visit.element] += 1
    for activity, handler in undoes:
        if done[activity] != done[handler]:
            yield f"{activity} was done {done[activity]} times, {handler} {done[handler]} times"


def counted(trace: Iterable[Visit]) -> tuple[Counter[str], Counter[str]]:
    """Tokens by the flow on which they came, and those that have left by element: not the rounds of
    loops."""
    came: Counter[str] = Counter()
    left: Counter[str] = Counter()
    places: dict[str, set[str]] = {}
    for visit in trace:
        if visit.what == "entered":
            came[visit.via] += 1
            places.setdefault(visit.element, set()).add(visit.via)
        elif visit.what == "left":
            left[visit.element] += bool(visit.via) or len(places[visit.element]) == 1
    return came, left


def _fits(element: Element, left: int, out: list[int]) -> bool:
    joins = max(len(element.incoming), 1)
    match element.tag:
        case "exclusiveGateway":
            return sum(out) == left
        case "eventBasedGateway":
            return left == 0 == sum(out)
        case "parallelGateway":
            return out == [left // joins] * len(out) and left % joins == 0
        case tag if tag in CHOOSING and joins > 1:
            return max(out) <= left <= max(sum(out), 1) * joins
        case tag if tag in CHOOSING or element.conditional:
            return max(out) <= left <= sum(out) and _chosen(element, left, out)
        case _:
            # Those that are gathered leave when the activity begins, the last one when it is done.
            most = left // element.start_quantity * element.completion_quantity
            return out == [out[0]] * len(out) and (out[0] == most or (out[0] < most and element.start_quantity > 1))


def _chosen(element: Element, left: int, out: list[int]) -> bool:
    """Unconditional flows get every token; the default those for which no condition was true, and
    no other."""
    counted = [*zip(element.outgoing, out, strict=True)]
    others = [(flow, n) for flow, n in counted if flow.id != element.default]
    always = {n for flow, n in others if flow.condition is None}
    asked = [n for flow, n in others if flow.condition is not None]
    fallen = [n for flow, n in counted if flow.id == element.default]
    exact = not fallen or left - sum(asked) <= fallen[0] <= left - max(asked, default=0)
    return always <= {left} and exact
