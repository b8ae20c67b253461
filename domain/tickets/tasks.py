"""What people are asked to do about a ticket, step by step (table ``ticket-steps``), and how each
step can end.

Only what is done about it may wait for an agreed day: a part is ordered, the customer is away.
Nobody may put off a first answer, a check of what is the case, who is responsible, or the report.
"""

from __future__ import annotations

from typing import Final

from cases.messages.words import Words
from cases.states import Role
from cases.task_kind import FormField, OutcomeDeclared, Says, TaskKindDeclared

VERIFY: Final = "ticket_verify"
AGREE: Final = "ticket_agree"
ACT: Final = "ticket_act"
REPORT: Final = "ticket_report"
ANSWER: Final = "ticket_answer"
CONFIRM: Final = "ticket_confirm"

WORKERS: Final = frozenset(
    {Role.CONSULTANT, Role.DEALER_MANAGER, Role.AFTER_SALES, Role.REGIONAL_MANAGER, Role.MARKETING, Role.HQ}
)
DESK: Final = frozenset({Role.CALL_CENTRE, Role.HQ})

_CONTENT = FormField("content", Words("说明", "What was found or done"), Says.TEXT)
_NEEDED = FormField("content", Words("说明", "What was found or done"), Says.TEXT, least=2)
_MEASURES = FormField("measures", Words("措施", "Measures agreed"), Says.TEXT, least=2)
_RESPONSIBLE = FormField("responsible", Words("责任人", "Staff code of who is responsible"), Says.KEY, least=1)
_SCORE = FormField("score", Words("满意度（1–10）", "Satisfaction, 1 to 10"), Says.WHOLE, least=1, most=10)

_SOLVED = OutcomeDeclared("solved", Words("已解决", "solved"), needs=(_NEEDED,))

TASKS: Final = (
    TaskKindDeclared(
        VERIFY,
        Words("工单核实", "ticket: verify"),
        WORKERS | {Role.AUDITOR},
        (
            OutcomeDeclared("real", Words("属实", "it is real"), takes=(_CONTENT,)),
            OutcomeDeclared("false_alarm", Words("误报", "false alarm"), needs=(_NEEDED,)),
            _SOLVED,
        ),
    ),
    TaskKindDeclared(
        AGREE,
        Words("工单定责", "ticket: agree who is responsible"),
        WORKERS | {Role.AUDITOR},
        (OutcomeDeclared("agreed", Words("已定责", "agreed"), needs=(_RESPONSIBLE,), takes=(_MEASURES,)),),
    ),
    TaskKindDeclared(
        ACT,
        Words("工单处理", "ticket: act"),
        WORKERS | {Role.AUDITOR},
        (OutcomeDeclared("done", Words("已处理", "done"), takes=(_CONTENT,)), _SOLVED),
        may_wait=True,
    ),
    TaskKindDeclared(
        REPORT,
        Words("工单报告", "ticket: report"),
        WORKERS | {Role.AUDITOR},
        (OutcomeDeclared("reported", Words("已报告", "reported"), needs=(_NEEDED,)),),
    ),
    TaskKindDeclared(
        ANSWER,
        Words("工单答复", "ticket: answer"),
        WORKERS | {Role.CALL_CENTRE},
        (OutcomeDeclared("answered", Words("已答复", "answered"), takes=(_CONTENT,)), _SOLVED),
        urgent=True,
    ),
    TaskKindDeclared(
        CONFIRM,
        Words("工单回访", "ticket: confirm with the customer"),
        DESK,
        (
            OutcomeDeclared("satisfied", Words("满意", "satisfied"), takes=(_SCORE, _CONTENT)),
            OutcomeDeclared("dissatisfied", Words("不满意", "dissatisfied"), needs=(_NEEDED,), takes=(_SCORE,)),
            OutcomeDeclared("unreachable", Words("未接通", "unreachable"), takes=(_CONTENT,)),
        ),
        spared="unreachable",
    ),
)
