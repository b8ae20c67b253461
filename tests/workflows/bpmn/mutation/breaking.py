"""Ways to break a file: each takes a tree (or bytes) and a dice, and leaves something that nobody
meant."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any, Final

from lxml import etree

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def _words(text: str) -> list[str]:
    return text.split()


TAGS: Final = _words(
    "process subProcess transaction adHocSubProcess callActivity task manualTask serviceTask businessRuleTask userTask"
    " scriptTask sendTask receiveTask exclusiveGateway parallelGateway inclusiveGateway complexGateway"
    " eventBasedGateway startEvent endEvent intermediateThrowEvent intermediateCatchEvent boundaryEvent sequenceFlow"
    " association laneSet"
    " messageEventDefinition timerEventDefinition signalEventDefinition errorEventDefinition escalationEventDefinition"
    " compensateEventDefinition cancelEventDefinition linkEventDefinition terminateEventDefinition eventDefinitionRef"
    " conditionalEventDefinition multiInstanceLoopCharacteristics standardLoopCharacteristics loopCardinality"
    " loopCondition completionCondition condition conditionExpression timeDate timeDuration timeCycle message signal"
    " error escalation dataObject dataObjectReference property dataInputAssociation dataOutputAssociation sourceRef"
    " targetRef assignment transformation script extensionElements globalUserTask globalTask collaboration participant"
    " messageFlow definitions import nonsense"
)
ATTRIBUTES: Final = _words(
    "id name default sourceRef targetRef attachedToRef cancelActivity isInterrupting triggeredByEvent calledElement"
    " messageRef signalRef errorRef escalationRef activityRef isForCompensation parallelMultiple instantiate"
    " startQuantity completionQuantity testBefore loopMaximum isSequential isExecutable language scriptFormat behavior"
    " errorCode escalationCode dataObjectRef processRef expressionLanguage waitForCompletion"
    " {urn:baton:bpmn:1}activity {urn:baton:bpmn:1}decision {urn:baton:bpmn:1}kind {urn:baton:bpmn:1}role"
    " {urn:baton:bpmn:1}due {urn:baton:bpmn:1}result {urn:baton:bpmn:1}collection {urn:baton:bpmn:1}item"
    " {urn:baton:bpmn:1}collected {urn:baton:bpmn:1}yields {urn:other}activity"
)
VALUES: Final = (
    *("", " ", "true", "false", "maybe", "0", "-1", "1", "2", "1001", "9" * 30, "9" * 5_000, "1.5", "²", "x:", ":"),
    *(
        "=",
        "= 1 +",
        "=n",
        "n > ",
        "=null",
        "= [1, 2",
        "= 1" + " + 1" * 400,
        "(" * 300,
        "feel",
        "java",
        "One",
        "Parallel",
    ),
    *("PT1H", "P1Y", "R/PT1S", "R0/PT1S", "PT" + "9" * 40 + "H", "P9" * 9, "-PT1H", "R5/9999-12-31T23:59:59Z/P1Y"),
    *("2026-13-01", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"),
    *("x" * 3_000, "a\u2028b", "\u202e", "'", '"', "<&>"),
)
"""Ids and references of the file itself are taken as well: see ``_value``."""


def _elements(tree: Any) -> list[Any]:
    return [node for node in tree.iter() if isinstance(node.tag, str)]


def _inner(tree: Any, dice: Random) -> Any:
    """Some element that is not the root; the root if there is no other."""
    found = _elements(tree)
    return dice.choice(found[1:] or found)


def _value(tree: Any, dice: Random) -> str:
    own = [value for node in _elements(tree) for value in node.attrib.values()]
    return dice.choice(own) if own and dice.random() < 0.6 else dice.choice(VALUES)


def _delete(tree: Any, dice: Random) -> None:
    node = _inner(tree, dice)
    if node.getparent() is not None:
        node.getparent().remove(node)


def _duplicate(tree: Any, dice: Random) -> None:
    node = _inner(tree, dice)
    if node.getparent() is not None:
        node.getparent().insert(dice.randint(0, len(node.getparent())), copy.deepcopy(node))


def _move(tree: Any, dice: Random) -> None:
    node = _inner(tree, dice)
    inside = {*node.iter()}
    others = [other for other in _elements(tree) if other not in inside]
    if node.getparent() is not None and others:
        target = dice.choice(others)
        target.insert(dice.randint(0, len(target)), node)


def _copy_into(tree: Any, dice: Random) -> None:
    target, node = _inner(tree, dice), copy.deepcopy(_inner(tree, dice))
    target.insert(dice.randint(0, len(target)), node)


def _rename(tree: Any, dice: Random) -> None:
    _inner(tree, dice).tag = f"{{{BPMN}}}{dice.choice(TAGS)}"


def _rename_root(tree: Any, dice: Random) -> None:
    tree.tag = dice.choice([f"{{{BPMN}}}process", "definitions", "{urn:other}definitions"])


def _foreign(tree: Any, dice: Random) -> None:
    node = _inner(tree, dice)
    node.tag = f"{{urn:other}}{etree.QName(node).localname}"


def _drop_attribute(tree: Any, dice: Random) -> None:
    node = dice.choice(_elements(tree))
    if node.attrib:
        del node.attrib[dice.choice(list(node.attrib))]


def _set_attribute(tree: Any, dice: Random) -> None:
    dice.choice(_elements(tree)).set(dice.choice(ATTRIBUTES), _value(tree, dice))


def _change_attribute(tree: Any, dice: Random) -> None:
    node = dice.choice(_elements(tree))
    if node.attrib:
        node.set(dice.choice(list(node.attrib)), _value(tree, dice))


def _swap_attributes(tree: Any, dice: Random) -> None:
    name = dice.choice(("id", "sourceRef", "targetRef", "attachedToRef", "default", "name"))
    holders = [node for node in _elements(tree) if node.get(name)]
    if len(holders) > 1:
        one, other = dice.sample(holders, 2)
        first, second = one.get(name), other.get(name)
        one.set(name, second)
        other.set(name, first)


def _drop_all(tree: Any, dice: Random) -> None:
    name = dice.choice(ATTRIBUTES)
    for node in _elements(tree):
        node.attrib.pop(name, None)


def _set_text(tree: Any, dice: Random) -> None:
    value = _value(tree, dice)
    dice.choice(_elements(tree)).text = value


def _add(tree: Any, dice: Random) -> None:
    node = etree.SubElement(dice.choice(_elements(tree)), f"{{{BPMN}}}{dice.choice(TAGS)}")
    for _ in range(dice.randint(0, 3)):
        node.set(dice.choice(ATTRIBUTES), _value(tree, dice))
    if dice.random() < 0.3:
        node.text = _value(tree, dice)


def _into_itself(tree: Any, dice: Random) -> None:
    """A scope that names itself, or lies in one of its own name."""
    tags = ("subProcess", "transaction", "process")
    scopes = [node for node in _elements(tree) if etree.QName(node).localname in tags]
    if scopes:
        scope = dice.choice(scopes)
        scope.append(copy.deepcopy(scope))
        for child in scope:
            if isinstance(child.tag, str) and dice.random() < 0.2:
                name = dice.choice(("attachedToRef", "sourceRef", "targetRef", "calledElement"))
                child.set(name, scope.get("id", ""))


def _shuffle(tree: Any, dice: Random) -> None:
    node = dice.choice([node for node in _elements(tree) if len(node)] or [tree])
    children = list(node)
    dice.shuffle(children)
    node[:] = children


def _empty(tree: Any, dice: Random) -> None:
    node = dice.choice(_elements(tree))
    for child in list(node):
        node.remove(child)


def _collaborate(tree: Any, dice: Random) -> None:
    """Pools without processes and message flows to nowhere."""
    pool = etree.SubElement(tree, f"{{{BPMN}}}collaboration", id=_value(tree, dice).strip() or "c")
    etree.SubElement(pool, f"{{{BPMN}}}participant", id="pool", processRef=_value(tree, dice))
    etree.SubElement(pool, f"{{{BPMN}}}messageFlow", sourceRef=_value(tree, dice), targetRef="nowhere")


def _comment(tree: Any, dice: Random) -> None:
    inside = dice.choice(_elements(tree))
    inside.insert(0, etree.Comment("c") if dice.random() < 0.5 else etree.ProcessingInstruction("p", "i"))


OF_TREES: Final[tuple[Callable[[Any, Random], None], ...]] = (
    *(_delete, _duplicate, _move, _copy_into, _rename, _rename_root, _foreign, _drop_attribute, _set_attribute),
    *(_change_attribute, _swap_attributes, _drop_all, _set_text, _add, _into_itself, _shuffle, _empty, _collaborate),
    *(_comment, _change_attribute, _set_attribute, _swap_attributes),
)

# -- bytes ----------------------------------------------------------------------------------------


def _truncate(xml: bytes, dice: Random) -> bytes:
    return xml[: dice.randrange(len(xml) + 1)]


def _flip(xml: bytes, dice: Random) -> bytes:
    changed = bytearray(xml)
    for _ in range(dice.randint(1, 8)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _noise(xml: bytes, dice: Random) -> bytes:
    return dice.randbytes(dice.randrange(200))


def _encoding(xml: bytes, dice: Random) -> bytes:
    name = dice.choice(["utf-16", "utf-32", "latin-1", "utf-7", "utf-8-sig", "cp037"])
    claimed = dice.choice(["UTF-8", "UTF-16", "ISO-8859-1", "EBCDIC", "no-such", ""])
    text = xml.decode("utf-8", "replace").partition("?>")[2] or xml.decode("utf-8", "replace")
    return f'<?xml version="1.0" encoding="{claimed}"?>{text}'.encode(name, "replace")


def _prologue(xml: bytes, dice: Random) -> bytes:
    heads = [b"<!DOCTYPE d>", b'<!DOCTYPE d [<!ENTITY e "x">]>', b"\x00", b"<?xml version='1.1'?>", b"\xef\xbb\xbf"]
    heads += [b"  ", b"<!-- c -->"]
    return dice.choice(heads) + xml


def _splice(xml: bytes, dice: Random) -> bytes:
    start, end = sorted(dice.randrange(len(xml) + 1) for _ in range(2))
    return xml[:end] + xml[start:]


OF_BYTES: Final[tuple[Callable[[bytes, Random], bytes], ...]] = (
    _truncate,
    _flip,
    _noise,
    _encoding,
    _prologue,
    _splice,
)


def broken(xml: bytes, dice: Random) -> bytes:
    """The file with one to four faults: mostly in the tree, which then is still XML, sometimes in
    its bytes."""
    tree = etree.fromstring(xml)
    for _ in range(dice.choice((1, 1, 2, 4))):
        try:
            dice.choice(OF_TREES)(tree, dice)
        except ValueError:
            continue  # a value that no XML can hold
    found = etree.tostring(tree)
    return dice.choice(OF_BYTES)(found, dice) if dice.random() < 0.1 else found
