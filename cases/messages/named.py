"""Codes inside the texts of refusals, as people say them: states, roles, what can be stated.

``params`` of a problem keep the codes. An English text says a code with blanks; what can be stated
is the name of an address, so it stands beside the Chinese word and alone in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cases.messages.languages import Language
from cases.messages.marks import joined
from cases.messages.words import Words, catalogue, chosen


def _by_code(zh: Mapping[str, str]) -> dict[str, Words]:
    """Codes that are words in English when their blanks are."""
    return {code: Words(said, code.replace("_", " ")) for code, said in zh.items()}


_STATUSES: Final = {
    "new": "新线索",
    "qualifying": "清洗分派中",
    "nurture": "培育中",
    "pool": "在公海",
    "working": "跟进中",
    "confirming": "待确认",
    "won": "已成交",
    "lost": "已战败",
    "invalid": "已判无效",
    "archived": "已归档",
    "attached": "已并入其他线索",
    "erased": "已删除个人信息",
}
_ROLES: Final = {
    "consultant": "销售顾问",
    "dealer_manager": "经销商经理",
    "regional_manager": "大区经理",
    "call_centre": "呼叫中心",
    "hq": "总部",
    "finance": "财务",
    "after_sales": "售后",
    "marketing": "市场部",
    "auditor": "审计",
    "channel": "渠道",
    "system": "系统",
}
_STATEMENTS: Final = {
    "call-result": "填写外呼结果",
    "follow-ups": "跟进",
    "invite": "邀约",
    "visit": "到店",
    "test-drive": "试驾",
    "win": "报成交",
    "lose": "报战败",
    "invalidate": "报无效",
    "cool": "转培育",
    "confirm": "审核",
    "intent": "意向复核",
    "recall-result": "填写回访结果",
    "firm-up": "临近购车确认",
    "hq-decision": "总部定夺",
    "regrade": "改级",
    "claim": "抢线索",
    "reassign": "改派",
    "reactivate": "重新激活",
    "cancel-order": "报退订",
    "wrong-win": "报登记错误",
}

_ENTRIES: Final = {
    "regions": "大区",
    "cities": "城市",
    "places": "行政区",
    "models": "车型",
    "channels": "渠道",
    "dealers": "经销商",
    "staff": "人员",
    "absences": "请假",
    "contact-points": "联系方式",
    "closures": "停业",
    "hours": "工作时间",
    "calendar-days": "日历",
}
_DECISIONS: Final = {
    "dispatch": "重新下发",
    "nurture": "转培育",
    "lost": "战败",
    "invalid": "无效",
    "call_again": "再次外呼",
}
_KINDS: Final = {
    "text": ("文本", "a text"),
    "number": ("数字", "a number"),
    "whole number": ("整数", "a whole number"),
    "true/false": ("“true”或“false”", "true or false"),
    "list": ("列表", "a list"),
    "object": ("对象", "an object"),
}

STATUSES: Final = catalogue("statuses", _by_code(_STATUSES))
ROLES: Final = catalogue("roles", _by_code(_ROLES))
ENTRIES: Final = catalogue("entries", _by_code(_ENTRIES))
DECISIONS: Final = catalogue("decisions", _by_code(_DECISIONS))
STATEMENTS: Final = catalogue("statements", {code: Words(f"{zh}（{code}）", code) for code, zh in _STATEMENTS.items()})
"""Names of addresses: a word helps in front of them, and does not stand for them."""
KINDS: Final = catalogue("json_types", {code: Words(*both) for code, both in _KINDS.items()})
"""Types of JSON, as ``wrong_type`` names them."""


def named(param: str, value: str, language: Language) -> str:
    """A parameter's value within a sentence; one that is no list of codes stays as it is."""
    table = _SAID.get(param)
    if table is None or not value:
        return value
    return joined((_one(table, code, language) for code in value.split(", ")), language)


def kinds(expected: str, language: Language) -> str:
    """What a field of another type should be: ``text / number`` in the caller's words."""
    return joined((_one(KINDS, code, language) for code in expected.split(" / ")), language, "either")


def _one(table: Mapping[str, Words], code: str, language: Language) -> str:
    return chosen(table[code], language) if code in table else code


_SAID: Final[Mapping[str, Mapping[str, Words]]] = {
    "status": STATUSES,
    "role": ROLES,
    "allowed": ROLES,
    "possible": STATEMENTS,
    "decision": DECISIONS,
    "kind": ENTRIES,
}
