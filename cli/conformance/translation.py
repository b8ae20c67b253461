"""Rewrites a model of the suite for this engine: scripts become activities, Java conditions S-FEEL,
no more.

The suite's scripts are words, not programs. ``SCRIPT_task1`` becomes a service task whose activity
has that name and leaves the mark; what a script does to a variable becomes an output mapping, and
what takes time a sub-process with a timer, so that any host runs it alike.
"""

from __future__ import annotations

import re
from itertools import count, pairwise
from typing import Any, Final, NamedTuple, cast

from lxml import etree as _etree  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType, reportAttributeAccessIssue]

from cli.conformance.java import Untranslatable, to_feel

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
_WAIT: Final = "WAIT_TEN_SECONDS"
_THROW: Final = "THROW_ERROR"
_STAMP: Final = re.compile(r"CREATE_TIMESTAMP_LOG_(\w+)")
_LEAVING: Final = "LEAVING_"
_TEN_SECONDS: Final = "PT10S"
_SOME_ERROR: Final = "ERROR"
_SILENT: Final = frozenset({"CREATE_LOG_FILE", _INCREMENT, _MARKER_FILE})
_INCREMENTED: Final = "= if is defined(integerVariable) then integerVariable + 1 else 1"


class NotTranslated(ValueError):
    """The model cannot be put into this engine's words; the message names the element and what in
    it is foreign."""

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


class Stay(NamedTuple):
    """That a branch comes to, or leaves, a script that leaves a mark with its instants."""

    mark: str
    ends: bool


def stay_of(activity: str) -> Stay | None:
    """The stay that begins or ends with this activity; None if it is about none."""
    mark = activity.removeprefix(_LEAVING)
    return Stay(mark, mark != activity) if _STAMP.fullmatch(mark) else None


def throws(activity: str) -> bool:
    """Whether the activity ends by a BPMN error; its input ``code`` says which."""
    return activity == _THROW


def _wrap(task: Any) -> None:
    """A global task has no activity here; it is the same as a process of this one task (BPMN 2.0.2,
    10.3.7)."""
    process = etree.Element(f"{BPMN}process", id=task.get("id", ""), name=task.get("name", ""), isExecutable="true")
    task.getparent().replace(task, process)
    process.append(task)
    task.tag = f"{BPMN}scriptTask"
    task.set("id", f"{task.get('id', '')}_task")


def _translate_script(task: Any) -> None:
    script = task.find(f"{BPMN}script")
    word = (script.text or "").strip() if script is not None else ""
    takes_time = word == _WAIT or _STAMP.fullmatch(word) is not None
    if word not in _SILENT and mark_of(word) is None and not takes_time and word != _THROW:
        raise NotTranslated(task, f"the script {word!r} is not known")
    task.remove(script)
    task.attrib.pop("scriptFormat", None)
    if takes_time:
        _take_time(task, word)
        return
    task.tag = f"{BPMN}serviceTask"
    task.set(f"{BATON}activity", word)
    if word == _THROW:
        etree.SubElement(_extensions(task), f"{BATON}input", name="code").text = _code_thrown(task)
    if word.startswith(_INCREMENT):
        output = etree.SubElement(_extensions(task), f"{BATON}output", name="integerVariable")
        output.text = _INCREMENTED


def _take_time(task: Any, word: str) -> None:
    """A task of ten seconds is a sub-process that waits so long: what loops, interrupts or undoes
    it stays as it is."""
    task.tag = f"{BPMN}subProcess"
    wait = _add(task, "intermediateCatchEvent", "wait")
    etree.SubElement(etree.SubElement(wait, f"{BPMN}timerEventDefinition"), f"{BPMN}timeDuration").text = _TEN_SECONDS
    row = [wait]
    if word != _WAIT:
        coming, leaving = _add(task, "serviceTask", "come"), _add(task, "serviceTask", "leave")
        coming.set(f"{BATON}activity", word)
        leaving.set(f"{BATON}activity", f"{_LEAVING}{word}")
        row = [coming, wait, leaving]
    row = [_add(task, "startEvent", "start"), *row, _add(task, "endEvent", "end")]
    for one, other in pairwise(row):
        flow = _add(task, "sequenceFlow", "flow")
        flow.set("sourceRef", one.get("id"))
        flow.set("targetRef", other.get("id"))


def _add(task: Any, tag: str, part: str) -> Any:
    """An element inside what was a task, with an id that is still free."""
    taken = set(task.getroottree().xpath("//@id"))
    key = next(key for n in count() if (key := f"{task.get('id', '')}_{part}{n or ''}") not in taken)
    return etree.SubElement(task, BPMN + tag, id=key)


def _code_thrown(task: Any) -> str:
    """The script names no error: it is the one that is caught at the task's border, or else the
    file's first."""
    root, key = task.getroottree().getroot(), task.get("id", "")
    codes = {error.get("id"): error.get("errorCode") or error.get("id", "") for error in root.findall(f"{BPMN}error")}
    for event in root.iter(f"{BPMN}boundaryEvent"):
        if event.get("attachedToRef", "").rpartition(":")[2] == key:
            for definition in event.findall(f"{BPMN}errorEventDefinition"):
                caught = codes.get(definition.get("errorRef", "").rpartition(":")[2])
                if caught:
                    return caught
    return next(iter(codes.values()), _SOME_ERROR)


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
    """The element of the diagram that a condition belongs to: an event definition or a loop is only
    a part of one."""
    node = condition.getparent()
    while node.tag.endswith(("EventDefinition", "LoopCharacteristics")):
        node = node.getparent()
    return node
