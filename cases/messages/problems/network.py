"""What the network does not allow."""

from __future__ import annotations

from cases.messages.text import Text

NETWORK: dict[str, Text] = {
    "entry_not_found": Text(
        "{kind} 中没有 {entry}",
        "There is no {entry} among {kind}",
        "请检查编码；PUT 可新建",
        "Check the code; PUT adds one",
    ),
    "entry_in_use": Text(
        "{entry} 仍被引用（{by}），不能删除",
        "{entry} is referred to ({by}) and cannot be removed",
        "请停用（active: false）；线索可批量改派（/api/v1/leads:reassign）",
        "Make it inactive (active: false); leads can be reassigned in bulk (/api/v1/leads:reassign)",
    ),
    "side_stays": Text(
        "一级渠道 maker、dealer 不能删除",
        "The sides maker and dealer cannot be removed",
        "无需处理",
        "There is nothing to do",
    ),
    "year_not_found": Text(
        "{year} 年没有任何节假日",
        "The calendar has no days of {year}",
        "请先填写节假日",
        "Give its holidays first",
    ),
}
