"""Head office at its tables: every test has a table of its own, in one database for all of a
module's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest

from cases.actors import EVERYTHING, SYSTEM
from domain.policy import review
from store.session import Database
from store.tables import definitions
from tests.api.conftest import NOW, Desk, desk_over, headers
from tests.timetravel import TestClock

ANNE, BEN = "HQ-01", "HQ-02"
"""Two people of head office. Anne drafts, Ben publishes."""

XML = {"Content-Type": "application/xml"}
_numbers = count(1)


def dmn(key: str, *, middle: str = "500", below: str = "< 100", name: str = "价位", expect: str = "") -> bytes:
    """Three bands without a gap; a price below 100 brings nothing, below 200 what ``middle``
    says."""
    rows = (("low", below, '"low"', "0"), ("mid", "[100..200)", '"mid"', middle), ("high", "&gt;= 200", '"high"', "9"))
    cells = "".join(
        f'<rule id="{row}"><inputEntry><text>{test.replace("<", "&lt;")}</text></inputEntry>'
        f"<outputEntry><text>{tier}</text></outputEntry><outputEntry><text>{points}</text></outputEntry></rule>"
        for row, test, tier, points in rows
    )
    example = (
        '<extensionElements><baton:example name="in the middle"><baton:given name="price">150</baton:given>'
        f'<baton:expect name="points">{expect or middle}</baton:expect></baton:example></extensionElements>'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!-- kept -->\n'
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" xmlns:baton="urn:baton:dmn:1" id="d" '
        f'name="d" namespace="urn:test"><decision id="{key}" name="{name}">{example}<decisionTable>'
        '<input id="in" label="Price"><inputExpression typeRef="number"><text>price</text></inputExpression></input>'
        '<output name="tier" typeRef="string"/><output name="points" label="Points" typeRef="number"/>'
        f"{cells}</decisionTable></decision></definitions>\n"
    ).encode()


@dataclass
class Office:
    """One table, and what people do to it. Answers are in English."""

    desk: Desk
    key: str = field(default_factory=lambda: f"bands-{next(_numbers)}")

    @property
    def clock(self) -> TestClock:
        return self.desk.clock

    def file(self, **changes: str) -> bytes:
        return dmn(self.key, **changes)

    async def ask(
        self,
        method: str,
        path: str,
        by: str | None = ANNE,
        body: Any = None,
        *,
        xml: bytes | None = None,
        key: str | None = None,
        language: str = "en",
        match: str | None = None,
        **params: Any,
    ) -> httpx.Response:
        """A request below the table's address."""
        head = headers(by, key, language) | (XML if xml is not None else {})
        head |= {} if match is None else {"If-Match": match}
        sent: dict[str, Any] = {"content": xml} if xml is not None else {} if body is None else {"json": body}
        address = f"/api/v1/tables/{self.key}{path}"
        return await self.desk.http.request(method, address, headers=head, params=params, **sent)

    async def got(self, method: str, path: str, *args: Any, **more: Any) -> Any:
        """The body of an answer that has to be good."""
        answer = await self.ask(method, path, *args, **more)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def listed(self, path: str, **params: Any) -> Any:
        """The rows that a list below the table's address shows on its only page."""
        found = await self.got("GET", path, **params)
        assert found.keys() == {"items", "next"} and found["next"] is None
        return found["items"]

    async def ship(self, xml: bytes | None = None) -> None:
        """A version as Baton's own deployment publishes it."""
        async with self.desk.database.transaction(SYSTEM, EVERYTHING) as tx:
            await definitions.publish_table(tx, self.key, "价位", xml or self.file(), self.clock.now(), "system")

    async def draft(self, xml: bytes | None = None, by: str = ANNE) -> str:
        """The path of a new draft, from a file or from version 1."""
        more: dict[str, Any] = {"from": 1} if xml is None else {"xml": xml}
        made = await self.got("POST", "/drafts", by, reason="try", **more)
        return f"/drafts/{made['draft']['id']}"

    async def publish(self, draft: str, by: str = BEN, revision: int = 1, **more: Any) -> httpx.Response:
        form = {"revision": revision, "comment": "looked at it"} | more
        return await self.ask("POST", f"{draft}/publication", by, form)

    async def version(self, xml: bytes, **more: Any) -> dict[str, Any]:
        """Drafted by Anne, published by Ben."""
        answer = await self.publish(await self.draft(xml), **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def states(self) -> dict[int, str]:
        """What each version does now."""
        return {one["version"]: one["state"] for one in (await self.got("GET", ""))["versions"]}

    async def told(self) -> list[str]:
        """The codes of the table's history, oldest first."""
        return [one["code"] for one in reversed((await self.got("GET", "/history"))["items"])]


@pytest.fixture
async def office(shared_network: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """A table that is not there yet, at the instant ``NOW``."""
    monkeypatch.setattr(review, "_SAMPLES", 100)  # each save asks both evaluators; ten times as long with 1,000
    async with desk_over(shared_network, TestClock(NOW)) as desk:
        yield Office(desk)
