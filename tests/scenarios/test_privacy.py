"""Nobody's name, number or words leave PostgreSQL: not for Temporal, not for a log, whatever goes
wrong (10).

Every field in which a person can say something gets a word of its own, leads go down many paths and
into many errors, and then everything that Temporal keeps and everything that was logged is searched
for all of these words.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest
from google.protobuf.json_format import MessageToJson
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import workflow_id
from cases.lead_facts import PLAIN, Reads
from tests.databases import clone
from tests.personal import PERSONAL, RECORDS
from tests.scenarios.canaries import Canaries
from tests.scenarios.stack import Stack, stack
from tests.scenarios.story import AGENT, DAY, HQ
from tests.scenarios.victims import LOUD
from tests.scenarios.world import WISHES
from tests.servers import TIME_SKIPPING, SharedPostgres, TemporalServer

PIECES = {"customers.gender", "customers.call_said", "customer_keys.keys", "submissions.fingerprint"}
"""Columns of personal data in which none of these words stands whole."""
OF_TICKETS = {"vehicles.vin", "vehicles.plate"}
"""Those that only tickets fill; their words are planted in ``test_ticket_failures``."""


@dataclass
class Aviary:
    """Baton, the words that were planted in it, and the leads that they were planted with."""

    here: Stack
    words: Canaries
    directory: Path
    leads: list[str] = field(default_factory=list[str])

    def facts(self, who: str, grade: str, **more: Any) -> dict[str, Any]:
        """A submission in which every field that takes words has one, except where ``more`` says
        otherwise."""
        said = {"name": self.words.name(f"{who}.name"), "phone": self.words.phone(f"{who}.phone")}
        said |= {"wechat": self.words.code(f"{who}.wechat")}
        said |= {name: self.words.text(f"{who}.{name}") for name in ("note", "campaign", "company", "utm_term")}
        said |= {"external_id": self.words.code(f"{who}.id"), "email": self.words.code(f"{who}.email") + "@example.cn"}
        said |= {
            "consent": {"purposes": [self.words.text(f"{who}.purpose")], "version": self.words.code(f"{who}.text")}
        }
        said |= self.declared(who)
        complete = {"model": "傲虎", "budget": "25-30万", "city": "北京", "channel": "maker.vertical.dongchedi"}
        return complete | WISHES[grade] | said | more

    def declared(self, who: str) -> dict[str, str]:
        """A word for each plain fact that is personal, of a kind that can be read."""
        kinds = {Reads.TEXT: self.words.text, Reads.PLATE: self.words.plate}
        said = ((fact.name, kinds.get(fact.reads)) for fact in PLAIN if fact.personal)
        return {name: word(f"{who}.{name}") for name, word in said if word is not None}

    async def lead(self, who: str, grade: str = "A", **more: Any) -> str:
        (lead,) = await self.here.send(self.facts(who, grade, **more))
        self.leads.append(lead)
        await self.here.rest(lead)
        return lead

    async def say(self, lead: str, what: str, by: str | None = None, **body: Any) -> None:
        """A statement that is accepted; text fields that are None get a word."""
        words = {name: self.words.text(f"{what}.{name}") for name, value in body.items() if value is None}
        await self.here.say(lead, what, body | words, by=by or await self.here.owner(lead))

    async def retried(self, lead: str) -> str:
        """Retries the incident at which the lead waits; gives what it says."""
        found = (await self.here.http.get("/api/v1/incidents", params={"lead": lead})).json()["items"]
        (incident,) = found
        body = {"reason": self.words.text("retry.reason")}
        answer = await self.here.http.post(
            f"/api/v1/incidents/{incident['id']}/retry", json=body, headers={"Baton-Actor": HQ}
        )
        assert answer.status_code == 200, answer.text
        await self.here.rest(lead)
        return str(incident["message"])

    async def execute(self, statement: str) -> None:
        async with self.here.db.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(text(statement))


async def test_nobodys_data_leave_postgresql(pg: SharedPostgres, shipped_template: str, tmp_path: Path) -> None:
    server = TemporalServer(tmp_path, *TIME_SKIPPING)
    server.start()
    try:
        async with (
            clone(pg, shipped_template) as url,
            stack(
                url, server, tmp_path, point="careless", api_too=True, BATON_LOG_LEVEL="debug", **{LOUD: "1"}
            ) as here,
        ):
            # given a word in every field, on all paths and in all mistakes
            aviary = Aviary(here, Canaries(), tmp_path)
            await everything_goes_wrong(aviary)
            await everything_is_said(aviary)
            await here.everybody_is_told()
            # then none of them is anywhere but in the columns made for it
            await temporal_keeps_nobodys_data(aviary)
            temporals_own_files_hold_nobodys_data(aviary)
            logs_hold_nobodys_data(aviary)
            await figures_hold_nobodys_data(aviary)
            holding = await kept_in_store(aviary)
            the_store_keeps_words_in_few_places_only(holding)
            nothing_is_left_of_somebody_who_is_forgotten(holding)
    finally:
        server.stop()


async def everything_is_said(aviary: Aviary) -> None:
    """Leads down the paths of the diagram, with a word in every field."""
    here, words = aviary.here, aviary.words
    # called, met, refused by the manager, sold
    met = await aviary.lead("met", model=words.text("met.model"), budget=words.text("met.budget"))
    again = aviary.facts("twice", "A", phone=words.planted["met.phone"])
    assert (await here.http.post("/api/v1/leads", json=again)).json()["lead_id"] == met
    await here.rest(met)
    completed = {"name": words.name("call.name"), "phone": words.phone("call.phone")}
    completed |= {"wechat": words.code("call.wechat"), "model": "傲虎", "purchase_time": "两周内", "city": "北京"}
    completed |= aviary.declared("call")
    await aviary.say(met, "call-result", AGENT, outcome="qualified", content=None, **completed)
    for what in ("follow-ups", "invite", "visit", "test-drive"):
        await aviary.say(met, what, content=None, answer=None)
    await aviary.say(met, "lose", reason="price", content=None)
    await aviary.say(met, "confirm", HQ, approve=False, comment=None)
    await aviary.say(met, "win", number=words.code("win.number"), price=268000)
    # reassigned, lost, called back, archived, back again, invalid
    lost = await aviary.lead("lost")
    await aviary.say(lost, "reassign", HQ, to_staff="BJ02-C1", reason=None)
    await aviary.say(lost, "lose", reason="bought_rival", content=None)
    await aviary.say(lost, "confirm", HQ, approve=True, comment=None)
    await here.travel(lost, 8 * DAY)
    await aviary.say(lost, "recall-result", AGENT, outcome="not_interested", content=None)
    await aviary.say(lost, "reactivate", AGENT, reason=None)
    await aviary.say(lost, "call-result", AGENT, outcome="invalid", reason="not_a_buyer", content=None)
    # in a place that nobody knows: the call centre asks
    where = {name: words.text(f"nowhere.{name}") for name in ("province", "city", "district")}
    nowhere = await aviary.lead("nowhere", **where)
    await aviary.say(nowhere, "call-result", AGENT, outcome="qualified", content=None)
    # nurtured, asked, raised, at a dealer, cooled
    cold = await aviary.lead("cold", "C")
    await here.travel(cold, 61 * DAY)
    await aviary.say(cold, "intent", AGENT, outcome="unchanged", labels=[words.text("intent.labels")], content=None)
    await aviary.say(cold, "regrade", HQ, grade="A", reason=None)
    await aviary.say(cold, "cool", content=None)
    # sent again, changed, forgotten
    gone = await aviary.lead("gone")
    again = aviary.facts("again", "A", phone=words.planted["gone.phone"])
    assert (await here.http.post("/api/v1/leads", json=again)).json()["lead_id"] == gone
    changes = {"name": words.name("patch.name"), "phone": words.phone("patch.phone")}
    changes |= {"wechat": words.code("patch.wechat"), "labels": [words.text("patch.labels")]}
    changes |= {"city": "上海"} | aviary.declared("patch")
    address, actor = f"/api/v1/leads/{gone}/customer", {"Baton-Actor": HQ}
    assert (await here.http.patch(address, json=changes, headers=actor)).status_code == 200
    await here.rest(gone)
    assert (await here.http.delete(address, headers=actor)).status_code == 200
    await here.rest(gone)


async def everything_goes_wrong(aviary: Aviary) -> None:
    """Mistakes of code, of the database and of those who ask, each with a word in its hands."""
    here, words = aviary.here, aviary.words
    # a step that quotes the customer in its exception; the next worker has been mended
    careless = await aviary.lead("careless")
    here.workers.kill()
    here.workers.succeed()
    assert await aviary.retried(careless) == "assign: ValueError"
    assert (await here.show(careless))["status"] == "working"
    # a step whose row the database refuses, quoting all of it
    await aviary.execute("ALTER TABLE cases ADD CONSTRAINT stumble CHECK (level IS DISTINCT FROM 'B') NOT VALID")
    stumbling = await aviary.lead("stumbling", "B")
    await aviary.execute("ALTER TABLE cases DROP CONSTRAINT stumble")
    assert await aviary.retried(stumbling) == "grade: IntegrityError"
    await aviary.say(stumbling, "invalidate", reason="other", content=None)
    await aviary.say(stumbling, "confirm", HQ, approve=True)
    # a request whose row the database refuses
    await aviary.execute("ALTER TABLE customers ADD CONSTRAINT stumble CHECK (name IS NULL) NOT VALID")
    answer = await here.http.post("/api/v1/leads", json=aviary.facts("refused", "A"))
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["connection"] == "close"  # as the server does: the next request needs another one
    await aviary.execute("ALTER TABLE customers DROP CONSTRAINT stumble")
    # requests that say the wrong things in the wrong places
    for answer in await asyncio.gather(*wrong_requests(here.http, words, careless)):
        assert 400 <= answer.status_code < 500 or answer.request.method == "GET", (answer.request.url, answer.text)
        assert answer.status_code < 500


def wrong_requests(http: httpx.AsyncClient, words: Canaries, lead: str) -> list[Any]:
    word, number = words.text("wrong.request"), words.phone("wrong.number")
    someone = {"Baton-Actor": HQ}
    asked = f"/api/v1/leads/{lead}/follow-ups"
    return [
        http.post("/api/v1/leads", json={"name": {"first": word}, "phone": [number], "channel": word}),
        http.post("/api/v1/leads", json={word: number}),
        http.post("/api/v1/leads", json={"name": word, "phone": number, "channel": word}),
        http.post("/api/v1/leads", json={"name": word, "phone": "13800138000", "channel": "maker.vertical.dongchedi"}),
        http.post("/api/v1/leads", content=f'{{"name": "{word}", "phone": {number}'.encode()),
        http.post("/api/v1/leads", content=word.encode(), headers={"Content-Type": "text/plain"}),
        http.post("/api/v1/leads", json={"name": word}, headers={"Idempotency-Key": f"{number} {number}"}),
        http.post(asked, json={"content": word}, headers={"Baton-Actor": number}),
        http.post(asked, json={"content": [word]}, headers=someone),
        http.post(asked, json={"content": "\0" + word, "next_at": word}, headers=someone),
        http.post(asked, json={"content": word * 200}, headers=someone),
        http.post(f"/api/v1/leads/{lead}/win", json={"number": word, "price": 1, "model": word}, headers=someone),
        http.post(f"/api/v1/leads/{lead}/confirm", json={"approve": word, "comment": word}, headers=someone),
        http.post(f"/api/v1/leads/{lead}/reassign", json={"to_staff": word, "reason": word}, headers=someone),
        http.patch(f"/api/v1/leads/{lead}/customer", json={"phone": word}, headers=someone),
        http.post(f"/api/v1/leads/{word}/claim", json={}, headers=someone),
        http.get("/api/v1/leads", params={"q": number}),
        http.get("/api/v1/leads", params={"q": word, "cursor": word}),
        http.get("/api/v1/tasks", params={"owner": word, word: number}),
        http.get(f"/api/v1/{word}/{number}"),
        http.request("BREW", f"/api/v1/leads?phone={number}"),
    ]


# -- how it is looked for ------------------------------------------------------------------------

ENCODERS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "JSON, escaped": lambda said: json.dumps({"x": said}).encode(),
    "JSON in base64": lambda said: b64encode(json.dumps({"x": said}, ensure_ascii=False).encode()),
    "escaped JSON in base64": lambda said: b64encode(json.dumps([said]).encode()),
    "base64 for addresses": lambda said: urlsafe_b64encode(b"x" + said.encode()),
    "query": lambda said: urlencode({"q": said}).encode(),
    "repr of bytes": lambda said: repr(said.encode()).encode(),
    "hexadecimal": lambda said: said.encode().hex().encode(),
    "upper case": lambda said: said.upper().encode(),
}


@pytest.mark.parametrize("encoder", ENCODERS)
def test_the_search_finds_words_however_they_are_written(encoder: str) -> None:
    words = Canaries()
    said = [words.text("text"), words.code("code"), words.name("name"), f"+86{words.phone('phone')}"]
    for before in ("", "a", "ab"):
        for where, word in zip(("text", "code", "name", "phone"), said, strict=True):
            assert any(found.startswith(where) for found in words.found_in(ENCODERS[encoder](before + word)))
    assert words.found_in(ENCODERS[encoder]("nothing about anybody")) == []


@pytest.mark.parametrize("spelling", ["{1} {2} {3}", "{1}-{2}-{3}", "{1}{2} {3}", "(+86) {0}"])
def test_the_search_finds_numbers_however_they_are_spelt(spelling: str) -> None:
    words = Canaries()
    number = words.phone("phone")
    assert words.found_in(spelling.format(number, number[:3], number[3:7], number[7:]).encode())


# -- what is looked through ----------------------------------------------------------------------


async def temporal_keeps_nobodys_data(aviary: Aviary) -> None:
    for lead in aviary.leads:
        runs = await aviary.here.runs(lead)
        for one in runs:
            run = aviary.here.temporal.get_workflow_handle(one.id, run_id=one.run_id)
            described = (await run.describe()).raw_description
            events = (await run.fetch_history()).events
            # payloads, headers, failures, memo, search attributes and summaries, as bytes and as
            # their JSON
            kept = [part.SerializeToString() for part in (described, one.raw_info, *events)]
            kept += [MessageToJson(part).encode() for part in (described, one.raw_info, *events)]
            assert workflow_id(UUID(lead)).encode() in b"".join(kept)
            assert aviary.words.found_in(b"\n".join(kept)) == []


def temporals_own_files_hold_nobodys_data(aviary: Aviary) -> None:
    files = sorted(aviary.directory.glob("temporal.*"))
    assert {"temporal.db", "temporal.log"} <= {file.name for file in files}
    kept = b"\n".join(file.read_bytes() for file in files)
    assert all(lead.encode() in kept for lead in aviary.leads)
    assert aviary.words.found_in(kept) == []


def logs_hold_nobodys_data(aviary: Aviary) -> None:
    worker, api = ((aviary.directory / f"default-{part}.log").read_bytes() for part in ("worker", "api"))
    # everybody had their say
    assert b'"level": "debug"' in worker and b'"level": "debug"' in api
    for word in (b"activity failed", b"notification", b"sqlalchemy.engine", b"temporalio"):
        assert word in worker, word
    for word in (b"request_failed", b"uvicorn", b"sqlalchemy.engine", b"IntegrityError"):
        assert word in api, word
    # and nobody said anything about anybody
    assert aviary.words.found_in(worker) == []
    assert aviary.words.found_in(api) == []


async def figures_hold_nobodys_data(aviary: Aviary) -> None:
    env = aviary.here.workers.env
    async with httpx.AsyncClient() as http:
        for port in (env["BATON_PORT"], env["BATON_METRICS_PORT"]):
            figures = (await http.get(f"http://127.0.0.1:{port}/metrics")).content
            assert b"baton_" in figures
            assert aviary.words.found_in(figures) == []


def the_store_keeps_words_in_few_places_only(holding: dict[str, list[str]]) -> None:
    """What was planted did arrive; and no column that only knows codes has it."""
    words = PERSONAL | RECORDS
    assert {place: found for place, found in holding.items() if place not in words} == {}
    assert set(holding) == words - PIECES - OF_TICKETS


def nothing_is_left_of_somebody_who_is_forgotten(holding: dict[str, list[str]]) -> None:
    forgotten = ("gone.", "again.", "patch.")
    left = {place: [one for one in found if one.startswith(forgotten)] for place, found in holding.items()}
    assert {place: found for place, found in left.items() if found} == {}


async def kept_in_store(aviary: Aviary) -> dict[str, list[str]]:
    """Each column that holds planted words, and which."""
    columns = await aviary.here.rows(
        "SELECT table_name AS table, column_name AS column FROM information_schema.columns"
        " NATURAL JOIN information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    holding: dict[str, list[str]] = {}
    for one in columns:
        rows = await aviary.here.rows(f'SELECT CAST("{one["column"]}" AS text) AS value FROM "{one["table"]}"')
        kept = "\n".join(str(row["value"]) for row in rows).encode()
        if found := aviary.words.found_in(kept):
            holding[f"{one['table']}.{one['column']}"] = found
    return holding
