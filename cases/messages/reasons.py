"""Why a decision came out as it did: candidates, rows, and what another version cannot say."""

from __future__ import annotations

from cases.messages.words import Words, catalogue

_RULED_OUT: dict[str, Words] = {
    "too_far": Words("太远", "too far away"),
    "held_back": Words("按满额表让出", "held back by the table of full days"),
    "no_place": Words("门店位置不明", "nobody knows where it is"),
    "inactive": Words("已停用", "not active"),
    "model_not_sold": Words("不销售该车型", "does not sell the model"),
    "absent": Words("不在岗", "absent"),
    "closed": Words("当日不接线索", "takes no leads at present"),
    "rest_day": Words("当日轮休", "has a day off"),
    "certificate": Words("没有该车型要求的资质", "lacks the certificate that the model needs"),
    "former_owner": Words("此前的负责人", "had this lead before"),
    "cool_down": Words("这条线索收回不久，冷却期内不再派给", "this lead was taken from them a short time ago"),
    "at_capacity": Words("今日已满额", "at capacity today"),
    "no_room": Words("在办线索已达上限", "has as many open leads as allowed"),
    "fairness": Words("今日所得已明显多于他人", "has had many more leads today than others"),
    "fairness_hour": Words(
        "近一小时所得已多于条件相同者", "has had more leads in the last hour than others of the same standing"
    ),
    # codes that older decisions carry
    "area": Words("不在该区域", "of another region"),
    "returned": Words("此前超期退回过这条线索", "lost this lead to HQ before"),
}
RULED_OUT = catalogue("ruled_out", _RULED_OUT)
"""Why a dealer or consultant was no candidate (``DecisionRecord.candidates``)."""

_CANDIDATES: dict[str, Words] = {
    "chosen": Words("选中，得分 {points}", "Chosen with {points} points"),
    "tied": Words(
        "得分 {points}，与选中者相同；按公平轮转，因负荷较高或等待较短而让出",
        "{points} points, as many as the one chosen; fairness decided: more load or a shorter wait",
    ),
    "outscored": Words("得分 {points}，低于选中者", "{points} points, fewer than the one chosen"),
    "ruled_out": Words("未参与评分：{reason}", "Ruled out: {reason}"),
    "kept": Words("自有线索，归该店", "Its own lead"),
    "kept_despite": Words("自有线索，归该店（尽管：{reason}）", "Its own lead, although: {reason}"),
    "suspected": Words("疑似重复的线索", "Probably the same customer's lead"),
    "elsewhere": Words("另有 {count} 家不在该区域，未参与", "{count} more are of another region and took no part"),
    "farther": Words("另有 {count} 家更远，未参与", "{count} more are farther away and took no part"),
}
CANDIDATES = catalogue("candidates", _CANDIDATES)
"""What became of a candidate of a decision."""

_BRIEFLY: dict[str, Words] = {
    "noted_row": Words("{table}第 {rows} 行：{notes}", "{table}, row {rows}: {notes}"),
    "row": Words("{table}第 {rows} 行", "{table}, row {rows}"),
    "table": Words("{table}", "Table {table}"),
    "chosen": Words(
        "选中 {code}，得分 {points}；另有 {outscored} 个落选",
        "{code} chosen with {points} points; {outscored} came after",
    ),
    "chosen_of": Words(
        "选中 {code}，得分 {points}；另有 {outscored} 个落选，{ruled_out} 个未参与（{reasons}）",
        "{code} chosen with {points} points; {outscored} came after, {ruled_out} ruled out ({reasons})",
    ),
    "nobody_at_all": Words("没有任何候选", "There is no candidate at all"),
    "nobody": Words("{ruled_out} 个候选均未参与（{reasons}）", "All {ruled_out} candidates ruled out ({reasons})"),
}
BRIEFLY = catalogue("briefly", _BRIEFLY)
"""The decision behind a line of the timeline, in half a sentence."""

_EXPLAINED: dict[str, Words] = {
    "speaks": Words("第 {number} 行命中", "Row {number} matched"),
    "applies": Words("第 {number} 行符合条件，但已有更靠前的行命中", "Row {number} applies, but an earlier one spoke"),
    "fails": Words(
        "第 {number} 行不符合：{column} 为 {value}，要求 {cell}",
        "Row {number} does not apply: {column} is {value}, wanted is {cell}",
    ),
    "unknown": Words(
        "第 {number} 行无法判断：{column} 为 {value}，要求 {cell}",
        "Row {number} cannot be said: {column} is {value}, wanted is {cell}",
    ),
    "scored_apart": Words(
        "该表为每个候选方分别评分，当时未保存各自的输入；得分或落选原因见 candidates",
        "The table scored each candidate for itself and what it was asked was not kept; see candidates for points",
    ),
    "nobody_scored": Words(
        "没有候选方参与评分；各自的原因见 candidates", "No candidate was given points; see candidates for the reasons"
    ),
    "ruled_out": Words("未参与评分：{reason}", "Given no points: {reason}"),
    "not_repeatable": Words(
        "决策所用的版本已无法按保存的输入重新计算", "The version that decided can no longer be run on the stored inputs"
    ),
}
EXPLAINED = catalogue("explained", _EXPLAINED)
"""Why a row of a decision table did or did not apply, or why that cannot be told."""

_CANNOT_SAY: dict[str, Words] = {
    "not_stored": Words("该版本需要决策时没有提供的输入", "It needs an input that the decision did not have"),
    "input_refused": Words("该版本不接受决策的某个输入值", "It does not accept a value that the decision had"),
    "ambiguous": Words("该版本的多行同时命中而结果不一", "Several of its rows apply and differ"),
    "too_much": Words("该版本的表达式计算量超出上限", "An expression of it asks for more than the bounds allow"),
    "failed": Words("该版本无法得出可用的结果", "It comes to no usable result"),
    "version_unreadable": Words("当时的版本已无法读取", "The version that decided then cannot be read any more"),
    "no_calendar": Words("没有保存当时的工作日历", "Which working calendar held then was not stored"),
    "no_deadline": Words("没有保存该决策设定的期限", "The deadline that it set was not stored"),
}
CANNOT_SAY = catalogue("cannot_say", _CANNOT_SAY)
"""Why another version of a table cannot say how it would have decided (``domain.policy.again``)."""
