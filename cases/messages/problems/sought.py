"""What a request is about does not exist."""

from __future__ import annotations

from cases.messages.text import Text

SOUGHT: dict[str, Text] = {
    "lead_not_found": Text("没有这条线索", "There is no such lead", "请检查线索编号", "Check the lead's id"),
    "case_not_found": Text("没有这个案件", "There is no such case", "请检查编号", "Check the id"),
    "ticket_not_found": Text("没有这张工单", "There is no such ticket", "请检查工单编号", "Check the ticket's id"),
    "task_not_found": Text("没有这个任务", "There is no such task", "请检查任务编号", "Check the task's id"),
    "incident_not_found": Text(
        "没有这个异常", "There is no such incident", "请检查异常编号", "Check the incident's id"
    ),
    "notice_not_found": Text("没有这条通知", "There is no such notice", "请在 /notices 查看通知", "See /notices"),
    "decision_not_found": Text(
        "没有这个决策", "There is no such decision", "请检查决策编号", "Check the decision's id"
    ),
    "candidate_not_found": Text(
        "该决策没有这个候选方",
        "The decision had no such candidate",
        "请使用 candidates 中的 code",
        "Use a code from candidates",
    ),
    "instance_not_found": Text(
        "该线索还没有这样的流程实例",
        "The lead has no such instance",
        "请在 /instances?lead=… 查看其所有流程实例",
        "See /instances?lead=… for its lives",
    ),
    "process_not_found": Text(
        "没有这个流程版本",
        "There is no such process version",
        "请在 /processes 查看已部署的版本",
        "See /processes for what is deployed",
    ),
    "process_refused": Text(
        "流程图有 {count} 处问题，未予接受",
        "The diagram has {count} problems and is not accepted",
        "请按 problems 逐项修改后重试",
        "Correct what `problems` lists and try again",
    ),
    "not_bpmn": Text(
        "请求体必须是 BPMN XML",
        "The body must be BPMN XML",
        "请设置 Content-Type: application/xml 或 application/bpmn+xml",
        "Set Content-Type: application/xml or application/bpmn+xml",
    ),
    "table_not_found": Text(
        "没有这个决策表或版本",
        "There is no such table, or no such version of it",
        "请在 /tables 查看决策表",
        "See /tables for what there is",
    ),
    "draft_not_found": Text(
        "没有这个草稿或修订",
        "There is no such draft, or no such revision of it",
        "请检查决策表的编码、草稿编号和修订号",
        "Check the table's key, the draft's id and the revision",
    ),
    "not_dmn": Text(
        "请求体必须是 DMN XML",
        "The body must be DMN XML",
        "请设置 Content-Type: application/xml 或 application/dmn+xml",
        "Set Content-Type: application/xml or application/dmn+xml",
    ),
    "draft_unreadable": Text(
        "草稿无法读取，不能比较",
        "The draft cannot be read, so it cannot be compared",
        "请查看草稿的 review 并改正其中列出的问题",
        "See the draft's review, and correct what it lists",
    ),
    "table_unreadable": Text(
        "文件无法作为该决策表读取",
        "The file cannot be read as this table",
        "请按 problems 修改后重新提交；草稿未改变",
        "Correct what `problems` lists and send it again; the draft is as it was",
    ),
    "backtest_not_found": Text(
        "没有这次试算", "There is no such back-test", "请在决策表的 backtests 查看", "See the table's `backtests`"
    ),
    "backtest_ended": Text("试算已经结束", "The back-test has ended", "无需处理", "There is nothing left to do"),
    "shadow_not_found": Text(
        "没有这次并行试运行", "There is no such shadow", "请在决策表的 shadows 查看", "See the table's `shadows`"
    ),
    "table_unrecorded": Text(
        "{key} 在接收线索时使用，被拒绝的不保存判断，比较会失真",
        "{key} is asked at the door; no decision is kept of what it rejects, so a comparison would mislead",
        "请用示例检验草稿",
        "Try the draft with its examples",
    ),
    "shadow_refused": Text(
        "草稿有 {count} 处使它无法并行试运行",
        "{count} things keep the draft from answering what the table is asked",
        "请按 problems 修改草稿后再开始",
        "Correct the draft as `problems` says, and start it then",
    ),
    "table_refused": Text(
        "决策表有 {count} 处错误，不能发布",
        "The table has {count} errors and cannot be published",
        "请按 problems 修改草稿后再发布",
        "Correct the draft as `problems` says, and publish it then",
    ),
    "staff_not_found": Text(
        "没有这位员工或已停用", "There is no such active person", "请检查员工编码", "Check the staff code"
    ),
    "dealer_not_found": Text(
        "没有这家经销商或已停用", "There is no such active dealer", "请检查经销商编码", "Check the dealer's code"
    ),
    "not_deployed": Text(
        "尚未部署流程或决策表：{key}",
        "The process or table “{key}” is not deployed yet",
        "请先运行 baton deploy",
        "Run `baton deploy` first",
    ),
}
