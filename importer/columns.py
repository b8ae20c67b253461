"""Which column of a file is which field of a lead: the headings that people and platforms use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from importer.problems import ImportProblem

ALIASES: dict[str, tuple[str, ...]] = {
    "name": ("客户姓名", "姓名", "客户名称", "称呼", "联系人", "name", "customer", "customer name"),
    "phone": ("手机号码", "手机号", "手机", "电话", "联系电话", "电话号码", "联系方式", "phone", "mobile", "tel"),
    "wechat": ("微信", "微信号", "wechat", "wechat id"),
    "model": ("意向车型", "车型", "意向车系", "车系", "model", "car", "car model"),
    "budget": ("购车预算", "预算", "预算范围", "budget"),
    "purchase_time": ("计划购车时间", "购车时间", "预计购车时间", "购车计划", "purchase time", "purchase_time"),
    "city": ("所在城市", "城市", "地区", "city"),
    "channel1": ("一级渠道", "渠道一级", "channel level 1", "channel1"),
    "channel2": ("二级渠道", "渠道二级", "channel level 2", "channel2"),
    "channel3": ("三级渠道", "渠道三级", "channel level 3", "channel3"),
    "channel": ("渠道", "来源渠道", "渠道编码", "来源", "channel", "source"),
    "stated_at": ("留资时间", "留资日期", "提交时间", "创建时间", "stated at", "stated_at", "created at", "time"),
    "note": ("备注", "说明", "客户备注", "note", "remark", "remarks", "comment"),
    "test_drive": ("试驾", "是否试驾", "试驾意愿", "test drive", "test_drive"),
    "trade_in": ("置换", "是否置换", "置换意愿", "trade in", "trade_in"),
    "grade": ("级别", "意向级别", "线索级别", "grade"),
    "campaign": ("活动", "市场活动", "活动名称", "campaign"),
}
"""Field → headings, compared without case, width and blanks."""

LEVELS = ("channel1", "channel2", "channel3")
FLAGS = frozenset({"test_drive", "trade_in"})
_YES, _NO = (
    frozenset({"是", "有", "要", "需要", "y", "yes", "true", "1"}),
    frozenset({"否", "无", "n", "no", "false", "0"}),
)


def plain(heading: str) -> str:
    """A heading as it is compared."""
    return re.sub(r"[\s_:：*（）()\ufeff]", "", unicodedata.normalize("NFKC", heading)).casefold()


_FIELDS = {plain(alias): field for field, aliases in ALIASES.items() for alias in aliases}


def fields_of(headings: Sequence[str]) -> tuple[str | None, ...]:
    """The field of each column, None for columns that mean nothing to us.

    Raises ``ImportProblem`` when the file has no column for a contact or for the channel, or two for one field.
    """
    fields = tuple(_FIELDS.get(plain(heading)) for heading in headings)
    known = [field for field in fields if field is not None]
    if not known:
        raise ImportProblem(
            "没有认识的列名；第一行应为列名，如 客户姓名、手机号码、意向车型（no known column headings）"
        )
    twice = sorted({field for field in known if known.count(field) > 1})
    if twice:
        raise ImportProblem(f"列名重复：{', '.join(twice)}（two columns mean the same）")
    if not {"phone", "wechat"} & set(known):
        raise ImportProblem("没有 手机号码 或 微信 列（no column for a phone number or a WeChat id）")
    if not {"channel", *LEVELS} & set(known):
        raise ImportProblem("没有渠道列：需要 渠道 或 一级渠道/二级渠道/三级渠道（no column for the channel）")
    return fields


def lead_of(fields: Sequence[str | None], cells: Sequence[str]) -> dict[str, Any]:
    """A row as the API takes it; empty cells are left out."""
    said = {field: cell.strip() for field, cell in zip(fields, cells, strict=True) if field and cell.strip()}
    lead: dict[str, Any] = {field: _value(field, cell) for field, cell in said.items() if field not in LEVELS}
    levels = _levels(said)
    if "channel" not in lead and levels:
        lead["channel"] = levels
    return lead


def _levels(said: Mapping[str, str]) -> list[str]:
    return [said[level] for level in LEVELS if level in said]


def _value(field: str, cell: str) -> Any:
    if field in FLAGS and cell.casefold() in _YES | _NO:
        return cell.casefold() in _YES
    return cell.upper() if field == "grade" else cell
