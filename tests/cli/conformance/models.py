"""The suite beside the project, if it is there, and models as small as a test needs them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from cli.conformance.cases import Subject, load

SUITE = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "bpmn"
SUBJECTS: dict[str, Subject] = load(SUITE) if SUITE.is_dir() else {}
ABSENT = f"the conformance suite is not at {SUITE}"


def model(*processes: str, declared: str = "") -> str:
    """A BPMN file of these processes; ``declared`` are messages, signals and the like beside
    them."""
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'
        f"{declared}{''.join(processes)}</definitions>"
    )


def process(key: str, *parts: str) -> str:
    return f'<process id="{key}" isExecutable="true">{"".join(parts)}</process>'


def script(key: str, words: str, inside: str = "", **attributes: str) -> str:
    """A script task, named after its id."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<scriptTask id="{key}" name="{key}"{more}>{inside}<script>{words}</script></scriptTask>'


def flows(*chains: str) -> str:
    """``a b c`` = a flow from a to b, one from b to c; ``b[x]`` = the flow to b has the condition x
    (no spaces)."""
    return "".join(_flow(*pair) for chain in chains for pair in pairwise(chain.split()))


def _flow(source: str, target: str) -> str:
    source, (target, _, condition) = source.partition("[")[0], target.partition("[")
    text = condition.removesuffix("]")
    inside = f"<conditionExpression><![CDATA[{text}]]></conditionExpression>" if text else ""
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def folder(at: Path, models: dict[str, str], **cases: list[dict[str, Any]]) -> Path:
    """A folder of cases; each process is in the file of its name."""
    for name, text in models.items():
        (at / f"{name}.bpmn").write_text(text)
    told = {name: {"file": f"{name}.bpmn", "cases": rows} for name, rows in cases.items()}
    (at / "cases.json").write_text(json.dumps(told))
    return at
