"""One case's life as a Temporal workflow: facts come in as messages, the process decides what
happens and when.

Workflow id ``<kind>-<id>``. A life begins with a message (opened; a lead's after an end:
reactivated, a win questioned) and ends at an end event of the process; a case that comes back gets
a new run under the same id. Payloads carry ids, codes, grades and times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NoReturn

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    # Re-importing these per instance would cost a hundred times the workflow itself (see
    # docs/decisions).
    from cases.contracts import CaseInput, Message, PlaceMark
    from cases.states import STARTING, MessageKind
    from cases.step_key import StepKey
    from workflows.bpmn import Event, MessageArrived, Retry, SignalArrived, TaskDone, TokenMoved, VariablesCorrected
    from workflows.host import ProcessHost
    from workflows.inbox import Inbox


@workflow.defn(name="LeadWorkflow")
class CaseWorkflow:
    """Runs the process of one case.

    Its name for Temporal is the one under which leads have always been recorded: a worker that did
    not know it could not carry them on. Kinds are told apart by the id, so that a second name would
    say nothing new.
    """

    @workflow.init
    def __init__(self, life: CaseInput) -> None:
        self._life = life
        carried = life.carried
        waiting = carried or life
        self._inbox = Inbox(waiting.next_seq or life.first.seq + 1, waiting.held)
        self._comeback = carried.comeback if carried else None
        self._host: ProcessHost | None = None
        self._resting = False
        self._woken = 0

    @workflow.run
    async def run(self, life: CaseInput) -> str:
        """Lives until the process ends; returns the id of the end event that was reached."""
        host = self._host = self._enter(life)
        await host.come_to_rest(self._applied)
        while not host.ended:
            if self._too_long():
                await self._go_on(host)
            self._resting = not (self._inbox.ready or host.timer_due)
            await workflow.wait_condition(lambda: self._inbox.ready or host.timer_due)
            self._resting = False
            self._woken += 1
            await self._advance(host)
            await host.come_to_rest(self._applied)
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._live_again_if_asked(host)
        return host.state.outcome or ""

    @workflow.signal
    def tell(self, message: Message) -> None:
        """A fact that the store has committed; see ``cases.states.MessageKind``."""
        self._inbox.put(message)

    @workflow.query
    def place(self) -> list[PlaceMark]:
        """Where the tokens are now, what each waits for and until when."""
        return list(self._host.state.place()) if self._host else []

    @workflow.query
    def settled(self) -> int | None:
        """The last message applied once the case has come to rest after it; None while it is being
        worked on."""
        return self._applied if self._resting else None

    # -- mechanics --------------------------------------------------------------------------------

    @property
    def _applied(self) -> int:
        """The number of the last message that was taken."""
        return self._inbox.next_seq - 1

    def _enter(self, life: CaseInput) -> ProcessHost:
        host = ProcessHost(life)
        if life.carried is not None:
            host.resume(life.carried)
        else:
            host.start()
        return host

    async def _advance(self, host: ProcessHost) -> None:
        """Tells the process one thing: a stated fact before a deadline, since facts are already
        committed."""
        if self._inbox.ready:
            await self._apply(self._inbox.take(), host)
        elif not await host.tell_timers(self._applied):
            await workflow.wait_condition(lambda: self._inbox.ready)

    async def _apply(self, message: Message, host: ProcessHost) -> None:
        if message.kind == MessageKind.MIGRATED:
            await host.migrate(message)
        elif message.kind in STARTING and not host.waits_for(MessageArrived(message.kind, message.data)):
            self._comeback = message
        else:
            for event in as_events(message, host):
                host.tell(event, message.at)

    def _too_long(self) -> bool:
        asked = self._life.wakes is not None and self._woken >= self._life.wakes
        return asked or workflow.info().is_continue_as_new_suggested()

    async def _go_on(self, host: ProcessHost) -> NoReturn:
        await workflow.wait_condition(workflow.all_handlers_finished)
        carried = replace(host.carry(), next_seq=self._inbox.next_seq, held=self._inbox.held(), comeback=self._comeback)
        workflow.continue_as_new(replace(host.life, carried=carried))

    def _live_again_if_asked(self, host: ProcessHost) -> None:
        """A customer who came back while this life was ending starts the next one instead of being
        forgotten."""
        held = self._inbox.held()
        comeback = self._comeback or next((message for message in held if message.kind in STARTING), None)
        if comeback is None:
            return
        # What the ending life has taken will not come again, and what it has not taken is the next
        # one's.
        next_seq = max(self._inbox.next_seq, comeback.seq + 1)
        left = tuple(message for message in held if message.seq >= next_seq)
        workflow.continue_as_new(replace(host.life, first=comeback, carried=None, next_seq=next_seq, held=left))


def as_events(message: Message, host: ProcessHost) -> tuple[Event, ...]:
    """What a stated fact means to the process; nothing when it concerns what the process has left
    behind."""
    return _MEANINGS.get(message.kind, _arrived)(message, host)


def _arrived(message: Message, host: ProcessHost) -> tuple[Event, ...]:
    return (MessageArrived(message.kind, message.data),)


def _completed(message: Message, host: ProcessHost) -> tuple[Event, ...]:
    execution = host.execution_of(str(message.data["task_id"]))
    return () if execution is None else (TaskDone(execution, message.data),)


def _retried(message: Message, host: ProcessHost) -> tuple[Event, ...]:
    failed = StepKey.parse(str(message.data["key"]))
    if failed.life != host.life.first.seq:
        return ()
    corrected = message.data.get("variables")
    again = Retry(failed.execution)
    return (VariablesCorrected(failed.execution, corrected), again) if corrected else (again,)


def _corrected(message: Message, host: ProcessHost) -> tuple[Event, ...]:
    data = message.data
    return (VariablesCorrected(data["execution"], data["variables"]),) if data["life"] == host.life.first.seq else ()


def _moved(message: Message, host: ProcessHost) -> tuple[Event, ...]:
    data = message.data
    return (TokenMoved(data["execution"], data["element"]),) if data["life"] == host.life.first.seq else ()


def _clock_moved(message: Message, host: ProcessHost) -> tuple[Event, ...]:
    return (SignalArrived(message.kind, {}),)


_MEANINGS: Final[dict[str, Callable[[Message, ProcessHost], tuple[Event, ...]]]] = {
    MessageKind.TASK_COMPLETED: _completed,
    MessageKind.CLOCK_MOVED: _clock_moved,
    MessageKind.INCIDENT_RETRIED: _retried,
    MessageKind.VARIABLES_CORRECTED: _corrected,
    MessageKind.TOKEN_MOVED: _moved,
}
"""Kinds of messages that are about one token; all others are the diagram's own."""
