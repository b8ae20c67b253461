"""One case's life as a Temporal workflow: facts come in as messages, the process decides what
happens and when.

Workflow id ``<kind>-<id>``. A life begins with a message (opened; a lead's after an end:
reactivated, a win questioned) and ends at an end event of the process; a case that comes back gets
a new run under the same id. Payloads carry ids, codes, grades and times.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, NoReturn

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    # Re-importing these per instance would cost a hundred times the workflow itself (see
    # docs/decisions).
    from cases.contracts import WORKFLOW, CaseInput, Message, PlaceMark
    from cases.states import STARTING
    from workflows.host import ProcessHost
    from workflows.inbox import Inbox


@workflow.defn(name=WORKFLOW)
class CaseWorkflow:
    """Runs the process of one case. Kinds are told apart by the id, so that a type for each would
    say nothing new."""

    AHEAD: ClassVar[bool] = True

    @workflow.init
    def __init__(self, life: CaseInput) -> None:
        self._life = life
        waiting = life.carried or life
        self._inbox = Inbox(waiting.next_seq or life.first.seq + 1, waiting.held)
        self._host: ProcessHost | None = None
        self._resting = False
        self._woken = 0

    @workflow.run
    async def run(self, life: CaseInput) -> str:
        """Lives until the process ends; returns the id of the end event that was reached."""
        host = self._host = ProcessHost(life, self._inbox, ahead=self.AHEAD)
        await host.begin()
        while not host.ended:
            if self._too_long():
                await self._go_on(host)
            self._resting = not host.rouses
            await workflow.wait_condition(lambda: host.rouses)
            self._resting = False
            self._woken += 1
            await host.wake()
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
        return self._inbox.next_seq - 1 if self._resting else None

    # -- mechanics --------------------------------------------------------------------------------

    def _too_long(self) -> bool:
        asked = self._life.wakes is not None and self._woken >= self._life.wakes
        return asked or workflow.info().is_continue_as_new_suggested()

    async def _go_on(self, host: ProcessHost) -> NoReturn:
        await workflow.wait_condition(workflow.all_handlers_finished)
        carried = replace(host.stretch.carry(), next_seq=self._inbox.next_seq, held=self._inbox.held())
        workflow.continue_as_new(replace(host.stretch.life, carried=carried), workflow=CaseWorkflow.run)

    def _live_again_if_asked(self, host: ProcessHost) -> None:
        """A customer who came back while this life was ending starts the next one instead of being
        forgotten."""
        held, comeback = self._inbox.held(), host.stretch.comeback
        comeback = comeback or next((message for message in held if message.kind in STARTING), None)
        if comeback is None:
            return
        # What the ending life has taken will not come again, and what it has not taken is the next
        # one's.
        next_seq = max(self._inbox.next_seq, comeback.seq + 1)
        left = tuple(message for message in held if message.seq >= next_seq)
        life = replace(host.stretch.life, first=comeback, carried=None, next_seq=next_seq, held=left)
        workflow.continue_as_new(life, workflow=CaseWorkflow.run)


@workflow.defn(name="LeadWorkflow")
class FormerCaseWorkflow(CaseWorkflow):
    """A life that began when each step was an activity of its own. It goes on like that until its
    run ends; the next is a ``CaseWorkflow``.

    The type tells the two apart and not the input: a worker that does not know the newer way yet
    must not begin a life that it would go through in the older one.
    """

    AHEAD: ClassVar[bool] = False

    @workflow.init
    def __init__(self, life: CaseInput) -> None:
        super().__init__(life)

    @workflow.run
    async def run(self, life: CaseInput) -> str:
        """As ``CaseWorkflow.run``."""
        return await super().run(life)
