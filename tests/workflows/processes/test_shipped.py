"""The shipped diagrams are sound: they read without a warning, name only what exists, and every
path is played."""

from __future__ import annotations

from types import ModuleType

from lxml import etree

from tests.workflows.processes import (
    test_chase,
    test_lead,
    test_nurture,
    test_purchase,
    test_round,
    test_sale,
    test_ticket,
)
from tests.workflows.processes.play import program, watching
from workflows.bpmn import closure, read, validate
from workflows.processes import shipped

ACTIVITIES = frozenset(
    {
        "announce_interest",
        "archive",
        "ask_confirmation",
        "ask_undo",
        "assign",
        "attach_duplicate",
        "clean",
        "await_confirmation",
        "classify_ticket",
        "climb",
        "close",
        "close_ticket",
        "dispatch",
        "enter_pool",
        "erase",
        "expire_pool",
        "find_duplicates",
        "grade",
        "hq_first",
        "keep_choice",
        "keep_win",
        "leave_pool",
        "note_about_ended",
        "note_intent",
        "plan_firm_up",
        "plan_nurture",
        "plan_recall",
        "plan_round",
        "plan_task",
        "reactivate",
        "reopen_ticket",
        "refresh_customer",
        "relieve_owner",
        "reopen",
        "run_round",
        "send_material",
        "take_over",
        "undo_win",
    }
)
DECISIONS = frozenset({"grade"})
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"

SCENARIOS: tuple[ModuleType, ...] = (
    test_chase,
    test_nurture,
    test_sale,
    test_purchase,
    test_lead,
    test_ticket,
    test_round,
)


def test_the_shipped_processes_are_those_of_the_kinds_and_what_they_call():
    assert set(shipped()) == {"lead", "sale", "purchase", "chase", "nurture", "ticket", "round"}
    assert set(closure(program(), "lead")) == {"lead", "sale", "purchase", "chase", "nurture"}
    assert set(closure(program(), "ticket")) == {"ticket", "chase"}
    assert set(closure(program(), "round")) == {"round"}


def test_every_diagram_reads_and_validates_without_a_remark():
    for key, xml in shipped().items():
        definitions = read(xml)
        problems = validate(definitions, activities=ACTIVITIES, decisions=DECISIONS, processes=set(shipped()))
        assert not [str(problem) for problem in (*problems, *definitions.notes)], key


def test_every_activity_of_the_catalogue_is_used():
    used = {e.work.activity for process in program().values() for e in process.elements.values()}
    assert used >= ACTIVITIES


def test_everything_is_drawn_once_and_everything_people_read_has_a_chinese_name():
    for key, xml in shipped().items():
        root = etree.fromstring(xml)
        drawn = [shape.get("bpmnElement") for kind in ("Shape", "Edge") for shape in root.iter(f"{DI}BPMN{kind}")]
        process = root.find(f"{BPMN}process")
        assert process is not None
        nodes = [e for e in process.iter() if e.get("id") and e.tag.startswith(BPMN) and not _is_detail(e)]
        assert sorted(filter(None, drawn)) == sorted(str(e.get("id")) for e in nodes), key
        for node in nodes:
            if node.tag.endswith(("Task", "Event", "Activity")) or node.tag == f"{BPMN}subProcess":
                assert any("\u4e00" <= sign <= "\u9fff" for sign in node.get("name", "")), (key, node.get("id"))


def _is_detail(element: etree._Element) -> bool:
    return element.tag.endswith("EventDefinition") or element.tag == f"{BPMN}process"


def test_every_exclusive_gateway_that_chooses_has_a_default_and_says_what_it_asks():
    for process in program().values():
        for element in process.elements.values():
            if element.tag == "exclusiveGateway" and len(element.outgoing) > 1:
                assert element.default and element.name, (process.id, element.id)
                assert all(flow.name for flow in element.outgoing), (process.id, element.id)


def test_every_sequence_flow_is_taken_by_some_scenario():
    with watching() as taken:
        for scenarios in SCENARIOS:
            for name, scenario in vars(scenarios).items():
                if name.startswith("test_"):
                    scenario()

    for process in program().values():
        for element in process.elements.values():
            for flow in element.outgoing:
                # A token waits at an event-based gateway until one of its events happens: it leaves
                # from the event.
                by_event = element.tag == "eventBasedGateway"
                seen = process.elements[flow.target].outgoing[0] if by_event else flow
                assert (process.id, seen.id) in taken, (process.id, flow.id)
