"""Does what a documented ``curl`` command asks, through any client: only the few options that the
pages use."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from tests.docs.compare import Book
from tests.docs.console import ROOT, Command, shown_json

_NAME = re.compile(r"^([A-Z]+)=(\S+)$")


@dataclass
class Shell:
    """Variables set on a page, and the ids that its answers brought."""

    http: httpx.AsyncClient
    book: Book
    variables: dict[str, str] = field(default_factory=dict[str, str])

    def sets(self, command: Command) -> bool:
        """Whether the command only gives a variable its value."""
        found = _NAME.match(command.text.partition("  #")[0].strip())
        if found is not None:
            self.variables[found[1]] = found[2]
        return found is not None

    async def curl(self, command: Command) -> httpx.Response:
        """The answer to a documented request."""
        text = command.text.replace("\\\n", " ")
        for name, value in self.variables.items():
            text = text.replace(f"${name}", value)
        words = iter(shlex.split(self.book.real(text))[1:])
        method, url, headers, body = "GET", "", {"Accept-Language": ""}, None
        for word in words:
            match word:
                case "-s" | "-i" | "-si":
                    continue
                case "-X":
                    method = next(words)
                case "-H":
                    name, _, value = next(words).partition(":")
                    headers[name] = value.strip()
                case "--json":
                    body = next(words)
                    method = "POST" if method == "GET" else method
                    headers |= {"Content-Type": "application/json", "Accept": "application/json"}
                case "--data-binary" | "-d":
                    body = next(words)
                    if body.startswith("@"):
                        body = (ROOT / body[1:]).read_text(encoding="utf-8")
                    method = "POST" if method == "GET" else method
                    headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
                case _:
                    assert word.startswith("http://127.0.0.1:8080/"), f"{command.where}: what is {word}?"
                    url = word
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return await self.http.request(method, path, headers=headers, content=body.encode() if body else None)

    def compare(self, command: Command, answer: httpx.Response) -> None:
        """Raises AssertionError unless the answer is what the page shows."""
        head, body = "", command.shown
        if command.shown.startswith("HTTP/"):
            head, _, body = command.shown.partition("\n\n")
            first, *lines = head.splitlines()
            assert first.split()[1] == str(answer.status_code), f"{command.where}: {answer.status_code} {answer.text}"
            for line in lines:
                name, _, value = line.partition(":")
                self.book.same(value.strip(), answer.headers.get(name, ""), f"{command.where} {name}")
        if body:
            self.book.same(shown_json(body), answer.json(), command.where)
