"""Activities: what they need to be run, and what of them nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflows.bpmn.checks.found import Found
from workflows.bpmn.model import Element, Process

_TAKING: Final = frozenset({"serviceTask", "businessRuleTask", "sendTask", "callActivity"})
_THROWING: Final = frozenset({"intermediateThrowEvent", "endEvent"})
_CARRYING: Final = frozenset({"message", "signal", "error", "escalation", "multiple"})


def complete(process: Process, element: Element) -> Iterator[Found]:
    """What an element needs to be run."""
    work = element.work
    needed = {
        "serviceTask": (("baton:activity", work.activity),),
        "businessRuleTask": (("baton:decision", work.decision),),
        "userTask": (("baton:kind", work.kind), ("baton:role", work.role)),
        "callActivity": (("calledElement", work.called),),
    }
    for attribute, value in needed.get(element.tag, ()):
        if not value:
            yield Found(element, "missing_attribute", f"{attribute} is missing; say what to run")


def mappings(process: Process, element: Element) -> Iterator[Found]:
    """Inputs go to activities, calls and what is sent; nothing else reads them."""
    takes = element.tag in _TAKING or (element.tag in _THROWING and element.key[1] in _CARRYING)
    if element.inputs and not takes:
        message = f"a {element.tag} reads no inputs; remove its baton:input or data association"
        yield Found(element, "inputs_ignored", message)
