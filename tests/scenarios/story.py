"""One lead in a world: what a screen shows of it, what people say about it, and time passing for
it."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
from sqlalchemy import text
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from cases.actors import EVERYTHING, SYSTEM
from cases.clock import ClockSpec
from cases.contracts import CaseInput
from cases.ids import workflow_id
from cases.states import CaseKind
from tests.timetravel import A_MOMENT, travel
from workflows.case import CaseWorkflow

if TYPE_CHECKING:
    from tests.scenarios.world import World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AGENT, HQ = "CC-01", "HQ-01"
LADDER = frozenset({"reminded", "manager_told", "handed_over", "back_to_hq"})
_topics = itertools.count(1)
PATIENCE = 60.0
"""Seconds of wall time that a lead may take to come to rest."""


@dataclass
class Story:
    """One lead, or another case of this ``kind``; ``born`` is the instant from which its offsets
    are counted."""

    world: World
    id: str
    born: datetime
    kind: str = CaseKind.LEAD
    _specs: dict[str | None, ClockSpec] = field(default_factory=dict)

    @cached_property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.world.temporal.get_workflow_handle(workflow_id(UUID(self.id), self.kind))

    # -- what a screen shows ----------------------------------------------------------------------

    async def page(self) -> dict[str, Any]:
        """All that a screen shows of the lead: ``lead``, ``facts``, ``state``, ``tasks``,
        ``clocks``, ``possible`` …"""
        answer = await self.world.http.get(f"/api/v1/leads/{self.id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def show(self) -> dict[str, Any]:
        """The lead's own line: status, stage, grade, badges, lamp, dealer, owner, next_due_at."""
        return (await self.page())["lead"]

    async def status(self) -> str:
        return str((await self.show())["status"])

    async def owner(self) -> str:
        """The staff code of the lead's consultant."""
        return str((await self.show())["owner"]["code"])

    async def dealer(self) -> str:
        """The code of the lead's dealer."""
        return str((await self.show())["dealer"]["code"])

    async def manager(self) -> str:
        """The staff code of the manager of the lead's dealer."""
        return f"{await self.dealer()}-M1"

    async def colleague(self) -> str:
        """Another consultant of the lead's dealer."""
        dealer, owner = await self.dealer(), await self.owner()
        return next(code for number in (1, 2) if (code := f"{dealer}-C{number}") != owner)

    async def timeline(self) -> list[dict[str, Any]]:
        """What happened, oldest first."""
        answer = await self.world.http.get(f"/api/v1/leads/{self.id}/timeline", params={"limit": 200})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def happened(self) -> list[str]:
        """The codes of the timeline, oldest first."""
        return [item["code"] for item in await self.timeline()]

    async def when(self, *codes: str) -> list[tuple[str, timedelta]]:
        """When lines with these codes were written, counted from ``born``."""
        found = [item for item in await self.timeline() if item["code"] in codes]
        return [(item["code"], datetime.fromisoformat(item["at"]) - self.born) for item in found]

    async def climbed(self) -> list[tuple[str, timedelta]]:
        """The rungs of all ladders climbed so far, with their instants counted from ``born``."""
        return await self.when(*LADDER)

    async def told(self, *codes: str) -> list[tuple[str, str, timedelta]]:
        """Notifications: what, whom (a staff code or a role), when counted from ``born``; ``codes``
        narrows them."""
        rows = await self.rows(
            "SELECT n.code, coalesce(s.code, n.to_role) AS whom, n.created_at FROM notifications n"
            " LEFT JOIN staff s ON s.id = n.to_staff_id WHERE n.case_id = :lead ORDER BY n.created_at, n.code, whom"
        )
        found = [(row["code"], row["whom"], row["created_at"] - self.born) for row in rows]
        return [one for one in found if not codes or one[0] in codes]

    async def clocks(self, kind: str) -> list[dict[str, Any]]:
        """All clocks of a kind that ran or run, oldest first; instants counted from ``born``."""
        rows = await self.rows(
            "SELECT c.kind, c.grade, s.code AS staff, c.started_at, c.due_at, c.breached_at, c.stopped_at, c.rung,"
            " c.lamp FROM sla_clocks c LEFT JOIN staff s ON s.id = c.staff_id"
            " WHERE c.case_id = :lead ORDER BY c.started_at, c.id"
        )
        return [self._counted(row) for row in rows if row["kind"] == kind]

    async def tasks(self) -> list[dict[str, Any]]:
        """All tasks, oldest first; instants counted from ``born``."""
        rows = await self.rows(
            "SELECT t.id, t.kind, t.why, t.status, s.code AS owner, t.opened_at, t.due_at, t.closed_at, t.late,"
            " t.outcome FROM tasks t LEFT JOIN staff s ON s.id = t.owner_id WHERE t.case_id = :lead"
            " ORDER BY t.opened_at, t.id"
        )
        return [self._counted(row) for row in rows]

    async def task(self) -> dict[str, Any]:
        """The one open task."""
        (found,) = [task for task in await self.tasks() if task["status"] == "open"]
        return found

    async def rows(self, statement: str) -> list[dict[str, Any]]:
        """Rows of the store about this lead; ``:lead`` stands for its id."""
        async with self.world.db.transaction(SYSTEM, EVERYTHING) as tx:
            result = await tx.session.execute(text(statement), {"lead": UUID(self.id)})
            return [dict(row) for row in result.mappings()]

    def _counted(self, row: dict[str, Any]) -> dict[str, Any]:
        return {key: value - self.born if isinstance(value, datetime) else value for key, value in row.items()}

    # -- what people say --------------------------------------------------------------------------

    async def post(self, what: str, body: dict[str, Any] | None = None, *, by: str) -> httpx.Response:
        """A statement about this lead, not yet carried to the workflow."""
        return await self.world.state("POST", f"/leads/{self.id}/{what}", body or {}, by=by)

    async def say(self, what: str, body: dict[str, Any] | None = None, *, by: str) -> dict[str, Any]:
        """A statement that is accepted and worked off."""
        answer = await self.post(what, body, by=by)
        assert answer.status_code in (200, 201), answer.text
        await self.rest()
        return answer.json()

    async def refused(self, what: str, body: dict[str, Any] | None = None, *, by: str) -> tuple[str, dict[str, Any]]:
        """A statement that is refused: the code and what the refusal tells."""
        answer = await self.post(what, body, by=by)
        assert 400 <= answer.status_code < 500, answer.text
        return answer.json()["code"], answer.json().get("params", {})

    async def follow_up(self, **body: Any) -> dict[str, Any]:
        """The owner spoke with the customer, of something else each time."""
        words = f"介绍{next(_topics)}"
        return await self.say("follow-ups", {"channel": "phone", "content": words} | body, by=await self.owner())

    async def called(self, outcome: str, **body: Any) -> dict[str, Any]:
        """The call centre's outbound call."""
        return await self.say("call-result", {"outcome": outcome} | body, by=AGENT)

    async def decided(self, decision: str, *, by: str = HQ, **body: Any) -> dict[str, Any]:
        """What head office decides about a lead that nobody further down went on with."""
        return await self.say("hq-decision", {"decision": decision} | body, by=by)

    async def reassign(self, by: str = HQ, **to: str) -> dict[str, Any]:
        """A supervisor gives the lead to ``to_staff`` or ``to_dealer``."""
        return await self.say("reassign", {"reason": "休假", **to}, by=by)

    async def customer(self, method: str, body: dict[str, Any] | None = None) -> None:
        """The customer's own data are changed (PATCH) or erased (DELETE)."""
        answer = await self.world.state(method, f"/leads/{self.id}/customer", body, by=HQ)
        assert answer.status_code == 200, answer.text
        await self.rest()

    # -- time -------------------------------------------------------------------------------------

    async def rest(self) -> None:
        """Carries what was stated to the workflow and waits until the workflow only waits."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            await self.world.carry()
            if not await self.lives():
                return
            try:
                if await self.handle.query(CaseWorkflow.settled) is not None and not await self.world.pending():
                    return
            except RPCError:
                continue  # the run ended between the two questions
        events = [EventType.Name(event.event_type) for event in (await self.handle.fetch_history()).events]
        raise AssertionError(f"the lead did not come to rest; its history ends with {events[-12:]}")

    async def until(self, instant: datetime | timedelta) -> None:
        """Lets time pass for this lead, its clock and the API's, to an instant (or an offset from
        ``born``)."""
        instant = self.born + instant if isinstance(instant, timedelta) else instant
        # What the last step armed late fires before the journey, not at its end.
        await self._all_fired(await self.now())
        if await self.lives() and (ahead := instant - await self.now()) > timedelta(0):
            await travel(self.world.env, self.handle.id, ahead + A_MOMENT)
        self.world.clock.set(max(instant, self.world.clock.now()))
        # Temporal starts a timer some milliseconds after it was asked for; the journey went a
        # moment further, too. One that was due when it was planned is started later still, and is
        # over by now.
        await self._all_fired(max(instant + A_MOMENT, await self.now()))

    async def _all_fired(self, instant: datetime) -> None:
        """Waits until no timer is due by an instant and the workflow only waits."""
        await self.rest()
        while True:  # what fires may arm what is overdue as well
            while await self._overdue(instant):
                await self.rest()
            await self.rest()
            if not await self._overdue(instant):
                return

    async def _overdue(self, instant: datetime) -> bool:
        """Whether a timer that was due by an instant has yet to fire."""
        if not await self.lives():
            return False
        spec, armed = await self._clock(), {}
        for event in (await self.handle.fetch_history()).events:
            if event.HasField("timer_started_event_attributes"):
                started = event.timer_started_event_attributes
                wait = started.start_to_fire_timeout.ToTimedelta()
                armed[started.timer_id] = spec.at(event.event_time.ToDatetime(UTC)) + wait
            elif event.HasField("timer_fired_event_attributes"):
                del armed[event.timer_fired_event_attributes.timer_id]
            elif event.HasField("timer_canceled_event_attributes"):
                del armed[event.timer_canceled_event_attributes.timer_id]
        return any(due <= instant for due in armed.values())

    async def wait(self, by: timedelta) -> None:
        """Lets time pass from the clock's present."""
        await self.until(self.world.clock.now() + by)

    async def now(self) -> datetime:
        """The workflow's present on the application clock; a lead that lives no more has the
        world's."""
        if not await self.lives():
            return self.world.clock.now()
        return (await self._clock()).at(await self.world.env.get_current_time(self.handle))

    async def lives(self) -> bool:
        """Whether a run of the lead's workflow is open."""
        return (await self.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    async def _clock(self) -> ClockSpec:
        """The application clock that the present run was given."""
        run_id = (await self.handle.describe()).run_id
        if run_id not in self._specs:
            run = self.world.temporal.get_workflow_handle(self.handle.id, run_id=run_id)
            started = (await run.fetch_history()).events[0].workflow_execution_started_event_attributes
            (life,) = await self.world.temporal.data_converter.decode(started.input.payloads, [CaseInput])
            self._specs[run_id] = life.clock
        return self._specs[run_id]
