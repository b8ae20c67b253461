"""Demo versions of shipped tables: the same rows, intervals that fit into two minutes, published as
any version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from lxml import etree  # pyright: ignore[reportMissingTypeStubs, reportAttributeAccessIssue]

import rules
from server.deployment import BY
from store.session import Tx
from store.tables import definitions

DMN = "{https://www.omg.org/spec/DMN/20230324/MODEL/}"

Changes: TypeAlias = Mapping[tuple[str, int], str]
"""(start of the rules' ids, place of the output counted from 0) → the new value as FEEL."""


@dataclass(frozen=True, slots=True)
class DemoTable:
    """What a demo version changes, and how that is said on screen."""

    key: str
    said: str
    changes: Changes


TABLES: tuple[DemoTable, ...] = (
    DemoTable(
        "nurture-plan",
        "培育计划：物料每天一份（原双周、每月），意向每两天核实（原两个月），培育五天（原 30–365 天）",
        {("nurture-", 0): "1", ("nurture-", 1): "2", ("nurture-", 2): "5"},
    ),
    DemoTable(
        "recall",
        "回访：战败次日（原 30–60 天）；已购他牌的不回访",
        {
            ("recall-rival", 0): "false",
            ("recall-rival", 1): "0",
            ("recall-waiting", 1): "2",
            ("recall-lost", 1): "1",
        },
    ),
    DemoTable(
        "escalation-ladder",
        "首次跟进超期：6 小时后自动转交（原 24），再到期 12 小时后退回总部（原 72）；"
        "意向无人核实：24 小时后交总部（原 96）",
        {
            ("ladder-first-follow-up-3", 1): "6",
            ("ladder-first-follow-up-3", 4): "2",
            ("ladder-first-follow-up-4", 1): "12",
            ("ladder-first-follow-up-4", 4): "2",
            ("ladder-intent-check-2", 1): "12",
            ("ladder-intent-check-3", 1): "24",
        },
    ),
    DemoTable("later-purchase", "约定购车：提前一天确认（原三至七个工作日）", {("later-", 0): "1"}),
    DemoTable("pool", "公海停留：一天（原 1–30 天），原负责人冷却 6 小时", {("pool-", 0): "24", ("pool-", 2): "6"}),
)


def demo_version(xml: bytes, table: DemoTable) -> bytes:
    """A table's file with the changes made; its examples, which belong to the shipped version, are
    left out."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xml, parser)
    for decision in root.iter(f"{DMN}decision"):
        decision.set("name", f"{decision.get('name')}（演示版）")
        for examples in decision.findall(f"{DMN}extensionElements"):
            decision.remove(examples)
    for rule in root.iter(f"{DMN}rule"):
        outputs = rule.findall(f"{DMN}outputEntry/{DMN}text")
        for (start, place), value in table.changes.items():
            if str(rule.get("id")).startswith(start):
                outputs[place].text = value
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


async def publish(tx: Tx, at: datetime) -> None:
    """Publishes the demo versions, effective at once, as Baton publishes what it ships; tables of
    which a person has published a version of their own stay theirs."""
    changed = {table.key: table for table in TABLES}
    for path in rules.shipped():
        shipped = path.read_bytes()
        for table in rules.read_table(shipped):
            if table.key in changed and not await _is_a_persons(tx, table.key):
                xml = demo_version(shipped, changed[table.key])
                await definitions.publish_table(tx, table.key, f"{table.name}（演示版）", xml, at, BY)


async def _is_a_persons(tx: Tx, key: str) -> bool:
    newest = await definitions.newest_table(tx, key)
    return newest is not None and newest.published_by != BY
