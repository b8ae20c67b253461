"""Shipped tables are deployed at a start as a person would have to publish them, and take back
nothing of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import rules
from cases.actors import EVERYTHING, SYSTEM
from cli.demo import tables as demo
from server.deployment import Deployed, deploy_shipped
from server.problems import StartProblem
from store.session import Database
from store.tables import definitions

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class House:
    """A Baton that ships two tables from a folder, and no process."""

    database: Database
    folder: Path

    async def start(self) -> Deployed:
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            return await deploy_shipped(tx, AT)

    async def publish(self, key: str, xml: bytes, effective_from: datetime = AT) -> None:
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            await definitions.publish_table(tx, key, key, xml, AT, "staff:1", effective_from=effective_from)

    async def play(self) -> None:
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            await demo.publish(tx, AT)

    async def in_force(self) -> dict[str, bytes]:
        async with self.database.transaction(SYSTEM, EVERYTHING) as tx:
            return {key: one.xml for key, one in (await definitions.effective_tables(tx, AT)).items()}

    def change(self, key: str, old: bytes, new: bytes) -> bytes:
        file = self.folder / f"{key}.dmn"
        assert old in file.read_bytes()
        file.write_bytes(file.read_bytes().replace(old, new))
        return file.read_bytes()


@pytest.fixture
def house(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    for path in rules.shipped():
        if path.stem in ("pool", "price-tier"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr("server.deployment.rules.shipped", lambda: tuple(sorted(tmp_path.glob("*.dmn"))))
    monkeypatch.setattr("server.deployment.processes.shipped", dict)
    return House(database, tmp_path)


async def test_a_start_does_not_take_back_what_a_person_published(house: House) -> None:
    first = await house.start()
    own = (house.folder / "pool.dmn").read_bytes().replace(b"<text>24</text>", b"<text>12</text>")
    await house.publish("pool", own)

    second = await house.start()

    assert (first.new, second.new, second.tables, second.warnings) == (2, 0, 2, ())
    assert (await house.in_force())["pool"] == own


async def test_a_persons_table_that_baton_has_outgrown_stays_and_is_told(house: House) -> None:
    await house.start()
    own = (house.folder / "pool.dmn").read_bytes().replace(b'name="keep_hours"', b'name="hours"')
    await house.publish("pool", own)

    (said,) = (await house.start()).warnings

    assert said.startswith("version 2 of pool, which a person has published, does not fit this Baton: Baton reads")


async def test_a_start_puts_nothing_before_a_version_that_a_person_has_scheduled(house: House) -> None:
    await house.start()
    shipped = await house.in_force()
    own = shipped["pool"].replace(b"<text>24</text>", b"<text>12</text>")
    await house.publish("pool", own, AT + timedelta(days=1))
    house.change("pool", b"<text>48</text>", b"<text>36</text>")

    done = await house.start()

    assert (done.new, await house.in_force()) == (0, shipped)


async def test_a_shipped_table_that_is_news_is_told_to_who_has_their_own(house: House) -> None:
    await house.start()
    own = (house.folder / "pool.dmn").read_bytes().replace(b"<text>24</text>", b"<text>12</text>")
    await house.publish("pool", own)
    house.change("pool", b'name="\xe5\x85\xac\xe6\xb5\xb7', b'name="\xe6\x96\xb0\xe5\x85\xac\xe6\xb5\xb7')
    news = house.change("price-tier", b'name="\xe4\xbb\xb7\xe4\xbd\x8d', b'name="\xe6\x96\xb0\xe4\xbb\xb7\xe4\xbd\x8d')

    done = await house.start()

    (said,) = done.warnings
    assert said.startswith("pool.dmn has changed, but version 2 of pool was published by a person and stays")
    assert (done.new, await house.in_force()) == (1, {"pool": own, "price-tier": news})


@pytest.mark.parametrize(
    ("key", "old", "new", "problem", "reason"),
    [
        ("price-tier", b"<text>500<", b"<text>600<", "price-tier.dmn)", "incentive is 600 instead of 500"),
        ("price-tier", b"[200000..300000)", b"[100000..300000)", "price-tier.dmn, line", "both apply to price"),
        ("pool", b'name="keep_hours"', b'name="stay"', "pool.dmn)", "Baton reads “keep_hours”"),
        ("pool", b"<text>grade</text>", b"<text>grade +</text>", "pool.dmn)", "column"),
    ],
)
async def test_a_table_that_nobody_could_publish_stops_the_start(
    house: House, key: str, old: bytes, new: bytes, problem: str, reason: str
) -> None:
    house.change(key, old, new)
    if "instead of" not in reason:
        _without_examples(house.folder / f"{key}.dmn")

    with pytest.raises(StartProblem) as stopped:
        await house.start()

    assert problem in str(stopped.value) and reason in str(stopped.value.cure)
    assert await house.in_force() == {}


def _without_examples(file: Path) -> None:
    head, _, rest = file.read_bytes().partition(b"<extensionElements>")
    file.write_bytes(head + rest.partition(b"</extensionElements>")[2])


async def test_the_demo_publishes_its_versions_but_over_nobodys_own(house: House) -> None:
    await house.start()
    await house.play()
    shown = (await house.in_force())["pool"]
    own = (house.folder / "pool.dmn").read_bytes()
    await house.publish("pool", own)
    await house.play()

    assert "（演示版）" in shown.decode()
    assert (await house.in_force())["pool"] == own
