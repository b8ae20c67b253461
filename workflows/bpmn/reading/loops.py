"""Reads loop characteristics (BPMN 2.0.2, 10.3.8): standard loops and multi-instance activities."""

from __future__ import annotations

from typing import Final

from rules.feel import Expression
from workflows.bpmn.model import Loop
from workflows.bpmn.reading.desk import Desk, unprefixed, whole
from workflows.bpmn.xml import BATON, Node, children, flag, local, own, words

KNOWN_OF_LOOPS: Final = frozenset({"collection", "item", "collected", "yields"})
"""What Baton adds to multiInstanceLoopCharacteristics: the list, the name of one of it, what is
made of them."""


def loop(desk: Desk, node: Node) -> Loop | None:
    """How often an activity is done; None for once."""
    for child in children(node):
        if local(child) == "standardLoopCharacteristics":
            return _standard(desk, node, child)
        if local(child) == "multiInstanceLoopCharacteristics":
            return _multi_instance(desk, node, child)
    return None


def _standard(desk: Desk, node: Node, holder: Node) -> Loop:
    maximum, text = None, holder.get("loopMaximum", "")
    if text:
        maximum = whole(text)
        if maximum is None:
            desk.refuse(node, "loop_maximum", f'loopMaximum="{text}" is no number from 0; correct it')
    condition = _expression(desk, node, holder, "loopCondition", "a loop condition")
    if condition is None and not text:
        desk.refuse(node, "endless_loop", "the loop has neither loopCondition nor loopMaximum and never ends; give one")
    return Loop("standard", condition, test_before=flag(holder, "testBefore", False), maximum=maximum)


def _multi_instance(desk: Desk, node: Node, holder: Node) -> Loop:
    desk.note_unknown(node, own(holder), KNOWN_OF_LOOPS)
    behaviour = holder.get("behavior", "All")
    if behaviour != "All":
        message = f'behavior="{behaviour}" throws events of its own; draw a throw event in a sub-process, or remove it'
        desk.refuse(node, "unsupported", message)
    item, collected = holder.get(f"{BATON}item", ""), holder.get(f"{BATON}collected", "")
    collection = _computed(desk, node, holder, "collection") or _data(desk, node, holder, "loopDataInputRef")
    yields = _computed(desk, node, holder, "yields")
    for child in children(holder):
        match local(child):
            case "inputDataItem":
                item = item or child.get("name", "") or child.get("id", "")
            case "loopDataOutputRef":
                collected = collected or _variable(desk, words(child))
            case "outputDataItem":
                yields = yields or desk.parse(node, child.get("name", "") or child.get("id", ""))
            case "complexBehaviorDefinition":
                desk.refuse(node, "unsupported", "complexBehaviorDefinition is not supported; remove it")
            case _:
                pass
    cardinality = _expression(desk, node, holder, "loopCardinality", "a cardinality")
    if cardinality is None and collection is None:
        message = "the multi-instance activity says not how often; give loopCardinality or baton:collection"
        desk.refuse(node, "missing_cardinality", message)
    if bool(collected) != (yields is not None):
        message = "to collect what instances yield, give both baton:collected (a list) and baton:yields"
        desk.refuse(node, "half_collected", message)
    return Loop(
        "multiInstance",
        _expression(desk, node, holder, "completionCondition", "a completion condition"),
        sequential=flag(holder, "isSequential", False),
        cardinality=cardinality,
        collection=collection,
        item=item,
        collected=collected,
        yields=yields,
    )


def _expression(desk: Desk, node: Node, holder: Node, tag: str, what: str) -> Expression | None:
    for child in children(holder, tag):
        if words(child):
            return desk.formal(node, child, words(child), what)
    return None


def _computed(desk: Desk, node: Node, holder: Node, name: str) -> Expression | None:
    text = holder.get(f"{BATON}{name}", "").strip()
    return desk.parse(node, text) if text else None


def _data(desk: Desk, node: Node, holder: Node, tag: str) -> Expression | None:
    for child in children(holder, tag):
        return desk.parse(node, _variable(desk, words(child)))
    return None


def _variable(desk: Desk, reference: str) -> str:
    return desk.catalogue.data.get(unprefixed(reference), unprefixed(reference))
