"""What the state of a lead, a task or a process does not allow."""

from __future__ import annotations

from cases.messages.text import Text

LEADS: dict[str, Text] = {
    "ticket_closed": Text("工单 {number} 已关闭", "Ticket {number} is closed", "请另开一张工单", "Open another ticket"),
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
    "may_not_wait": Text(
        "这类任务（{task_kind}）不能挂起",
        "Tasks of this kind ({task_kind}) cannot be put on hold",
        "请按期办理，或请主管改派",
        "Do it in time, or have it given to somebody else",
    ),
    "no_deadline": Text(
        "该任务没有期限，无须挂起",
        "The task has no deadline that could stand still",
        "无须操作",
        "There is nothing to do",
    ),
    "held_already": Text(
        "该任务已挂起",
        "The task is on hold already",
        "要改日期，请先恢复（POST /tasks/{id}/resume）再挂起",
        "To name another day, resume it (POST /tasks/{id}/resume) and put it on hold again",
    ),
    "not_held": Text("该任务没有挂起", "The task is not on hold", "无须操作", "There is nothing to do"),
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
    "task_kind_unknown": Text(
        "没有名为 {task_kind} 的任务种类",
        "There is no kind of task called {task_kind}",
        "该任务由较新的版本开出，请升级后再办理",
        "A newer version has opened the task: complete it there",
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
}
