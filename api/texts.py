"""Every code that the API answers with, in the caller's words: ``title`` says what is wrong, ``cure`` what to do.

A code never changes once published: clients key on it. Texts carry no personal data.
"""

from __future__ import annotations

from typing import NamedTuple

from api.language import Language


class Text(NamedTuple):
    """What is wrong and what to do about it, in Chinese and in English."""

    zh: str
    en: str
    cure_zh: str = ""
    cure_en: str = ""


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
        "请设置 Content-Type: application/json",
        "Set Content-Type: application/json",
    ),
    "too_large": Text(
        "请求体超过 {limit} KB", "The body is larger than {limit} KB", "请拆分后重试", "Send it in smaller parts"
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
    "other_dealer": Text("该线索不属于您的经销商", "The lead is not with your dealer", "请联系总部", "Ask HQ"),
    # what is asked for
    "lead_not_found": Text("没有这条线索", "There is no such lead", "请检查线索编号", "Check the lead's id"),
    "task_not_found": Text("没有这个任务", "There is no such task", "请检查任务编号", "Check the task's id"),
    "incident_not_found": Text(
        "没有这个异常", "There is no such incident", "请检查异常编号", "Check the incident's id"
    ),
    "decision_not_found": Text(
        "没有这个决策", "There is no such decision", "请检查决策编号", "Check the decision's id"
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
        "请选择线索池中的其他线索",
        "Choose another lead of the pool",
    ),
    "not_in_pool": Text(
        "该线索不在公共池中（{status}）",
        "The lead is not in a public pool ({status})",
        "请选择线索池中的线索",
        "Choose a lead of the pool",
    ),
    "claim_limit": Text(
        "今日抢单已达上限（{limit}）", "The claim limit of {limit} a day is reached", "请明天再试", "Try again tomorrow"
    ),
    "cooling_down": Text(
        "您曾负责该线索，{until} 前不能再抢",
        "You had this lead before; you may claim it again after {until}",
        "请选择其他线索",
        "Choose another lead",
    ),
    "locked_field": Text("该字段已锁定，不能修改", "The field is locked", "请去掉该字段", "Leave the field out"),
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
    "already_owner": Text(
        "该线索已由对方负责", "They are responsible for the lead already", "无需改派", "Nothing to reassign"
    ),
    "duplicate_of_itself": Text(
        "线索不能与自身重复",
        "A lead cannot be a duplicate of itself",
        "请填写另一条线索的编号",
        "Give the other lead's id",
    ),
    "incident_resolved": Text("该异常已处理", "The incident is resolved already", "无需重试", "Nothing to retry"),
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
    # intake
    "lead_rejected": Text(
        "线索未被接收",
        "The lead was not accepted",
        "请按 problems 修改后重新提交",
        "Correct what `problems` lists and send it again",
    ),
}

FIELDS: dict[str, Text] = {
    "missing": Text("必填", "Required", "请填写该字段", "Give this field"),
    "unknown_field": Text("未知字段", "Unknown field", "请去掉该字段或检查拼写", "Leave it out or check the spelling"),
    "locked_field": PROBLEMS["locked_field"],
    "wrong_type": Text(
        "类型不对，应为{expected}", "Wrong type, expected {expected}", "请检查字段类型", "Check the field's type"
    ),
    "too_long": Text("过长，最多 {limit}", "Too long, at most {limit}", "请缩短", "Shorten it"),
    "too_short": Text("过短，至少 {limit}", "Too short, at least {limit}", "请补全", "Complete it"),
    "too_small": Text("过小，至少 {limit}", "Too small, at least {limit}", "请改为允许的范围", "Stay within the range"),
    "too_large_number": Text(
        "过大，最多 {limit}", "Too large, at most {limit}", "请改为允许的范围", "Stay within the range"
    ),
    "not_in_list": Text(
        "不在允许的值之内", "Not one of the allowed values", "允许的值：{expected}", "Allowed: {expected}"
    ),
    "bad_format": Text("格式不对", "Wrong format", "请检查格式", "Check the format"),
    "bad_instant": Text(
        "不是可识别的时间",
        "Not a readable date and time",
        "例如 2026-11-14T02:15:05+08:00",
        "For example 2026-11-14T02:15:05+08:00",
    ),
    "out_of_range": Text("超出允许范围", "Out of range", "请改为允许的范围", "Stay within the range"),
    "bad_characters": Text(
        "含有不允许的控制字符", "Contains control characters", "请去掉控制字符", "Remove the control characters"
    ),
    "in_future": Text("时间在未来", "The time lies in the future", "请检查时间和时区", "Check the time and its zone"),
    "contact_required": Text(
        "缺少联系方式", "No contact given", "请填写手机号或微信", "Give a phone number or a WeChat id"
    ),
    "channel_required": Text(
        "缺少来源渠道", "No channel given", "请填写渠道编码或三级渠道名称", "Give the channel's code or its three names"
    ),
    "unknown_channel": Text(
        "没有这个渠道", "There is no such channel", "渠道列表见 /api/v1/channels", "See /api/v1/channels for the list"
    ),
    "unknown_model": Text(
        "没有这个车型", "There is no such model", "车型列表见 /api/v1/models", "See /api/v1/models for the list"
    ),
    "unknown_city": Text("没有这个城市", "There is no such city", "请填写城市名称", "Give the city's name"),
    "unknown_lead": Text("没有这条线索", "There is no such lead", "请检查线索编号", "Check the lead's id"),
    "unreadable": Text("无法识别", "Cannot be read", "请换一种写法", "Write it in another way"),
    "contact_missing": Text("缺少联系方式", "No contact", "请填写手机号或微信", "Give a mobile number or a WeChat id"),
    "contact_malformed": Text(
        "电话号码无法拨打",
        "The phone number cannot be dialled",
        "请核对手机号（11 位）",
        "Check the mobile number (11 digits)",
    ),
    "test_number": Text("测试号码", "A test number", "请填写客户的真实号码", "Give the customer's real number"),
    "test_name": Text("测试数据", "Test data", "请勿提交测试数据", "Do not send test data"),
    "one_target": Text(
        "to_staff 与 to_dealer 必须且只能填一个",
        "Give exactly one of to_staff and to_dealer",
        "请只填写一个",
        "Give one of them",
    ),
    "name_missing": Text("缺少姓名", "No name", "请填写姓名", "Give a name"),
    "deposit_too_large": Text("订金不能超过车价", "The deposit exceeds the price", "请核对金额", "Check the amounts"),
    "deposit_required": Text(
        "支付方式为订金时须填写订金", "A deposit payment needs its amount", "请填写订金", "Give the deposit"
    ),
    "purchase_on_required": Text(
        "约定日后购买时须填写日期", "A later purchase needs its date", "请填写 purchase_on", "Give purchase_on"
    ),
    "no_such_element": Text(
        "流程版本的该范围内没有这个元素",
        "There is no such element in this version of the process and this scope",
        "请在 /processes 查看流程图；令牌只能移到同一范围内有连线进入的元素",
        "See /processes for the diagram; a token can be moved to elements of its own scope only",
    ),
    "same_version": Text(
        "目标版本与当前版本相同",
        "The version to go to is the one to come from",
        "请换一个版本，或令 others 为 newest",
        "Name another version, or let others be newest",
    ),
    "unknown_incident": Text(
        "没有这个可重试的异常",
        "There is no such incident, or none that can be retried",
        "请在 /incidents 查看异常",
        "See /incidents",
    ),
    "too_deep": Text("嵌套超过 {limit} 层", "Nested deeper than {limit} levels", "请减少嵌套", "Nest less deeply"),
    "bad_duration": Text(
        "不是可识别的时长", "Not a readable duration", "例如 P7D、PT24H、P1M", "For example P7D, PT24H or P1M"
    ),
    "bad_expression": Text(
        "表达式无法解析：{reason}",
        "The expression cannot be read: {reason}",
        "请改正，或去掉开头的 =",
        "Correct it, or leave out the leading =",
    ),
    "unknown_element": Text(
        "流程图中没有这个元素",
        "There is no such element in the diagram",
        "请使用 元素、流程/元素 或 调用元素/元素",
        "Use `element`, `process/element` or `call/element`",
    ),
    "no_such_start": Text(
        "流程没有这样的开始事件", "The process has no such start event", "请检查 start", "Check `start`"
    ),
    "one_of": Text(
        "必须且只能填一个：{expected}", "Give exactly one of {expected}", "请只填写一个", "Give one of them"
    ),
    "invalid_value": Text("值不符合要求", "Not an acceptable value", "请对照 API 文档", "See the API documentation"),
}


def words(table: dict[str, Text], code: str, language: Language, params: dict[str, str]) -> tuple[str, str]:
    """The message and the cure for a code; an unknown code is its own message, so that nothing is swallowed."""
    text = table.get(code)
    if text is None:
        return code, ""
    message, cure = (text.zh, text.cure_zh) if language == "zh" else (text.en, text.cure_en)
    return fill(message, params), fill(cure, params)


def fill(template: str, params: dict[str, str]) -> str:
    """Placeholders by plain replacement: a value with braces in it must not break the sentence."""
    for name, value in params.items():
        template = template.replace("{" + name + "}", value)
    return template
