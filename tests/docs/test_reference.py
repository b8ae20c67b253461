"""The reference is complete and says what the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

import activities.registry
import activities.shadow
import api.metrics
import domain.leads.metrics
import server.metrics
from activities.catalogue import ACTIVITIES
from cases.states import MessageKind, Stage, Status
from domain.kinds import KINDS
from server import relay
from server.settings import PREFIX, Settings
from tests.docs.console import ROOT, name
from tests.docs.reference import PARTS, parts_of, rendered
from workflows.bpmn.reading import KNOWN, KNOWN_OF_LOOPS

REFERENCE = ROOT / "docs" / "reference"
HOW_TO = ROOT / "docs" / "how-to"
PAGES = sorted(REFERENCE.glob("*.md"))


def _rows(page: Path, first: str) -> Iterator[list[str]]:
    """The cells of all table rows whose first cell has this form."""
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(first, cells[0]):
            yield cells


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_is_made_from_the_code_is_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == rendered(text), "run: .venv/bin/python -m tests.docs.reference"


def test_every_made_part_has_its_page() -> None:
    assert set().union(*(parts_of(page.read_text(encoding="utf-8")) for page in PAGES)) == PARTS.keys()


def test_every_setting_is_listed_with_its_default() -> None:
    def shown(name: str) -> str:
        value = Settings.model_fields[name].default
        if name == "home":
            return "`.baton`"
        if isinstance(value, bool):
            return f"`{str(value).lower()}`"
        return "" if value is None or isinstance(value, SecretStr) else f"`{value}`"

    listed = {row[0].strip("`"): row[1] for row in _rows(REFERENCE / "settings.md", rf"`{PREFIX}\w+`")}
    assert listed == {PREFIX + name.upper(): shown(name) for name in Settings.model_fields}


def test_every_activity_is_listed() -> None:
    listed = [row[0].strip("`") for row in _rows(REFERENCE / "activities.md", r"`\w+`")]
    assert sorted(listed) == sorted(ACTIVITIES)


def test_every_message_that_a_diagram_can_await_is_said_with_what_it_brings() -> None:
    """The reference is written by hand; the check of diagrams goes by ``domain.kinds``."""
    listed: dict[str, str] = {}
    for row in _rows(REFERENCE / "messages.md", r"`\w+`"):
        listed.setdefault(row[0].strip("`"), row[-1])  # the page's other tables come after
    for kind in KINDS.values():
        for message, fields in kind.hears.items():
            assert {one.name for one in fields} <= set(re.findall(r"`(\w+)`", listed[message])), message
        brought = {one.name for one in kind.completed} - {"task_id"}
        assert brought <= set(re.findall(r"`(\w+)`", listed["task_completed"]))


def test_every_message_of_the_store_is_listed() -> None:
    text = (REFERENCE / "messages.md").read_text(encoding="utf-8").partition("## What people are told")[0]
    assert set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE)) == set(MessageKind).union(
        *(kind.hears for kind in KINDS.values())
    )


def test_every_status_and_stage_is_explained() -> None:
    text = (HOW_TO / "api-for-people.md").read_text(encoding="utf-8").partition("## Statuses and stages")[2]
    assert {word for word in (*Status, *Stage) if f"`{word}`" not in text} == set()


def test_every_attribute_of_the_dialect_is_listed() -> None:
    rows = _rows(REFERENCE / "bpmn.md", r"`baton:\w+`.*")
    listed = {word for row in rows for word in re.findall(r"baton:\w+", row[0])}
    assert listed == {f"baton:{word}" for word in KNOWN | KNOWN_OF_LOOPS}


def test_every_metric_is_listed() -> None:
    registries = [
        module.__dict__
        for module in (activities.registry, activities.shadow, domain.leads.metrics, api.metrics, server.metrics)
    ]
    made = {metric._name for known in registries for metric in known.values() if hasattr(metric, "_upper_bounds")}
    made |= {metric._name for known in registries for metric in known.values() if hasattr(metric, "_labelnames")}
    of_relay = CollectorRegistry()
    relay.Metrics(of_relay)
    made |= {family.name for family in of_relay.collect()}
    listed = {row[0].strip("`") for row in _rows(HOW_TO / "operate.md", r"`baton_\w+`")}
    assert {metric.removesuffix("_total") for metric in listed} == made
