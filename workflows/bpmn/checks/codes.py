"""Every code that a problem of a diagram can have: how grave it is, and what it means in one line.

Documentation and translations are made from this table; a check that uses a code that is not here
fails at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from workflows.bpmn.model import Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING


class Code(NamedTuple):
    """``severity`` says whether such a diagram is refused; ``means`` is one line in plain words."""

    severity: Severity
    means: str


CODES: Final[Mapping[str, Code]] = MappingProxyType(
    {
        # the file
        "too_large": Code(_ERROR, "the file is too large"),
        "no_xml": Code(_ERROR, "the file is no XML"),
        "doctype": Code(_ERROR, "the file has a document type, which is not allowed"),
        "no_bpmn": Code(_ERROR, "the file is no BPMN 2.0"),
        "no_process": Code(_ERROR, "the file has no executable process"),
        "duplicate_id": Code(_ERROR, "an id is used twice"),
        "missing_id": Code(_ERROR, "an element has no id"),
        "missing_name": Code(_ERROR, "a mapping does not say which variable it fills"),
        # what an element says
        "unsupported": Code(_ERROR, "an element, event or attribute that Baton does not run"),
        "multiple_events": Code(_ERROR, "several event definitions in an event that may have one only"),
        "error_interrupts": Code(_ERROR, "an error event that is said not to interrupt"),
        "language": Code(_ERROR, "a condition or script is written in another language than S-FEEL"),
        "expression": Code(_ERROR, "an expression cannot be read"),
        "missing_script": Code(_ERROR, "a script task has no script"),
        "missing_reference": Code(_ERROR, "an event does not say which message, signal, error or escalation is meant"),
        "broken_reference": Code(_ERROR, "something is referred to that the file does not declare"),
        "quantity": Code(_ERROR, "startQuantity or completionQuantity is no number from 1 to 1000"),
        "loop_maximum": Code(_ERROR, "loopMaximum of a standard loop is no number from 0"),
        "missing_cardinality": Code(_ERROR, "a multi-instance activity does not say how often it runs"),
        "half_collected": Code(_ERROR, "a multi-instance activity says half of how its results are collected"),
        "missing_timer": Code(_ERROR, "a timer says no time"),
        "timer_value": Code(_ERROR, "a timer's time cannot be read"),
        "timer_cycle": Code(_ERROR, "an intermediate catch event waits for a timeCycle"),
        "missing_attribute": Code(_ERROR, "an element lacks an attribute that says what to run"),
        "unknown_attribute": Code(_WARNING, "a baton: name that nothing reads"),
        "inputs_ignored": Code(_WARNING, "an input mapping that nothing reads"),
        "data_ignored": Code(_WARNING, "drawn data that nothing reads or writes"),
        # flows
        "broken_flow": Code(_ERROR, "a flow leads to nothing or across the border of a sub-process"),
        "broken_default": Code(_ERROR, "a default flow does not leave the element that names it"),
        "flow_into": Code(_ERROR, "a flow leads where none may lead"),
        "flow_out_of": Code(_ERROR, "a flow leaves where none may leave"),
        "no_outgoing": Code(_ERROR, "nothing follows a start event or gateway"),
        "boundary_without_flow": Code(_ERROR, "nothing follows a boundary event"),
        "unreachable": Code(_ERROR, "no token can ever reach an element"),
        "missing_condition": Code(_ERROR, "a flow of an exclusive gateway, or a conditional event, has no condition"),
        "no_default": Code(_WARNING, "if no condition is true the token is stuck: there is no default flow"),
        "condition_ignored": Code(_WARNING, "a condition or default flow that does not count"),
        "implicit_end": Code(_WARNING, "a token ends without an end event"),
        "implicit_merge": Code(_WARNING, "several flows lead into an element, which then runs for each token"),
        # scopes
        "no_start": Code(_ERROR, "a process or sub-process has nothing to begin at"),
        "ambiguous_start": Code(_ERROR, "a scope that may begin in one way only begins in several"),
        "event_start": Code(_ERROR, "an event sub-process does not have exactly one start event"),
        "implicit_start": Code(_WARNING, "without a start event it begins at everything that no flow leads into"),
        "called_without_start": Code(_ERROR, "a called process has no plain start"),
        "called_ambiguous": Code(_ERROR, "a called process has several plain starts"),
        # events
        "broken_boundary": Code(_ERROR, "a boundary event is attached to nothing or to something that is no activity"),
        "gateway_target": Code(_ERROR, "an event-based gateway leads to something it cannot wait for"),
        "missing_activation": Code(_ERROR, "a complex gateway joins without an activation condition"),
        "single_event": Code(_WARNING, "an event-based gateway has one event only"),
        "same_message": Code(_WARNING, "two branches of an event-based gateway wait for the same message"),
        "same_signal": Code(_WARNING, "two branches of an event-based gateway wait for the same signal"),
        "same_event": Code(_WARNING, "two boundary events of one activity wait for the same"),
        "cancel_outside": Code(_ERROR, "a cancel event that belongs to no transaction"),
        "cancel_boundary": Code(_ERROR, "a transaction that can be cancelled needs exactly one cancel boundary event"),
        "no_handler": Code(_ERROR, "compensation of an activity that has no compensation handler"),
        "broken_link": Code(_ERROR, "a link does not lead to exactly one catching link of its name"),
        "uncaught_error": Code(_WARNING, "an error that nothing in the file catches becomes an incident"),
        # timers
        "past_timer": Code(_WARNING, "a date of a timer was past already when the diagram was deployed"),
        "zero_timer": Code(_WARNING, "a duration of a timer is nothing or negative"),
        "timer_never": Code(_WARNING, "a timer can never fire, because nothing ever waits while it runs"),
        "cycle_once": Code(_WARNING, "a repeating timer where only the first time counts"),
        # loops and joins
        "endless_loop": Code(_ERROR, "a loop that nothing ever ends and on which nothing waits"),
        "busy_loop": Code(_WARNING, "a loop on which nothing waits and that changes nothing its exits ask for"),
        "no_exit": Code(_WARNING, "a loop of activities that nothing ever leaves"),
        "join_never": Code(_WARNING, "a parallel join waits for tokens that can never all come"),
        "merge_doubles": Code(_WARNING, "after an exclusive merge of parallel branches everything runs twice"),
        # what is deployed
        "unknown_activity": Code(_ERROR, "an activity that does not exist"),
        "unknown_decision": Code(_ERROR, "a decision that is not deployed"),
        "unknown_process": Code(_ERROR, "a called process that is not deployed"),
        # what it and the diagram owe each other
        "unknown_input": Code(_ERROR, "an input that the activity, decision or called process does not take"),
        "missing_input": Code(_ERROR, "an input is missing without which the activity, decision or process cannot run"),
        "input_value": Code(_ERROR, "an input is given a value that is not understood"),
        "unknown_output": Code(_ERROR, "an output reads what the called process does not have"),
        "unknown_variable": Code(_ERROR, "a variable is read that nothing ever sets"),
        "outer_variable": Code(_WARNING, "a variable is read that nothing here sets, and that no known call gives"),
        "unread_variable": Code(_WARNING, "a variable is set that nothing reads, while nearly that name is read"),
        "unknown_message": Code(_ERROR, "a message is awaited that nobody sends"),
        "unknown_signal": Code(_WARNING, "a signal is awaited that nothing throws"),
        "unknown_kind": Code(_ERROR, "a kind of task that does not exist"),
        "unknown_role": Code(_ERROR, "a role that does not exist"),
        "unknown_value": Code(_ERROR, "a variable is compared with a text that it can never be"),
        "unread_value": Code(_WARNING, "a text is set that nothing asks for, and nearly that text is asked for"),
        "unknown_code": Code(_ERROR, "an error or escalation is caught under nearly the code that is thrown inside"),
        "never_thrown": Code(_WARNING, "an error or escalation is caught that nothing inside throws"),
    }
)
