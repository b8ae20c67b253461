"""Why a lead does not fit a version, in the caller's words; the core says it in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from cases.messages import Language, catalogue
from cases.messages.text import Text, words
from workflows.bpmn.migration import WORDS, Reason


class MigrationReasonView(BaseModel):
    """An element at which something stands that the new version has no place for. Key on
    ``code``."""

    process: str
    element: str
    target: str
    code: str
    why: str
    cure: str


_ZH: dict[str, tuple[str, str]] = {
    "ended": ("流程已经结束", "无需处理"),
    "not_deployed": ("流程 {detail} 尚未部署", "请先部署该流程"),
    "migrating": ("已有另一次迁移在途", "请等它完成后再试"),
    "process_gone": ("新版本不再调用流程 {process}", "请等该调用结束，或在新版本中保留调用活动"),
    "element_gone": ("新版本中没有元素 {target}", "请在计划中指明 {element} 对应的元素"),
    "other_kind": ("{target} 在新版本中是另一类元素（{detail}）", "请把 {element} 对应到等待同类事物的元素"),
    "other_scope": ("{target} 在新版本中位于另一个子流程", "请把 {element} 对应到其子流程所对应的子流程中的元素"),
    "other_call": (
        "{target} 在新版本中调用另一个流程（{detail}）",
        "请把 {element} 对应到调用同一流程的活动，或等该调用结束",
    ),
    "flow_gone": (
        "汇聚网关 {element} 上有令牌经连线 {detail} 到达，新版本没有这条连线",
        "请恢复该连线的编号，或等令牌通过汇聚网关",
    ),
    "undone_gone": (
        "{element} 已完成且可以补偿，新版本不知道如何补偿（{detail}）",
        "请把 {element} 对应到有补偿处理的活动",
    ),
    "timer_unknown": ("新增的定时器 {target} 无法启动：{detail}", "请更正它所依据的变量，或修改其表达式"),
}
REASONS: Final = catalogue(
    "migrations", {code: Text(_ZH[code][0], why, _ZH[code][1], cure) for code, (why, cure) in WORDS.items()}
)
"""By the codes of ``workflows.bpmn.migration``, which says them in English."""


def said(reason: Mapping[str, Any], language: Language) -> MigrationReasonView:
    """A reason as a batch keeps it, or a process has told it."""
    full = {"process": "", "element": "", "target": "", "code": "", "detail": ""} | dict(reason)
    why, cure = words(REASONS, full["code"], language, {name: str(value) for name, value in full.items()})
    return MigrationReasonView(
        process=full["process"],
        element=full["element"],
        target=full["target"],
        code=full["code"],
        why=why,
        cure=cure,
    )


def of(reason: Reason, language: Language) -> MigrationReasonView:
    """A reason of the core."""
    return said(reason.to_json(), language)
