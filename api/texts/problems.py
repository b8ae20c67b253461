"""What is wrong with a request as a whole, by the answer's code."""

from __future__ import annotations

from api.texts.text import Text

PROBLEMS: dict[str, Text] = {
    # the request itself
    "bad_json": Text(
        "请求体不是有效的 JSON",
        "The body is not valid JSON",
        "请检查 JSON 语法和编码（UTF-8）",
        "Check the JSON syntax and send UTF-8",
    ),
    "not_json": Text(
        "请求体必须是 application/json",
        "The body must be application/json",
        "请设置 Content-Type: application/json；提交线索也可用 XML（ADF）或表单",
        "Set Content-Type: application/json; leads may also come as XML (ADF) or as a posted form",
    ),
    "xml_unreadable": Text(
        "请求体不是可读的 XML（第 {line} 行）",
        "The body is no readable XML (line {line})",
        "请检查 XML 语法和编码",
        "Check the syntax and the encoding of the XML",
    ),
    "xml_refused": Text(
        "不接受这样的 XML：{what}",
        "Such XML is not accepted: {what}",
        "请去掉 DTD 和实体声明，减少层数与元素数（层数 64，元素 50,000）",
        "Leave out DTDs and entities; at most 64 levels and 50,000 elements",
    ),
    "xml_unknown_root": Text(
        "XML 里没有线索：找不到 {expected}",
        "There is no lead in the XML: none of {expected}",
        "请发送 ADF 1.0，或 <lead>、<leads>",
        "Send ADF 1.0, or <lead> or <leads>",
    ),
    "xml_empty": Text(
        "XML 里一条线索也没有", "The XML holds no lead at all", "请至少发送一条线索", "Send at least one lead"
    ),
    "too_many_fields": Text(
        "表单字段超过 {limit} 个", "The form has more than {limit} fields", "请减少字段", "Send fewer fields"
    ),
    "too_large": Text(
        "请求体超过 {limit} KB", "The body is larger than {limit} KB", "请拆分后重试", "Send it in smaller parts"
    ),
    "too_slow": Text(
        "处理所发内容需要太长时间，已中止（上限 {seconds} 秒，处理器时间 {cpu_seconds} 秒）",
        "What was sent takes too long and was broken off (at most {seconds} s, {cpu_seconds} s of a processor)",
        "请简化表达式、决策表或流程图，或拆分后重试",
        "Simplify expressions, table or diagram, or split them",
    ),
    "too_much_memory": Text(
        "处理所发内容需要太多内存，已中止（上限 {megabytes} MB）",
        "What was sent takes too much memory and was broken off (at most {megabytes} MB)",
        "请简化表达式、决策表或流程图，或拆分后重试",
        "Simplify expressions, table or diagram, or split them",
    ),
    "too_deep": Text(
        "所发内容嵌套过深，已中止",
        "What was sent is nested too deeply and was broken off",
        "请减少嵌套层数",
        "Nest it less deeply",
    ),
    "too_much_found": Text(
        "结果过大，无法返回",
        "The result is too large to be answered",
        "请拆分后重试",
        "Send it in smaller parts",
    ),
    "work_broken": Text(
        "处理所发内容时进程意外中止",
        "The process that worked on what was sent came to an unexpected end",
        "请简化内容后重试；若重复出现，请附文件报告",
        "Simplify it and try again; if that repeats, report it with the file",
    ),
    "too_busy": Text(
        "同时处理的检查过多",
        "Too many checks are being worked on",
        "请按 Retry-After 稍后重试",
        "Wait as Retry-After says",
    ),
    "bad_request": Text(
        "请求无法理解",
        "The request cannot be understood",
        "请对照 API 文档检查请求",
        "Compare the request with the API documentation",
    ),
    "invalid_input": Text(
        "有字段不符合要求", "Some fields are not acceptable", "请按 problems 逐项修改", "Correct what `problems` lists"
    ),
    "too_much": Text(
        "表达式的计算量超出上限 {bound}（{limit}）",
        "An expression asks for more than the bound {bound} allows ({limit})",
        "请简化表达式，或缩小列表和文本",
        "Take a shorter way, or smaller lists and texts",
    ),
    "unknown_path": Text(
        "没有这个地址",
        "There is no such address",
        "请对照 API 文档检查地址",
        "Compare the address with the API documentation",
    ),
    "method_not_allowed": Text(
        "该地址不支持此方法",
        "The address does not support this method",
        "可用方法见 Allow 头",
        "See the Allow header for what it supports",
    ),
    "internal_error": Text(
        "服务器内部错误",
        "Something went wrong inside the server",
        "请稍后重试；若仍失败，请联系管理员",
        "Try again later; tell the administrator if it stays",
    ),
    "database_busy": Text("系统繁忙", "The system is busy", "请稍后重试", "Try again in a few seconds"),
    "database_unavailable": Text(
        "数据库暂时不可用", "The database does not answer at the moment", "请稍后重试", "Try again in a few seconds"
    ),
    "changed_meanwhile": Text(
        "内容在您查看之后已被修改",
        "It was changed after you looked at it",
        "请查看 changes 中的变化，确认后以新的 ETag 重试",
        "Look at `changes`, then try again with the new ETag",
    ),
    "overloaded": Text(
        "请求过多，暂时无法处理；本次请求未被执行",
        "Too much is asked at once; nothing of this request was done",
        "请在 {seconds} 秒后重试",
        "Try again in {seconds} seconds",
    ),
    "cursor_invalid": Text(
        "分页游标无效", "The cursor is not valid", "请使用上一页返回的 next", "Use `next` of the page before"
    ),
    "idempotency_key_invalid": Text(
        "Idempotency-Key 无效",
        "The Idempotency-Key is not valid",
        "请使用 1–200 个可见 ASCII 字符",
        "Use 1 to 200 visible ASCII characters",
    ),
    "idempotency_key_reused": Text(
        "该 Idempotency-Key 已用于另一个请求",
        "This Idempotency-Key was used for a different request",
        "不同的请求请使用新的键",
        "Use a fresh key for a different request",
    ),
    # who asks
    "actor_required": Text(
        "需要说明操作人",
        "The request must say who acts",
        "请设置 Baton-Actor: <员工编码>",
        "Set the header Baton-Actor: <staff code>",
    ),
    "actor_unknown": Text(
        "操作人不存在或已停用",
        "The acting person is unknown or inactive",
        "请检查 Baton-Actor 中的员工编码",
        "Check the staff code in Baton-Actor",
    ),
    "role_not_allowed": Text(
        "该操作不允许由角色“{role}”执行",
        "The role “{role}” may not do this",
        "可执行的角色：{allowed}",
        "Roles that may: {allowed}",
    ),
    "not_yours": Text(
        "该线索由其他人负责",
        "Somebody else is responsible for this lead",
        "请由负责人或其主管操作",
        "Ask the owner or their manager",
    ),
    "another_person": Text(
        "这是其他员工的联系方式",
        "These are another person's contact points",
        "请由本人或总部操作",
        "Ask that person or head office",
    ),
    "same_person": Text(
        "草稿不能由编辑过它的人发布",
        "Whoever has edited a draft may not publish it",
        "请另一位同事审阅并发布",
        "Ask a colleague to look at it and to publish it",
    ),
    "other_dealer": Text("该线索不属于您的经销商", "The lead is not with your dealer", "请联系总部", "Ask HQ"),
    # what is asked for
    "lead_not_found": Text("没有这条线索", "There is no such lead", "请检查线索编号", "Check the lead's id"),
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
    # what the lead's state does not allow
    "not_now": Text(
        "线索当前状态（{status}）不允许此操作",
        "The lead's present state ({status}) does not allow this",
        "当前可以：{possible}",
        "Possible now: {possible}",
    ),
    "process_cannot_begin": Text(
        "流程 {process} 的最新版（第 {version} 版）不能以“{message}”重新开始",
        "The newest version ({version}) of process {process} cannot begin again with {message}",
        "请部署一个带有该消息启动事件的版本，再提交一次；此前没有任何改变",
        "Deploy a version with a start event for this message and state it again; nothing has changed so far",
    ),
    "life_cannot_hear": Text(
        "线索还在流程 {process} 第 {version} 版上运行，该版本不接收“{message}”",
        "The lead still runs on version {version} of process {process}, which does not wait for {message}",
        "请先把线索迁移到较新的版本（POST /migrations），再提交一次",
        "Migrate the lead to a newer version (POST /migrations), and state it again",
    ),
    "no_open_task": Text(
        "当前没有对应的待办任务",
        "There is no open task that this would complete",
        "当前可以：{possible}",
        "Possible now: {possible}",
    ),
    "task_handed_over": Text(
        "任务已于 {when} 因超时移交给 {to}",
        "The task was handed over to {to} on {when}",
        "请由新的负责人跟进",
        "The new owner has to follow up",
    ),
    "task_reassigned": Text(
        "任务已于 {when} 改派给 {to}",
        "The task was reassigned to {to} on {when}",
        "请由新的负责人跟进",
        "The new owner has to follow up",
    ),
    "task_withdrawn": Text(
        "任务已于 {when} 撤回",
        "The task was withdrawn on {when}",
        "请查看线索的当前任务",
        "See the lead's present tasks",
    ),
    "task_done": Text(
        "任务已于 {when} 完成",
        "The task was completed on {when}",
        "请查看线索的当前任务",
        "See the lead's present tasks",
    ),
    "already_claimed": Text(
        "该线索已被抢走",
        "The lead has been claimed by somebody else",
        "请选择公海中的其他线索",
        "Choose another lead of the pool",
    ),
    "not_in_pool": Text(
        "该线索不在公海中（{status}）",
        "The lead is not in a public pool ({status})",
        "请选择公海中的线索",
        "Choose a lead of the pool",
    ),
    "claim_limit": Text(
        "今日抢单已达上限（{limit}）", "The claim limit of {limit} a day is reached", "请明天再试", "Try again tomorrow"
    ),
    "own_request": Text(
        "不能由申请人自己同意",
        "Whoever asked cannot agree",
        "请由另一位经理、大区或总部审核",
        "Another manager, the region or HQ has to decide",
    ),
    "cooling_down": Text(
        "您曾负责该线索，{until} 前不能再抢",
        "You had this lead before; you may claim it again after {until}",
        "请选择其他线索",
        "Choose another lead",
    ),
    "customer_erased": Text("客户资料已应要求删除", "The customer's data were erased", "无法恢复", "This is for good"),
    "contact_in_use": Text(
        "该联系方式已属于另一位客户",
        "The contact belongs to another customer already",
        "请核对号码，或合并线索",
        "Check the number, or settle the duplicate",
    ),
    "contact_unusable": Text(
        "联系方式不可用",
        "The contact cannot be used",
        "请填写有效的手机号或微信",
        "Give a valid mobile number or WeChat id",
    ),
    "contract_number_used": Text(
        "该合同编号已存在", "The contract number exists already", "请核对合同编号", "Check the contract number"
    ),
    "absence_not_found": Text(
        "没有这条请假记录",
        "There is no such absence",
        "请假记录见 /api/v1/network/staff/STAFF/absences",
        "See /api/v1/network/staff/STAFF/absences",
    ),
    "target_absent": Text(
        "{who} 休假至 {until}",
        "{who} is absent until {until}",
        "请改派给他人；确要如此，请带 insist: true",
        "Choose somebody else, or send insist: true to have it so",
    ),
    "target_rest_day": Text(
        "{who} 当日轮休，{until} 起在岗",
        "{who} has a day off and is back from {until}",
        "请改派给他人；确要如此，请带 insist: true",
        "Choose somebody else, or send insist: true to have it so",
    ),
    "dealer_closed": Text(
        "该门店暂停接收线索至 {until}（{who}）",
        "The dealer takes no leads until {until} ({who})",
        "请改派给其他门店；确要如此，请带 insist: true",
        "Choose another dealer, or send insist: true to have it so",
    ),
    "target_inactive": Text(
        "{who} 已离职或停用", "{who} does not work here any more", "请改派给在职人员", "Choose somebody who does"
    ),
    "dealer_inactive": Text(
        "该门店已停用（{who}）",
        "The dealer is not active any more ({who})",
        "请改派给营业中的门店",
        "Choose one that is",
    ),
    "already_owner": Text(
        "该线索已由对方负责", "They are responsible for the lead already", "无需改派", "Nothing to reassign"
    ),
    "attached_to_this": Text(
        "对方线索已并入本线索",
        "The other lead is attached to this one already",
        "本线索保留，无需再合并；请提交其他外呼结果",
        "Keep this lead: there is nothing to merge; state another result of the call",
    ),
    "duplicate_of_itself": Text(
        "线索不能与自身重复",
        "A lead cannot be a duplicate of itself",
        "请填写另一条线索的编号",
        "Give the other lead's id",
    ),
    "incident_resolved": Text("该异常已处理", "The incident is resolved already", "无需重试", "Nothing to retry"),
    "notice_delivered": Text("该通知已送达", "The notice has got through", "无需重发", "Nothing to send again"),
    "definition_missing": Text(
        "线索所用的流程版本未部署，重试无济于事",
        "A process version that the lead runs on is not deployed; a retry does not help",
        "请部署异常说明中的文件，线索会自动继续",
        "Deploy the file that the incident names; the lead then goes on by itself",
    ),
    "execution_gone": Text(
        "流程中没有令牌 {execution}，或已离开",
        "The process has no token {execution}, or it has gone on",
        "请在 /instances 查看当前位置",
        "See /instances for where it is now",
    ),
    "instance_ended": Text("流程已经结束", "The process has ended", "无需处理", "There is nothing left to do"),
    "instance_not_a_token": Text(
        "{execution} 不是可以移动的令牌",
        "{execution} is no token that can be moved",
        "请移动令牌或整个子流程，而不是流程本身或循环中的一轮",
        "Move a token or a whole sub-process, not the process itself or one round of a loop",
    ),
    "batch_not_found": Text("没有这个批次", "There is no such batch", "请检查批次编号", "Check the batch's id"),
    "nothing_to_change": Text(
        "没有任何修改", "There is nothing to change", "请至少填写一个字段", "Give at least one field"
    ),
    # what the state of a decision table does not allow
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
    # the network
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
    # intake
    "lead_rejected": Text(
        "线索未被接收",
        "The lead was not accepted",
        "请按 problems 修改后重新提交",
        "Correct what `problems` lists and send it again",
    ),
}
