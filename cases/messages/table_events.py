"""Lines of a decision table's history (``store.tables.table_events``)."""

from __future__ import annotations

from cases.messages.words import Words, catalogue

_TABLE_EVENTS: dict[str, Words] = {
    "drafted": Words("建立草稿（依据第 {based_on} 版）", "Draft begun (from version {based_on})"),
    "table_drafted": Words("建立新决策表的草稿", "Draft of a new table begun"),
    "saved": Words("保存草稿第 {revision} 稿", "Draft saved as revision {revision}"),
    "commented": Words("评论草稿第 {revision} 稿", "Comment on revision {revision}"),
    "discarded": Words("放弃草稿", "Draft given up"),
    "published": Words("发布第 {version} 版，立即生效", "Version {version} published, in force at once"),
    "scheduled": Words(
        "发布第 {version} 版，{effective_from} 起生效", "Version {version} published, in force from {effective_from}"
    ),
    "withdrawn": Words("撤回尚未生效的第 {version} 版", "Version {version} withdrawn before its time came"),
    "rolled_back": Words(
        "回退：第 {restores} 版作为第 {version} 版重新生效",
        "Rolled back: version {restores} is in force again as version {version}",
    ),
    "backtest_asked": Words("对过往线索试算草稿第 {revision} 稿", "Revision {revision} to be tried on past leads"),
    "version_backtest_asked": Words("对过往线索试算第 {version} 版", "Version {version} to be tried on past leads"),
    "backtest_cancelled": Words("取消试算", "Trial on past leads cancelled"),
    "shadow_started": Words("草稿第 {revision} 稿开始并行试运行", "Revision {revision} runs beside the live table"),
    "shadow_stopped": Words("停止并行试运行", "No draft runs beside the live table any more"),
    "shadow_ended": Words("并行试运行到期结束", "The draft's time beside the live table is up"),
}
TABLE_EVENTS = catalogue("table_events", _TABLE_EVENTS)
"""Lines of a decision table's history (``store.tables.table_events``)."""
