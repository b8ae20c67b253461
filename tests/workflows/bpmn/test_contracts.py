"""What a diagram says to others is compared with what they take and give: smallest diagrams, a row
each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cases.near import nearest
from cases.signatures import Field, Signature, codes
from tests.workflows.bpmn.diagrams import definitions
from workflows.bpmn import Severity, validate
from workflows.bpmn.checks.codes import CODES
from workflows.bpmn.contracts import Contracts

KNOWN = Contracts(
    activities={
        "ship": Signature(
            (codes("lane", "urgent", "normal"), Field("weight", "number"), codes("kind", "call", required=True)),
            (Field("sent", "boolean"), codes("state", "gone", "left"), Field("due", "instant")),
            throws=("sold_out",),
        ),
        "note": Signature(),
        "decide": Signature((Field("decision", required=True),), takes_more=True, gives_more=True),
        "send_message": Signature((Field("message"), codes("role", "desk", "boss"))),
    },
    decisions={"tier": Signature((Field("price", "number", required=True),), (codes("level", "high", "low"),))},
    messages={"told": (codes("grade", "A", "B"),), "gone": ()},
    tasks={"call": ("won", "lost"), "check": ("fine", "wrong")},
    roles=("desk", "boss"),
    completed=(Field("task_id", "string"),),
    begins={"p": (Field("life", "number"),)},
)
SHIP = "start -> a:service(ship) -> end\na.in kind = call\n"
CALL = "start -> u:user -> x:xor -[{}]-> end\nx -[else]-> end2\nu.kind call\nu.role desk\n"
CALLED = (
    "start -> c:call(other) -> x:xor -[answer = {}]-> end\nx -[else]-> end2\nc.in {} = {}\nc.in who = desk\n"
    "c.out answer = ={}\n=== other\nstart3 -> u:user -> end3\nu.kind =what\nu.role =who\n"
)


def found(text: str, known: Contracts = KNOWN) -> list[tuple[str, str, str]]:
    """(element, code, proposal) of each problem."""
    return [(one.element, one.code, one.proposal) for one in validate(definitions(text), contracts=known)]


@pytest.mark.parametrize(
    "text",
    [
        SHIP,
        SHIP + "a.in lane = urgent\na.in weight = =2",
        SHIP + 'a.in lane = =if life > 1 then "urgent" else null',
        'start -> a:rule(tier) -> x:xor -[level = "high"]-> end\nx -[else]-> end2\na.in price = =life',
        CALL.format('outcome = "won"'),
        CALL.format('outcome in ("won", "lost")'),
        CALL.format("task_id != null"),
        CALL.format('now > date and time("2026-11-23T02:00:00Z")'),
        CALLED.format('"won"', "what", "call", "outcome"),
        'start -> s:script({x: 1, y: "a"}) -> t:xor -[x > 1 and y = "a"]-> end\nt -[else]-> end2',
        'start -> m:catch(message told) -> x:xor -[grade = "A"]-> end\nx -[else]-> end2',
        "start -> b:service(ship) -> end\nb.in kind = call\nb!e:error sold_out -> end2",
        "start -> s:sub -> end\ns!e:escalation up -> end2\ns {\nstart3 -> end3:end(escalation up)\n}",
        "start -> t:throw(signal storm) -> end\nh:on {\ngo:start+(signal storm) -> end2\n}",
        # what only the rounds see, and what they yield
        "start -> l:script([1, 2]) -> a:service(ship) -> x:xor -[count(states) > 1]-> end\nx -[else]-> end2\n"
        "l.result things\na.in kind = call\na.in weight = =thing.weight + loopCounter\na.each thing in life\n"
        "a.collect states = state\na.until numberOfCompletedInstances > 2",
        # set later on the way, or on one of the ways only
        "start -> m:xor -> x:xor -[n > 3]-> end\nx -[else]-> s:script(if n = null then 1 else n + 1) -> m\ns.result n",
        # what is not known is not spoken of
        'start -> a:service(strange) -> x:xor -[whatever = "x" and other > 1]-> end\nx -[else]-> end2',
        'start -> c:call(elsewhere) -> x:xor -[y = "x"]-> end\nx -[else]-> end2\nc.in a = =life\nc.out y = =z',
        "start -> b:service(strange) -> end\nb!e:error whatever -> end2",
    ],
)
def test_a_diagram_that_keeps_its_contracts_has_nothing_to_be_said_about(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # inputs
        (SHIP + "a.in lanes = urgent", ("a", "unknown_input", "lane")),
        (SHIP + "a.in colour = red", ("a", "unknown_input", "")),
        (SHIP + "a.in lane = urgnt", ("a", "input_value", "urgent")),
        (SHIP + 'a.in lane = =if life > 1 then "urgent" else "norml"', ("a", "input_value", "normal")),
        (SHIP + "a.in weight = heavy", ("a", "input_value", "")),
        (SHIP + "a.in weight = =true", ("a", "input_value", "")),
        ("start -> a:service(ship) -> end", ("a", "missing_input", "")),
        ("start -> a:service(ship) -> end\na.in kinds = call", ("a", "unknown_input", "kind")),
        ("start -> a:service(ship) -> end\na.in kind = =null", ("a", "input_value", "")),
        ("start -> a:rule(tier) -> end\na.in prize = =1", ("a", "unknown_input", "price")),
        ("start -> a:rule(tier) -> end", ("a", "missing_input", "")),
        ("start -> a:rule(tier) -> end\na.in price = dear", ("a", "input_value", "")),
        ("start -> a:send(told) -> end\na.in role = bos", ("a", "input_value", "boss")),
        ("start -> a:send(told) -> end\na.in rolle = boss", ("a", "unknown_input", "role")),
        # what others give
        (SHIP + "a.out done = =snt", ("a", "unknown_variable", "sent")),
        ("start -> a:rule(tier) -> x:xor -[levl = \"high\"]-> end\nx -[else]-> end2\na.in price = =1",
         ("x", "unknown_variable", "level")),
        ("start -> a:rule(tier) -> x:xor -[level = \"hihg\"]-> end\nx -[else]-> end2\na.in price = =1",
         ("x", "unknown_value", "high")),
        # people
        ("start -> u:user -> end\nu.kind cal\nu.role desk", ("u", "unknown_kind", "call")),
        ("start -> u:user -> end\nu.kind call\nu.role dessk", ("u", "unknown_role", "desk")),
        ('start -> u:user -> end\nu.kind =if life > 1 then "call" else "chek"\nu.role desk',
         ("u", "unknown_kind", "check")),
        (CALL.format('outcome = "wonn"'), ("x", "unknown_value", "won")),
        (CALL.format('"lots" = outcome'), ("x", "unknown_value", "lost")),
        (CALL.format('outcome in ("won", "los")'), ("x", "unknown_value", "lost")),
        (CALL.format('outcome = "fine"'), ("x", "unknown_value", "")),  # of another kind of task
        (CALL.format('not(outcome = "wo")'), ("x", "unknown_value", "won")),
        # called processes
        (CALLED.format('"won"', "whit", "call", "outcome"), ("c", "unknown_input", "what")),
        (CALLED.format('"won"', "what", "cal", "outcome"), ("c", "input_value", "call")),
        (CALLED.format('"won"', "what", "call", "outcom"), ("c", "unknown_output", "outcome")),
        (CALLED.format('"wonn"', "what", "call", "outcome"), ("x", "unknown_value", "won")),
        (CALLED.format('"fine"', "what", "call", "outcome"), ("x", "unknown_value", "")),  # this call is no check
        (CALLED.format('"won"', "what", "call", "outcome")
         + "=== third\nstart4 -> d:call(other) -> end4\nd.in who = desk",
         ("d", "missing_input", "")),
        # messages, signals, errors, escalations
        ("start -> m:catch(message tolt) -> end", ("m", "unknown_message", "told")),
        ("start -> m:receive(tolt) -> end", ("m", "unknown_message", "told")),
        ("start -> a:service(note) -> end\na!b:message told2gone -> end2", ("b", "unknown_message", "")),
        ("start -> a:service(note) -> end\nh:on {\ngo:start+(message goone) -> end2\n}",
         ("go", "unknown_message", "gone")),
        ("start -> t:throw(signal storm) -> end\nh:on {\ngo:start+(signal strom) -> end2\n}",
         ("go", "unknown_signal", "storm")),
        ("start -> b:service(ship) -> end\nb.in kind = call\nb!e:error sold_aut -> end2",
         ("e", "unknown_code", "sold_out")),
        ("start -> b:service(ship) -> end\nb.in kind = call\nb!e:error fire -> end2", ("e", "never_thrown", "")),
        ("start -> s:sub -> end\ns!e:escalation upp -> end2\ns {\nstart3 -> end3:end(escalation up)\n}",
         ("e", "unknown_code", "up")),
        # variables
        ("start -> x:xor -[lifes > 1]-> end\nx -[else]-> end2", ("x", "unknown_variable", "life")),
        ("start -> x:xor -[something]-> end\nx -[else]-> end2", ("x", "unknown_variable", "")),
        ("start -> t:catch(timer date =dew) -> end", ("t", "unknown_variable", "")),
        ("start -> s:script(lif + 1) -> end\ns.result n", ("s", "unknown_variable", "life")),
        ("start -> s:script({total: 1}) -> x:xor -[totl > 1]-> end\nx -[else]-> end2",
         ("x", "unknown_variable", "total")),
        ("start -> a:service(note) -> end\na.each thing in things", ("a", "unknown_variable", "")),
        ("start -> a:service(note) -> x:xor -[thing = 1]-> end\nx -[else]-> end2\na.each thing in life",
         ("x", "unknown_variable", "")),  # only the rounds have it
        ("start -> c:catch(conditional lief > 2) -> end", ("c", "unknown_variable", "life")),
    ],
)  # fmt: skip
def test_what_nobody_understands_is_found_with_the_right_name(text: str, problem: tuple[str, str, str]) -> None:
    assert problem in found(text)


def test_a_problem_says_where_what_and_what_to_do() -> None:
    (one,) = validate(definitions(SHIP + "a.in lanes = urgent"), contracts=KNOWN)

    assert (one.element, one.severity) == ("a", Severity.ERROR)
    assert one.line > 1
    assert one.message == "the activity 'ship' takes no 'lanes'; did you mean 'lane'?"


def test_a_flow_is_named_by_its_own_line() -> None:
    text = CALL.format('outcome = "wonn"')
    (one,) = validate(definitions(text), contracts=KNOWN)
    process = definitions(text).processes["p"]

    (flow,) = (flow for flow in process.elements["x"].outgoing if flow.condition is not None)
    assert (one.line, flow.id in one.message) == (flow.line, True)


def test_without_contracts_nothing_is_said() -> None:
    for text in (SHIP + "a.in lanes = urgent", CALL.format('outcome = "wonn"'), "start -> m:catch(message x) -> end"):
        assert validate(definitions(text)) == ()


def test_what_a_process_reads_that_nobody_is_known_to_call_may_be_given_to_it() -> None:
    nobody = replace(KNOWN, begins={})
    read = "start -> a:service(ship) -> x:xor -[{} > 1]-> end\nx -[else]-> end2\na.in kind = =kind"

    assert found(read.format("amount"), nobody) == []
    assert found(read.format("sennt"), nobody) == [("x", "outer_variable", "sent")]


def test_what_no_known_call_gives_may_come_from_a_call_that_is_yet_to_be_drawn() -> None:
    """Given a called process that wants a new input: it is deployed before its callers, so it can
    only be warned."""
    text = CALLED.format('"won"', "what", "call", "outcome") + "u.due =deadline"

    (problem,) = validate(definitions(text), contracts=KNOWN)
    assert (problem.element, problem.code, problem.severity) == ("u", "outer_variable", Severity.WARNING)


def test_what_is_set_under_nearly_the_right_name_is_warned_about_where_it_is_set() -> None:
    text = "start -> a:service(note) -> x:xor -[total > 1]-> end\nx -[else]-> end2\na.out {} = =1"

    assert found(text.format("total")) == []
    assert ("a", "unread_variable", "total") in found(text.format("totl"))


def test_a_text_that_is_set_and_nearly_asked_for_is_warned_about_where_it_is_set() -> None:
    text = 'start -> a:service(note) -> x:xor -[way = "left"]-> end\nx -[else]-> end2\na.out way = ={}'

    assert found(text.format('if life > 1 then "left" else "right"')) == []
    assert found(text.format('if life > 1 then "left" else "lefft"')) == [("a", "unread_value", "left")]


@pytest.mark.parametrize(
    ("name", "right", "near"),
    [
        ("lanes", ["lane", "line"], "lane"),
        ("reasigned", ["reassigned", "claimed"], "reassigned"),
        ("consultnt", ["consultant"], "consultant"),
        ("ab", ["ba"], "ba"),  # two letters that changed places are one slip
        ("h", ["hq", "dealer"], "hq"),
        ("x", ["y"], ""),
        ("step1", ["step2"], ""),
        ("lane", ["outcome"], ""),
        ("lane", [], ""),
        ("", ["a"], ""),
    ],
)
def test_the_nearest_name_is_at_most_a_slip_or_two_away(name: str, right: list[str], near: str) -> None:
    assert nearest(name, right) == near


def test_every_contract_code_is_shown_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    start = [*CODES].index("unknown_input")
    assert [code for code in [*CODES][start:] if f'"{code}"' not in text] == []
