"""The API as a command's door: what it says no to becomes one line."""

from __future__ import annotations

from typing import Any, Self

import httpx

from server.problems import StartProblem
from server.settings import load

TIMEOUT = httpx.Timeout(120, connect=5)
PREFIX = "/api/v1"


class Door:
    """A connection to the API at ``url`` (this machine's if None), in the name of ``by``."""

    def __init__(self, url: str | None, by: str | None = None, transport: httpx.BaseTransport | None = None) -> None:
        headers = {"Accept-Language": "en"} | ({"Baton-Actor": by} if by else {})
        # The API is on this machine or named on purpose: a proxy of the environment would only be
        # in the way.
        self._http = httpx.Client(
            base_url=url or load().api_url, headers=headers, timeout=TIMEOUT, trust_env=False, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, **params: Any) -> Any:
        """What is there. Raises StartProblem."""
        return accepted(self._request("GET", path, params=params))

    def post_xml(self, path: str, xml: bytes, **params: Any) -> httpx.Response:
        """The answer to a file. Raises StartProblem when there is none."""
        return self._request("POST", path, params=params, content=xml, headers={"Content-Type": "application/xml"})

    def _request(self, method: str, path: str, **rest: Any) -> httpx.Response:
        try:
            return self._http.request(method, f"{PREFIX}{path}", **rest)
        except httpx.TransportError as error:
            raise StartProblem(f"{self._http.base_url} does not answer", "start it first (make run)") from error


def accepted(answer: httpx.Response) -> Any:
    """The body of an answer. Raises StartProblem with what the API says instead."""
    if answer.is_success:
        return answer.json()
    try:
        said = answer.json()
        raise StartProblem(said["detail"], said["cure"])
    except (ValueError, KeyError, TypeError):
        raise StartProblem(f"{answer.request.url} answers with status {answer.status_code}") from None
