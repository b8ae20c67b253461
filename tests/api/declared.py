"""A Baton in which two more facts are declared than are shipped: `python -m tests.api.declared URL`
tells as JSON what became of them. In a process of its own, since everything is made from the
declarations when it is imported.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import cases.lead_facts as declared
from cases.lead_facts import Fact, Reads

COLOUR = Fact(
    "colour", "外观颜色", "colour", headings="外观颜色 颜色", titles="colour|color", reads=Reads.TEXT, example="珍珠白"
)
SEATS = Fact("seats", "座位数", "seats", headings="座位数 几座", reads=Reads.NUMBER, example="7", personal=False)
QUIET = Fact("insured", "有保险", "insured", reads=Reads.FLAG, corrected=False, asked=False, personal=False)
MORE = (COLOUR, SEATS, QUIET)


def declare() -> None:
    declared.FACTS = (*declared.FACTS, *MORE)
    declared.PLAIN = tuple(fact for fact in declared.FACTS if fact.plain)


async def migrated(url: str) -> list[str]:
    """What the migration of a real fact does; what then differs between the models and the
    database."""
    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    from store import migrate
    from store.migrations import lead_fact
    from store.session import Database

    def add(connection: sa.Connection) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            lead_fact.add(sa.Column("colour", sa.Text()))
            lead_fact.add(sa.Column("seats", sa.Integer()))
            flag = sa.Column("insured", sa.Boolean(), server_default="false", nullable=False)
            lead_fact.add(flag, corrected=False)

    database = Database(url, pool_size=1)
    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        await connection.run_sync(add)
    await database.close()
    return [str(one) for one in await migrate.differences(url)]


async def told(url: str) -> dict[str, Any]:
    from store.session import Database
    from tests.api.conftest import NOW, desk_over, headers, phone
    from tests.personal import DECLARED, PERSONAL, words_of_schema
    from tests.timetravel import TestClock

    found: dict[str, Any] = {"differs": await migrated(url)}
    database = Database(url, pool_size=8)
    async with desk_over(database, TestClock(NOW)) as desk:
        number, by = phone(), headers("HQ-01")
        said = {"phone": number, "colour": " 珍珠白 ", "seats": "七座", "insured": "√"}
        lead = await desk.at_consultant(**said)
        address = f"/api/v1/leads/{lead}/customer"
        found["born"] = (await desk.get(f"/leads/{lead}"))["facts"]
        odd = (await desk.send(colour=["x"], seats="很多", insured="嗯嗯")).json()
        found["unread"] = [(one["field"], one["code"]) for one in odd["unread"]]
        found["asked"] = [one["field"] for one in (await desk.get(f"/leads/{odd['lead_id']}"))["state"]["unread"]]
        xml = f"<lead><phone>{phone()}</phone><channel>maker.vertical.yiche</channel><colour>灰</colour></lead>"
        media = {"Content-Type": "application/xml"}
        other = (await desk.http.post("/api/v1/leads", content=xml.encode(), headers=media)).json()["lead_id"]
        found["xml"] = (await desk.get(f"/leads/{other}"))["facts"]["colour"]
        again = (await desk.send(phone=number, colour="黑", seats=5)).json()
        found["again"] = (again["verdict"], (await desk.get(f"/leads/{lead}"))["facts"])
        lines = await desk.list(f"/leads/{lead}/timeline")
        (line,) = (one for one in lines if one["code"] == "said_anew")
        found["line"] = (line["text"], line["data"]["fields"], line["data"]["values"])
        for change in ({"colour": "红"}, {"colour": "无", "seats": 6}, {"seats": "很多"}, {"insured": True}):
            answer = await desk.http.patch(address, json=change, headers=by)
            problems = answer.json().get("problems", [])
            found.setdefault("changes", []).append((answer.status_code, [(p["field"], p["code"]) for p in problems]))
        edits = (await desk.http.get(f"/api/v1/leads/{lead}/edits", headers=by)).json()["items"]
        found["edits"] = [(one["field"], one["before"], one["after"]) for one in edits if one["of"] == "lead"]
        await desk.http.patch(address, json={"colour": "蓝"}, headers=by)
        await desk.http.delete(address, headers=by)
        found["erased"] = (await desk.get(f"/leads/{lead}"))["facts"]
        schemas = (await desk.http.get("/openapi.json")).json()["components"]["schemas"]
        found["schemas"] = {
            name: sorted(fact.name for fact in MORE if fact.name in schemas[name]["properties"])
            for name in ("SubmissionBody", "CustomerBody", "CallResultBody", "LeadFacts")
        }
    await database.close()
    found["declared"] = sorted(one for some in DECLARED for one in some) == sorted(words_of_schema())
    found["personal"] = sorted(one for one in PERSONAL if one in ("leads.colour", "leads.seats"))
    return found | in_files()


def in_files() -> dict[str, Any]:
    from cli.importer.columns import columns_of
    from cli.importer.headings import WORDS
    from cli.importer.values import lead_of
    from tests.api.conftest import NOW
    from tests.docs.reference import rendered

    lead, remarks = lead_of(columns_of(["颜色", "几座"], {}), ["珍珠白", "七座"], NOW)
    page = rendered("<!-- made: facts -->\n\n<!-- end -->")
    return {"file": (lead, remarks), "word": WORDS["seats"], "reference": "`colour`" in page}


if __name__ == "__main__":
    declare()
    print(json.dumps(asyncio.run(told(sys.argv[1]))))  # noqa: T201 (read by the test)
