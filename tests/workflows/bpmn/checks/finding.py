"""What the checks find in a diagram: everything a person who deploys it would be told."""

from __future__ import annotations

from datetime import datetime

from tests.workflows.bpmn.diagrams import bpmn
from workflows.bpmn import ModelRefused, Problem, read, validate


def problems(diagram: str | bytes, at: datetime | None = None) -> tuple[Problem, ...]:
    """The reasons of its refusal, or else what validation says. A diagram is a text of ``diagrams``
    or XML."""
    try:
        return validate(read(diagram if isinstance(diagram, bytes) else bpmn(diagram)), at=at)
    except ModelRefused as refused:
        return refused.problems


def codes(diagram: str | bytes, at: datetime | None = None) -> list[tuple[str, str]]:
    """(element, code) of each problem."""
    return [(problem.element, problem.code) for problem in problems(diagram, at)]


def drawn(content: str, declared: str = "") -> bytes:
    """A file with one process p of this XML, for elements that the short text has no words for."""
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:baton="urn:baton:bpmn:1" id="d"'
        f' targetNamespace="urn:baton:processes">{declared}<process id="p" isExecutable="true">{content}</process>'
        "</definitions>"
    ).encode()


def flows(*pairs: str) -> str:
    """Sequence flows, each written ``source target``."""
    ends = (pair.split() for pair in pairs)
    return "".join(
        f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>' for source, target in ends
    )
