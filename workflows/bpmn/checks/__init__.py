"""The checks of a diagram, one table: every row is one rule; adding a rule is a function and a row.

``ELEMENT_CHECKS`` look at one element, ``PROCESS_CHECKS`` at the process as a whole.
What a code means and how grave it is stands in ``codes.CODES``.
"""

from __future__ import annotations

from typing import Final

from workflows.bpmn.checks import activities, endless, events, flows, gateways, joins, scopes, timers
from workflows.bpmn.checks.found import ElementCheck, ProcessCheck

ELEMENT_CHECKS: Final[tuple[ElementCheck, ...]] = (
    scopes.of_sub_process,
    flows.ends,
    flows.merge,
    flows.conditions,
    gateways.event_gateway,
    gateways.complex_gateway,
    activities.complete,
    activities.mappings,
    events.boundary,
    events.cancelling,
    events.compensation,
    timers.lengths,
)

PROCESS_CHECKS: Final[tuple[ProcessCheck, ...]] = (
    scopes.of_process,
    flows.reachable,
    joins.joins,
    endless.loops,
    timers.never_due,
)
