"""What the state of a decision table or its draft does not allow."""

from __future__ import annotations

from cases.messages.text import Text

TABLES: dict[str, Text] = {
    "shadow_running": Text(
        "{key} 已有草稿在并行试运行",
        "A draft runs beside {key} already",
        "请先停止它（见决策表的 shadows）",
        "Stop that one first; see the table's `shadows`",
    ),
    "shadow_over": Text("并行试运行已经结束", "The shadow runs no more", "无需处理", "There is nothing left to do"),
    "draft_changed": Text(
        "草稿已有新的修订（第 {revision} 稿）",
        "The draft has a newer revision: {revision}",
        "请查看第 {revision} 稿，再基于它修改或发布",
        "Look at revision {revision}, then change or publish that one",
    ),
    "draft_closed": Text(
        "草稿已关闭（{state}）",
        "The draft is closed: {state}",
        "请建立新的草稿",
        "Begin another draft",
    ),
    "draft_outdated": Text(
        "建立草稿之后已发布第 {version} 版（草稿依据第 {based_on} 版）",
        "Version {version} was published since; the draft was taken from {based_on}",
        "请查看与第 {version} 版的差异；仍要发布，请填写 replaces: {version}",
        "Look at the difference from version {version}; to publish it all the same, say replaces: {version}",
    ),
    "draft_unchanged": Text(
        "草稿与第 {version} 版相同",
        "The draft is the same as version {version}",
        "无需发布；请修改或放弃草稿",
        "Nothing to publish: change it, or give it up",
    ),
    "version_withdrawn": Text(
        "第 {version} 版已撤回", "Version {version} is withdrawn already", "无需处理", "There is nothing left to do"
    ),
    "version_scheduled": Text(
        "第 {version} 版已排期，届时会取代所发布的内容",
        "Version {version} is scheduled and would take over from what you publish",
        "请撤回第 {version} 版；若有意如此，请填写 keep_scheduled: true",
        "Withdraw version {version}; if it shall take over then, say keep_scheduled: true",
    ),
    "version_effective": Text(
        "第 {version} 版已经生效，不能撤回",
        "Version {version} has come into force and cannot be withdrawn",
        "请回退到更早的版本",
        "Roll back to an earlier version",
    ),
    "version_in_force": Text(
        "第 {version} 版的内容正在生效",
        "What version {version} says is in force",
        "如需取消已排期的版本，请撤回该版本",
        "To keep a scheduled version from its time, withdraw that one",
    ),
    "version_never_effective": Text(
        "第 {version} 版从未生效，不能回退到该版",
        "Version {version} was never in force; there is no going back to it",
        "请选择曾经生效的版本，或发布草稿",
        "Choose one that was, or publish a draft",
    ),
}
