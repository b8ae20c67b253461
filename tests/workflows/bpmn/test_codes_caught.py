"""Who catches an error or escalation (BPMN 2.0.2, 10.5.6): its code before any code, the innermost
scope first."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.diagrams import bpmn
from tests.workflows.bpmn.play import Play
from workflows.bpmn import closure, read

KINDS = ("error", "escalation")
ANY = {"no reference": "", "a reference without a code": ' {kind}Ref="bare"'}
DECLARED = '<error id="bare"/><escalation id="bare2"/><escalation id="esc" escalationCode="E"/>'


def play(text: str, kind: str, catch_all: str) -> Play:
    """The diagram with ``any`` put in the place of the code of catchers."""
    xml = bpmn(text).decode()
    reference = catch_all.format(kind=kind).replace("bare", "bare2" if kind == "escalation" else "bare")
    xml = xml.replace(f' {kind}Ref="{kind}_any"', reference)
    xml = xml.replace("<process", '<error id="bare"/><escalation id="bare2"/><process', 1)
    return Play(closure(read(xml.encode()).processes, "p"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("catch_all", ANY.values(), ids=ANY)
@pytest.mark.parametrize(
    "catcher",
    ["s!c:{kind} any -> caught:user -> end7", "s {{\nh:on {{\ngo:start({kind} any) -> caught:user -> end7\n}}\n}}"],
    ids=["boundary", "event sub-process"],
)
def test_a_catch_without_a_code_catches_all(kind: str, catch_all: str, catcher: str) -> None:
    text = f"start -> s:sub -> end\ns {{\nstart2 -> t:end({kind} E)\n}}\n{catcher.format(kind=kind)}"
    assert play(text, kind, catch_all).places == ["caught"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("catch_all", ANY.values(), ids=ANY)
@pytest.mark.parametrize("order", [("E", "any"), ("any", "E")])
def test_the_code_goes_before_any_code(kind: str, catch_all: str, order: tuple[str, str]) -> None:
    one, other = order
    at_border = f"""
        start -> s:sub -> end
        s {{
            start2 -> t:end({kind} E)
        }}
        s!a:{kind} {one} -> caught_{one}:user -> end7
        s!b:{kind} {other} -> caught_{other}:user -> end8
    """
    inside = f"""
        start -> t:end({kind} E)
        g:on {{
            go:start({kind} {one}) -> caught_{one}:user -> end7
        }}
        h:on {{
            go2:start({kind} {other}) -> caught_{other}:user -> end8
        }}
    """
    assert play(at_border, kind, catch_all).places == ["caught_E"]
    assert play(inside, kind, catch_all).places == ["caught_E"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("catch_all", ANY.values(), ids=ANY)
def test_the_inner_scope_goes_before_the_code_of_an_outer_one(kind: str, catch_all: str) -> None:
    text = f"""
        start -> s:sub -> end
        s {{
            start2 -> r:sub -> end2
            r {{
                start3 -> t:end({kind} E)
                h:on {{
                    go:start({kind} any) -> inmost:user -> end3
                }}
            }}
            r!a:{kind} E -> inner:user -> end4
        }}
        s!b:{kind} E -> outer:user -> end5
    """
    assert play(text, kind, catch_all).places == ["inmost"]
    without = "\n".join(line for line in text.splitlines() if "inmost" not in line).replace(
        "h:on {\n                }", ""
    )
    assert play(without, kind, catch_all).places == ["inner"]


@pytest.mark.parametrize("catch_all", ANY.values(), ids=ANY)
def test_what_an_activity_throws_is_caught_alike(catch_all: str) -> None:
    text = "start -> a:service -> end\na!c:error any -> caught:user -> end2\na!d:error F -> other:user -> end3"
    assert play(text, "error", catch_all).throw("a", "E").places == ["caught"]
    assert play(text, "error", catch_all).throw("a", "F").places == ["other"]


def test_an_error_without_a_code_is_caught_by_who_catches_all() -> None:
    xml = bpmn("start -> s:sub -> end\ns {\nstart2 -> t:end(error E)\n}\ns!c:error E -> caught:user -> end2")
    xml = xml.replace(b' errorCode="E"', b"")
    assert Play(closure(read(xml).processes, "p")).places == ["caught"]
