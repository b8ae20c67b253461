"""Rewrites a model of the suite for this engine: scripts become activities, Java conditions S-FEEL, no more.

The suite's scripts are words, not programs. ``SCRIPT_task1`` becomes a service task whose activity has that name and
leaves the mark; what a script does to a variable becomes an output mapping, so that any host runs it alike.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

from lxml import etree as _etree  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType, reportAttributeAccessIssue]

from conformance.java import Untranslatable, to_feel

etree = cast(Any, _etree)

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BATON: Final = "{urn:baton:bpmn:1}"

_CONDITIONS: Final = (
    "conditionExpression",
    "condition",
    "loopCondition",
    "loopCardinality",
    "completionCondition",
    "activationCondition",
)
_MARKING: Final = re.compile(r"SCRIPT_(\w+)")
_INCREMENT: Final = "INCREMENT_INTEGER_VARIABLE"
_INCREMENT_AND_LOG: Final = f"{_INCREMENT}_AND_LOG"
_MARKER_FILE: Final = "CREATE_MARKER_FILE"
_SILENT: Final = frozenset({"CREATE_LOG_FILE", _INCREMENT, _MARKER_FILE})
_INCREMENTED: Final = "= if is defined(integerVariable) then integerVariable + 1 else 1"


class NotTranslated(ValueError):
    """The model cannot be put into this engine's words; the message names the element and what in it is foreign."""

    def __init__(self, node: Any, reason: str) -> None:
        super().__init__(f'{node.get("id", "")} "{node.get("name", "")}": {reason}')


def translated(xml: bytes) -> bytes:
    """The same model in this engine's words; what is no XML comes back as it is.

    Raises:
        NotTranslated: a condition or a script has no certain equal here.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return xml  # the reader will say what is wrong with it
    for task in root.findall(f"{BPMN}globalScriptTask"):
        _wrap(task)
    for task in list(root.iter(f"{BPMN}scriptTask")):
        _translate_script(task)
    for tag in _CONDITIONS:
        for condition in root.iter(BPMN + tag):
            _translate_condition(condition)
    root.attrib.pop("expressionLanguage", None)
    return etree.tostring(root)


def mark_of(activity: str) -> str | None:
    """The mark that an activity leaves; None if it leaves none."""
    if activity == _INCREMENT_AND_LOG:
        return "increment"
    found = _MARKING.fullmatch(activity)
    return found[1] if found else None


def sets_marker(activity: str) -> bool:
    """Whether the activity sets the flag that a case with ``marker`` wants to see."""
    return activity == _MARKER_FILE


def _wrap(task: Any) -> None:
    """A global task has no activity here; it is the same as a process of this one task (BPMN 2.0.2, 10.3.7)."""
    process = etree.Element(f"{BPMN}process", id=task.get("id", ""), name=task.get("name", ""), isExecutable="true")
    task.getparent().replace(task, process)
    process.append(task)
    task.tag = f"{BPMN}scriptTask"
    task.set("id", f"{task.get('id', '')}_task")


def _translate_script(task: Any) -> None:
    script = task.find(f"{BPMN}script")
    word = (script.text or "").strip() if script is not None else ""
    if word not in _SILENT and mark_of(word) is None:
        raise NotTranslated(task, f"the script {word!r} is not known")
    task.remove(script)
    task.tag = f"{BPMN}serviceTask"
    task.attrib.pop("scriptFormat", None)
    task.set(f"{BATON}activity", word)
    if word.startswith(_INCREMENT):
        output = etree.SubElement(_extensions(task), f"{BATON}output", name="integerVariable")
        output.text = _INCREMENTED


def _extensions(task: Any) -> Any:
    """The task's extension elements, made where the schema wants them: behind its documentation."""
    found = task.find(f"{BPMN}extensionElements")
    if found is None:
        found = etree.Element(f"{BPMN}extensionElements")
        task.insert(len(task.findall(f"{BPMN}documentation")), found)
    return found


def _translate_condition(condition: Any) -> None:
    try:
        condition.text = f"= {to_feel(condition.text or '')}"
    except Untranslatable as problem:
        raise NotTranslated(_owner(condition), str(problem)) from None
    condition.attrib.pop("language", None)


def _owner(condition: Any) -> Any:
    """The element of the diagram that a condition belongs to: an event definition or a loop is only a part of one."""
    node = condition.getparent()
    while node.tag.endswith(("EventDefinition", "LoopCharacteristics")):
        node = node.getparent()
    return node
