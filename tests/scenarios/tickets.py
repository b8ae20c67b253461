"""A ticket in a world: what a screen shows of it, and what people do about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cases.ids import workflow_id
from tests.scenarios.story import HQ, Story
from tests.scenarios.world import World


class Ticket(Story):
    """A case of the kind ``ticket`` in a world."""

    @property
    def handle(self) -> Any:  # type: ignore[override]
        return self.world.temporal.get_workflow_handle(workflow_id(UUID(self.id), "ticket"))

    async def page(self) -> dict[str, Any]:
        answer = await self.world.http.get(f"/api/v1/tickets/{self.id}", headers={"Baton-Actor": HQ})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def show(self) -> dict[str, Any]:
        return (await self.page())["ticket"]

    async def timeline(self) -> list[dict[str, Any]]:
        answer = await self.world.http.get(f"/api/v1/tickets/{self.id}/timeline", headers={"Baton-Actor": HQ})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def step(self) -> tuple[str, str, Any]:
        """The one open task: its kind, its role, the time until it is due."""
        (row,) = await self.rows(
            "SELECT id, kind, role, due_at - opened_at AS within FROM tasks WHERE case_id = :lead AND status = 'open'"
        )
        return row["kind"], row["role"], row["within"]

    async def tasks_open(self) -> list[dict[str, Any]]:
        """All open tasks, where several may be."""
        return [task for task in await self.tasks() if task["status"] == "open"]

    async def complete(self, outcome: str, by: str, **said: Any) -> None:
        """Somebody completes the one open task by the one door."""
        (row,) = await self.rows("SELECT id FROM tasks WHERE case_id = :lead AND status = 'open'")
        body = {"outcome": outcome, **said}
        answer = await self.world.state("POST", f"/tasks/{row['id']}/complete", body, by=by)
        assert answer.status_code == 200, answer.text
        await self.rest()


async def opened(world: World, by: str | None = HQ, **body: Any) -> Ticket:
    answer = await world.state("POST", "/tickets", body, by=by)
    assert answer.status_code == 201, answer.text
    ticket = Ticket(world, answer.json()["ticket_id"], world.clock.now())
    await ticket.rest()
    return ticket
