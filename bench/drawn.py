"""Diagrams to measure with: a straight line of steps, and a wide one of many different nodes."""

from __future__ import annotations

from itertools import pairwise

_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:baton="urn:baton:bpmn:1" id="d"'
    ' targetNamespace="urn:baton:bench"><process id="{key}" name="bench" isExecutable="true">'
)
_TAIL = "</process></definitions>"


def line(steps: int, *, key: str = "line", comment: str = "") -> bytes:
    """A start, so many service tasks one after the other, an end."""
    names = ["start", *(f"s{number}" for number in range(steps)), "end"]
    nodes = [f'<serviceTask id="{name}" name="step" baton:activity="work"/>' for name in names[1:-1]]
    ends = ['<startEvent id="start"/>', '<endEvent id="end"/>', f"<documentation>{comment}</documentation>"]
    return _file(key, ends[2:] + ends[:2] + nodes, list(pairwise(names)))


def wide(blocks: int) -> bytes:
    """``blocks`` times: a script, a choice of two user tasks, a service task; each with a timer at
    its boundary."""
    nodes, before = ['<startEvent id="start"/>'], "start"
    flows: list[tuple[str, str]] = []
    conditions: dict[tuple[str, str], str] = {}
    for number in range(blocks):
        script, split, left, right, merge, step = (f"{name}{number}" for name in ("c", "x", "l", "r", "m", "s"))
        nodes += [
            f'<scriptTask id="{script}" scriptFormat="feel" baton:result="n"><script>n + 1</script></scriptTask>',
            f'<exclusiveGateway id="{split}" default="f_{split}_{right}"/>',
            *(f'<userTask id="{task}" baton:kind="k" baton:role="r"/>' for task in (left, right)),
            f'<exclusiveGateway id="{merge}"/>',
            f'<serviceTask id="{step}" baton:activity="work"/>',
            f'<boundaryEvent id="b{number}" attachedToRef="{left}" cancelActivity="false"><timerEventDefinition>'
            f"<timeDuration>PT24H</timeDuration></timerEventDefinition></boundaryEvent>",
            f'<endEvent id="e{number}"/>',
        ]
        conditions[split, left] = "n > 0"
        flows += [(before, script), (script, split), (split, left), (split, right), (left, merge), (right, merge)]
        flows += [(merge, step), (f"b{number}", f"e{number}")]
        before = step
    return _file("wide", [*nodes, '<endEvent id="end"/>'], [*flows, (before, "end")], conditions)


def fan(tokens: int) -> bytes:
    """So many user tasks at once, each a round of one multi-instance activity."""
    tag, times = "multiInstanceLoopCharacteristics", f"<loopCardinality>{tokens}</loopCardinality>"
    task = f'<userTask id="a" name="a task" baton:kind="k" baton:role="r"><{tag}>{times}</{tag}></userTask>'
    return _file("fan", ['<startEvent id="start"/>', task, '<endEvent id="end"/>'], [("start", "a"), ("a", "end")])


def _file(
    key: str, nodes: list[str], flows: list[tuple[str, str]], conditions: dict[tuple[str, str], str] | None = None
) -> bytes:
    drawn = list(nodes)
    for source, target in flows:
        condition = (conditions or {}).get((source, target))
        inside = f"<conditionExpression>{condition.replace('>', '&gt;')}</conditionExpression>" if condition else ""
        ends = f'sourceRef="{source}" targetRef="{target}"'
        drawn.append(f'<sequenceFlow id="f_{source}_{target}" {ends}>{inside}</sequenceFlow>')
    return (_HEAD.format(key=key) + "".join(drawn) + _TAIL).encode()
