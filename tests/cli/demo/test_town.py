"""The simulated people wait when the API asks them to, as any client should."""

from __future__ import annotations

import httpx
import pytest

from cli.demo.town import GLANCE, Api


@pytest.mark.parametrize(("said", "pause"), [("7", 7.0), ("soon", GLANCE), (None, GLANCE)])
@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_api_is_asked_again_when_it_said(
    monkeypatch: pytest.MonkeyPatch, status: int, said: str | None, pause: float
) -> None:
    pauses, busy = list[float](), [status]

    async def waits(seconds: float) -> None:
        pauses.append(seconds)

    def answers(request: httpx.Request) -> httpx.Response:
        if busy:
            return httpx.Response(busy.pop(), headers={} if said is None else {"Retry-After": said})
        return httpx.Response(200, json={"statement": "claim"})

    api = Api("http://baton")
    await api.close()
    api._client = httpx.AsyncClient(transport=httpx.MockTransport(answers), base_url="http://baton")
    monkeypatch.setattr("cli.demo.town.asyncio.sleep", waits)

    assert await api.say("POST", "/leads/x/claim") == {"statement": "claim"}
    assert pauses == [pause]
    await api.close()
