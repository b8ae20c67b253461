"""Carries one process instance on Temporal: turns what it asks for into timers and activities, and
back.

The interpreter is pure; everything that touches Temporal for a process is here. What a life has to
remember is one ``Carried``, so continue-as-new loses no timer, task, message or called process
(called processes run inside the same state).

What a life does between two rests is one local activity, ``advance``, and one transaction: the
store's side goes ahead through the same program, and the workflow goes over what it did. A step
that does not succeed there, or may not be done there, is done by itself.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError

from cases.contracts import Advanced, CaseInput, Cause, Withdrawal
from workflows import steps
from workflows.bpmn import ArmTimer, DisarmTimer, Ended, State
from workflows.errands import Errand, TimerCommand
from workflows.inbox import Inbox
from workflows.stretch import Stretch

PROMPT = timedelta(minutes=1)
"""A timer that fires within this much wall time of its due instant counts as fired *at* that
instant: the machinery's lag is not business time. After a longer outage the present instant
counts."""

BEGAN = Cause("began")
WENT_ON = Cause("went_on")


class WentOtherwise(Exception):
    """The store's side did another step than this program asks for: the same history no longer
    gives the same path. Fails the workflow *task*, so that it is seen, and retried by a worker with
    the program that did it."""


class ProcessHost:
    """One process instance of one case. ``ahead``: a wake-up is one activity; without it each step
    is one, as in lives that began before that was possible.

    Raises ``NotLoaded`` when a version that the life names is not in memory yet.
    """

    def __init__(self, life: CaseInput, inbox: Inbox, *, ahead: bool) -> None:
        self._inbox = inbox
        self._ahead = ahead
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._fired: dict[str, datetime] = {}
        self._clocks: list[TimerCommand] = []
        self._wakes = 0
        run, applied = workflow.info().run_id, inbox.next_seq - 1
        self._begins = life.carried is None
        if life.carried is None:
            self._stretch = Stretch.begun(life, run, applied)
        else:
            self._stretch = Stretch.resumed(life, life.carried, run, applied)
            for timer in self.state.timers():  # overdue ones fire at once, in the order of their instants
                self._arm(timer)

    @property
    def stretch(self) -> Stretch:
        """Where the life is."""
        return self._stretch

    @property
    def state(self) -> State:
        return self._stretch.state

    @property
    def ended(self) -> bool:
        return self.state.ended

    @property
    def rouses(self) -> bool:
        """Whether there is something that the process has not been told of."""
        return self._inbox.ready or bool(self._fired)

    # -- waking up --------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Comes to the life's first rest; one that goes on from another run is there already."""
        if self._begins:
            await self._live_through(BEGAN, self._stretch, None)

    async def wake(self) -> None:
        """Lives through one thing, and comes to rest: a stated fact before a deadline, since facts
        are already committed."""
        cause = Cause("message", seq=self._inbox.next_seq) if self._inbox.ready else self._earliest()
        if not await self._live_through(cause, *self._after(cause)):
            # A person was faster than the deadline; what they said is on its way.
            await workflow.wait_condition(lambda: self._inbox.ready)

    def _earliest(self) -> Cause:
        timer = min(self._fired, key=lambda fired: (self._fired[fired], len(fired), fired))
        due = self._fired[timer]
        at = max(self._stretch.at, self._now() if self._late(due) else due)
        return Cause("timer", timer=timer, at=at)

    def _late(self, due: datetime) -> bool:
        return self._now() - due > PROMPT * self._stretch.life.clock.speed

    def _after(self, cause: Cause) -> tuple[Stretch, Withdrawal | None]:
        """The life once it has been told, and what has to be asked before it may be."""
        stretch = self._stretch.copy()
        if cause.what == "message":
            stretch.take(self._inbox.message(cause.seq))
            return stretch, None
        assert cause.at is not None
        return stretch, stretch.fire(cause.timer, cause.at, late=self._late(self._fired[cause.timer]))

    def _adopt(self, cause: Cause, stretch: Stretch) -> None:
        """It is so from now on."""
        self._stretch = stretch
        if cause.what == "message":
            self._inbox.take()
        elif cause.what == "timer":
            self._fired.pop(cause.timer, None)
            self._timers.pop(cause.timer, None)

    async def _live_through(self, cause: Cause, stretch: Stretch, claim: Withdrawal | None) -> bool:
        """False when a person was faster than the deadline: nothing has happened then."""
        if self._ahead:
            return await self._run_ahead(cause, stretch, claim)
        return await self._step_by_step(cause, stretch, claim)

    # -- one activity a wake-up -------------------------------------------------------------------

    async def _run_ahead(self, cause: Cause, stretch: Stretch, claim: Withdrawal | None) -> bool:
        told = await self._advance(cause, stretch, claim)
        if told is not None and not told.granted:
            self._wakes -= 1  # the store keeps nothing of it, and numbers what comes next by this
            return False
        if told is not None and told.cause != cause:
            # The store went on with something else, and the worker that told it died.
            cause = told.cause
            stretch, _ = self._after(cause)
        self._adopt(cause, stretch)
        while told is not None:
            self._go_over(told)
            if told.rested:
                return True
            await self._do_next()
            told = await self._advance(WENT_ON, self._stretch, None)
        self._only_waits()
        return True

    async def _advance(self, cause: Cause, stretch: Stretch, claim: Withdrawal | None) -> Advanced | None:
        wake = stretch.wake_up(self._wakes + 1, cause, claim)
        if wake is None:
            return None
        self._wakes += 1
        return await steps.advance(wake, stretch.words)

    def _go_over(self, told: Advanced) -> None:
        """Takes the life along the steps that were done."""
        for ran in told.ran:
            errand = self._next()
            if errand is None or errand.name != ran.name:
                asked = "nothing" if errand is None else f"{errand.element} ({errand.name})"
                raise WentOtherwise(f"the store did {ran.name}, the process asks for {asked}")
            self._stretch.done(errand, ran.result)
        if self.ended and told.leaves_timers:
            self._leave_timers()
        if told.rested:
            self._only_waits()
            self._stretch.settled()

    def _only_waits(self) -> None:
        errand = self._next()
        self._set_timers()
        if errand is not None:
            raise WentOtherwise(f"the process asks for {errand.element} ({errand.name}), the store rests")

    # -- one activity a step ----------------------------------------------------------------------

    async def _step_by_step(self, cause: Cause, stretch: Stretch, claim: Withdrawal | None) -> bool:
        if claim is not None and not await steps.ask("withdraw", claim, "deadline ends tasks"):
            return False
        self._adopt(cause, stretch)
        while await self._do_next():
            pass
        settlement = self._stretch.settlement()
        if settlement is not None:
            await steps.ask("settle", settlement, "at rest")
            self._stretch.settled()
        return True

    async def _do_next(self) -> bool:
        """Does the next step by itself; False if there is none."""
        errand = self._next()
        self._set_timers()
        if errand is None:
            return False
        step = self._stretch.step(errand)
        if errand.reports:
            await steps.note(errand.activity, step, errand.summary)
            return True
        try:
            result = await steps.perform(errand.activity, step, errand.summary)
        except FailureError as failure:
            self._stretch.failed(errand, *steps.meaning(failure))
        else:
            self._stretch.done(errand, result)
        return True

    # -- timers -----------------------------------------------------------------------------------

    def _next(self) -> Errand | None:
        """The next step that is asked for. Timers before it are set by ``_set_timers``, before
        anything is awaited."""
        while True:
            todo = self._stretch.next()
            if todo is None or isinstance(todo, Errand):
                return todo
            self._clocks.append(todo)

    def _set_timers(self) -> None:
        """Does what the process has asked for."""
        for command in self._clocks:
            match command:
                case ArmTimer():
                    self._arm(command)
                case DisarmTimer():
                    self._disarm(command.timer)
                case Ended():
                    for timer in list(self._timers):
                        self._disarm(timer)
        self._clocks.clear()

    def _leave_timers(self) -> None:
        """Once a life has ended nobody waits for its timers: they end with the run, and to cancel
        each would be an event."""
        self._clocks.clear()
        self._timers.clear()
        self._fired.clear()

    def _now(self) -> datetime:
        """The application instant of this workflow task."""
        return self._stretch.life.clock.at(workflow.now())

    def _arm(self, timer: ArmTimer) -> None:
        async def wait() -> None:
            wall = self._stretch.life.clock.wall_until(timer.due, self._now())
            await workflow.sleep(wall, summary=timer.name)
            self._fired[timer.timer] = timer.due

        self._timers[timer.timer] = asyncio.create_task(wait())

    def _disarm(self, timer: str) -> None:
        self._fired.pop(timer, None)
        waiting = self._timers.pop(timer, None)
        if waiting is not None:
            waiting.cancel()
