"""What happened to a ticket, in business words, and what people are told of it."""

from __future__ import annotations

from cases.messages.words import Words

LINES: dict[str, Words] = {
    "case_opened": Words("开立", "Opened"),
    "case_opened_about": Words("就此另开：{kind}", "Another case was opened about this: {kind}"),
    "ticket_classified": Words(
        "定级，{steps} 个步骤",
        "Classified, {steps} steps",
        {
            "normal": Words("定级为一般，{steps} 个步骤", "Classified as normal, {steps} steps"),
            "amber": Words("定级为黄色，{steps} 个步骤", "Classified as amber, {steps} steps"),
            "red": Words("定级为红色，{steps} 个步骤", "Classified as red, {steps} steps"),
        },
    ),
    "signal_repeated": Words("又来信号，第 {signals} 次", "Seen or said once more, {signals} times by now"),
    "ticket_reopened": Words("客户不满意，重开：第 {round} 轮", "The customer is not satisfied: round {round}"),
    "ticket_about_ended": Words(
        "原案已结束",
        "The case that it came from has ended",
        {
            "moot": Words("原案已结束，本单不必再办", "The case that it came from has ended: this is moot"),
            "goes_on": Words("原案已结束，本单照常处理", "The case that it came from has ended; this goes on"),
        },
    ),
    "ticket_closed": Words(
        "关闭",
        "Closed",
        {
            "solved": Words("已解决，关闭", "Closed: solved"),
            "false_alarm": Words("误报，关闭", "Closed: a false alarm"),
            "moot": Words("随原案关闭", "Closed with the case that it came from"),
            "erased": Words("客户要求删除，关闭", "Closed: the customer's data are erased"),
        },
    ),
}

NOTICES: dict[str, Words] = {
    "ticket_told": Words(
        "有一张工单（{kind}）",
        "There is a ticket ({kind})",
        {
            "normal": Words("有一张工单（{kind}）", "There is a ticket ({kind})"),
            "amber": Words("有一张黄色工单（{kind}）", "There is an amber ticket ({kind})"),
            "red": Words("有一张红色工单（{kind}）", "There is a red ticket ({kind})"),
        },
    ),
}

CODES: dict[str, Words] = {
    "risk": Words("风险", "risk"),
    "win_back": Words("赢回", "win-back"),
    "objection": Words("异议", "objection"),
    "complaint": Words("投诉", "complaint"),
    "request": Words("客户急求", "urgent request"),
    "problem": Words("经销商问题", "dealer's problem"),
    "report": Words("举报", "report"),
    "rectification": Words("整改", "rectification"),
    "appraisal_objection": Words("考核异议", "appraisal objection"),
}
"""What the kinds of tickets are called inside sentences."""
