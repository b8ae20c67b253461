"""One lead's life as a Temporal workflow: facts come in as messages, the process decides what happens and when.

Workflow id ``lead-<id>``. A life begins with a message (created, or reactivated after an end) and ends at an end event
of the process; a lead that comes back gets a new run under the same id. Payloads carry ids, codes, grades and times.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    # Re-importing these per instance would cost a hundred times the workflow itself (see docs/decisions).
    from leads.contracts import LeadInput, Message, PlaceMark
    from leads.states import STARTING, MessageKind
    from workflows import definitions
    from workflows.bpmn import Event, MessageArrived, Retry, TaskDone
    from workflows.host import ProcessHost
    from workflows.inbox import Inbox


@workflow.defn(name="LeadWorkflow")
class LeadWorkflow:
    """Runs the process of one lead."""

    @workflow.init
    def __init__(self, life: LeadInput) -> None:
        self._life = life
        carried = life.carried
        self._inbox = Inbox(carried.next_seq if carried else life.first.seq + 1, carried.held if carried else ())
        self._comeback = carried.comeback if carried else None
        self._host: ProcessHost | None = None
        self._resting = False
        self._woken = 0

    @workflow.run
    async def run(self, life: LeadInput) -> str:
        """Lives until the process ends; returns the id of the end event that was reached."""
        host = self._host = self._enter(life)
        await host.come_to_rest()
        while not host.ended:
            if self._too_long():
                await self._go_on(host)
            self._resting = not (self._inbox.ready or host.timer_due)
            await workflow.wait_condition(lambda: self._inbox.ready or host.timer_due)
            self._resting = False
            self._woken += 1
            await self._advance(host)
            await host.come_to_rest()
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._live_again_if_asked()
        return host.state.outcome or ""

    @workflow.signal
    def tell(self, message: Message) -> None:
        """A fact that the store has committed; see ``leads.states.MessageKind``."""
        self._inbox.put(message)

    @workflow.query
    def place(self) -> list[PlaceMark]:
        """Where the tokens are now, what each waits for and until when."""
        return list(self._host.state.place()) if self._host else []

    @workflow.query
    def settled(self) -> int | None:
        """The last message applied once the lead has come to rest after it; None while it is being worked on."""
        return self._inbox.next_seq - 1 if self._resting else None

    # -- mechanics -------------------------------------------------------------------------------------------------

    def _enter(self, life: LeadInput) -> ProcessHost:
        program = definitions.program((life.process, *life.called))
        host = ProcessHost(life.lead_id, life.first.seq, program, life.clock)
        if life.carried is not None:
            host.resume(life.carried)
        else:
            first = life.first
            message = None if first.kind == MessageKind.LEAD_CREATED else first.kind
            host.start(life.process.key, first.data, first.at, message)
        return host

    async def _advance(self, host: ProcessHost) -> None:
        """Tells the process one thing: a stated fact before a deadline, since facts are already committed."""
        if self._inbox.ready:
            message = self._inbox.take()
            event = as_event(message, host)
            if message.kind in STARTING and not (event and host.waits_for(event)):
                self._comeback = message
            elif event is not None:
                host.tell(event, message.at)
        elif not await host.tell_timers(self._inbox.next_seq - 1):
            await workflow.wait_condition(lambda: self._inbox.ready)

    def _too_long(self) -> bool:
        asked = self._life.wakes is not None and self._woken >= self._life.wakes
        return asked or workflow.info().is_continue_as_new_suggested()

    async def _go_on(self, host: ProcessHost) -> NoReturn:
        await workflow.wait_condition(workflow.all_handlers_finished)
        carried = replace(host.carry(), next_seq=self._inbox.next_seq, held=self._inbox.held(), comeback=self._comeback)
        workflow.continue_as_new(replace(self._life, carried=carried))

    def _live_again_if_asked(self) -> None:
        """A customer who came back while this life was ending starts the next one instead of being forgotten."""
        asked = (message for message in self._inbox.held() if message.kind in STARTING)
        comeback = self._comeback or next(asked, None)
        if comeback is not None:
            workflow.continue_as_new(replace(self._life, first=comeback, carried=None))


def as_event(message: Message, host: ProcessHost) -> Event | None:
    """What a stated fact means to the process; None when it concerns a task that the process has left."""
    match message.kind:
        case MessageKind.TASK_COMPLETED:
            execution = host.execution_of(str(message.data["task_id"]))
            return None if execution is None else TaskDone(execution, message.data)
        case MessageKind.INCIDENT_RETRIED:
            return Retry(str(message.data["key"]).rsplit(":", 1)[-1])
        case _:
            return MessageArrived(message.kind, message.data)
