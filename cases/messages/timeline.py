"""What happened to a lead, in business words (``store.engine.timeline``)."""

from __future__ import annotations

from cases.messages import of_rounds, of_tickets
from cases.messages.words import Words, catalogue

LINES: dict[str, Words] = {
    # what people and channels state
    "lead_created": Words("收到线索，来自 {channel}", "Lead received from {channel}"),
    "interest_repeated": Words("客户再次留资，来自 {channel}", "The customer came in again through {channel}"),
    "said_anew": Words("新内容：{fields}", "New: {fields}"),
    "said_otherwise": Words(
        "与已有资料不同：{fields}（原资料保留，所说另存）",
        "Said differently: {fields}; what was known stays, both are kept",
    ),
    "customer_returned": Words("客户回来了，第 {life} 次激活", "The customer is back: life {life}"),
    "followed_up": Words("跟进客户，结果：{outcome}", "Followed up: {outcome}"),
    "attempted": Words("联系客户（{channel}），无人应答", "Tried to reach the customer ({channel}): no answer"),
    "invited": Words("邀约成功", "Invited"),
    "visited": Words("客户到店", "Visited the showroom"),
    "test_driven": Words("客户试驾", "Test drive"),
    "won_stated": Words("顾问报成交", "Consultant states the sale"),
    "cancel_stated": Words("报退订：{reason}", "Order stated as cancelled: {reason}"),
    "wrong_win_stated": Words("报成交登记错误：{reason}", "Sale stated as recorded by mistake: {reason}"),
    "purchase_firmed": Words("客户确认按约购车", "The customer buys as agreed"),
    "purchase_moved": Words("购车日由 {was} 改为 {on}", "The purchase is agreed for {on} instead of {was}"),
    "purchase_fell_through": Words("约定的购车落空：{reason}", "The agreed purchase falls through: {reason}"),
    "undo_decided": Words("撤销成交审核：{outcome}", "Decision on undoing the win: {outcome}"),
    "lost_stated": Words("顾问报战败：{reason}", "Consultant states the loss: {reason}"),
    "invalid_stated": Words("顾问报无效：{reason}", "Consultant states it is invalid: {reason}"),
    "cooled_stated": Words("客户暂不购买", "The customer wants to wait"),
    "closing_decided": Words("经理审核：{outcome}", "Manager's decision: {outcome}"),
    "called": Words("外呼完成：{outcome}", "Outbound call: {outcome}"),
    "intent_checked": Words("意向核实：{outcome}", "Intent checked: {outcome}"),
    "recalled": Words("战败回访：{outcome}", "Lost customer called back: {outcome}"),
    "task_completed": Words("{kind}：{outcome}", "{kind}: {outcome}"),
    "reassigned": Words(
        "主管改派给 {staff}",
        "Reassigned to {staff} by a supervisor",
        {"without_staff": Words("主管改派到 {dealer}", "Reassigned to dealer {dealer} by a supervisor")},
    ),
    "belongs_to_dealer": Words("{dealer} 的自有线索", "Own lead of {dealer}"),
    "visited_elsewhere": Words(
        "客户在 {dealer} 登记，线索仍归原店", "The customer was entered at {dealer}; the lead stays where it is"
    ),
    "insisted_target_absent": Words(
        "{staff} 休假至 {until}，主管仍坚持指派", "{staff} is absent until {until}; the supervisor insists"
    ),
    "insisted_target_rest_day": Words(
        "{staff} 当日轮休，主管仍坚持指派", "{staff} has a day off; the supervisor insists"
    ),
    "insisted_dealer_closed": Words(
        "门店暂停接收线索至 {until}，主管仍坚持指派",
        "The dealer takes no leads until {until}; the supervisor insists",
        {
            "without_until": Words(
                "门店暂停接收线索，主管仍坚持指派", "The dealer takes no leads; the supervisor insists"
            )
        },
    ),
    "redistributed_left": Words(
        "{from_staff} 已离职，改由 {to_staff} 负责",
        "{from_staff} has left; {to_staff} has the lead now",
        {
            "without_to_staff": Words(
                "{from_staff} 已离职，暂无人可接手", "{from_staff} has left; nobody can take the lead at present"
            )
        },
    ),
    "redistributed_absent": Words(
        "{from_staff} 休假至 {until}，改由 {to_staff} 负责",
        "{from_staff} is absent until {until}; {to_staff} has the lead now",
        {
            "without_to_staff": Words(
                "{from_staff} 休假至 {until}，暂无人可接手",
                "{from_staff} is absent until {until}; nobody can take the lead at present",
            )
        },
    ),
    "redistributed_dealer_left": Words(
        "{from_dealer} 已退出，改由 {dealer} 接手", "{from_dealer} has left the network; {dealer} takes the lead over"
    ),
    "redistributed_dealer_closed": Words(
        "{from_dealer} 停业至 {until}，改由 {dealer} 接手",
        "{from_dealer} is closed until {until}; {dealer} takes the lead over",
    ),
    "given_back_dealer_left": Words(
        "{from_dealer} 已退出，线索交回总部", "{from_dealer} has left the network; the lead is back at HQ"
    ),
    "given_back_dealer_closed": Words(
        "{from_dealer} 停业至 {until}，线索交回总部", "{from_dealer} is closed until {until}; the lead is back at HQ"
    ),
    "task_to_head_office": Words(
        "{from_dealer} 无人可办，{kind}改由总部办理", "Nobody at {from_dealer} is there: {kind} is for head office now"
    ),
    "task_passed_on": Words(
        "{from_staff} 不在岗，{kind}改由 {to_staff} 办理",
        "{from_staff} is not there: {kind} is for {to_staff} now",
        {
            "without_to_staff": Words(
                "{from_staff} 不在岗，{kind}由任何同岗人员办理",
                "{from_staff} is not there: {kind} is for anybody of that role now",
            )
        },
    ),
    "claimed": Words("从公海抢到，归 {staff}", "Claimed from the pool by {staff}"),
    "regraded": Words(
        "人工改级：{former} → {grade}",
        "Regraded by a person: {former} → {grade}",
        {"without_former": Words("人工定级：{grade}", "Graded by a person: {grade}")},
    ),
    "customer_updated": Words("客户资料更新", "Customer's details changed"),
    "call_refused": Words("客户要求不再致电", "The customer does not want to be called"),
    "call_hours_asked": Words("客户约定联系时段：{hours}", "The customer asks to be called in certain hours: {hours}"),
    "call_allowed": Words("客户可以致电了", "The customer may be called again"),
    "erasure_stated": Words("客户要求删除个人信息", "The customer wants their data erased"),
    "incident_retried": Words("重试失败的步骤", "A failed step is tried again"),
    "notice_retried": Words("重新发送通知（{channel}）", "A notice is sent once more ({channel})"),
    "variables_corrected": Words("人工更正流程变量：{names}", "Process variables corrected by hand: {names}"),
    "token_moved": Words("人工将流程从 {former} 移到 {target}", "Moved by hand from {former} to {target}"),
    "migration_stated": Words(
        "流程 {process} 要从第 {former} 版迁移到第 {version} 版",
        "Process {process} is to go on in version {version} instead of {former}",
    ),
    # what the process does
    "cleaned": Words("清洗完成：{reason}", "Cleaned: {reason}"),
    "duplicates_suspected": Words("发现 {suspects} 条疑似重复线索", "Probable duplicates found: {suspects}"),
    "contact_of_another": Words(
        "同一提交中的微信属于另一位客户（线索 {lead}），请人工核对",
        "The WeChat id named beside the number is another customer's (lead {lead}): please check who it is",
    ),
    "attached": Words("归并到已有线索", "Attached to a lead that was there before"),
    "duplicate_attached": Words("有一条重复线索并入（重）", "A duplicate was attached to this lead"),
    "graded": Words("定级 {grade}（{reason}）", "Graded {grade} ({reason})"),
    "decided": Words("按决策表 {decision} 第 {version} 版判断", "Decided by table {decision}, version {version}"),
    "choice_kept": Words(
        "沿用已选定的经销商 {dealer}",
        "The dealer chosen before stands: {dealer}",
        {"consultant": Words("沿用已选定的顾问 {staff}", "The consultant chosen before stands: {staff}")},
    ),
    "own_lead_kept": Words("本店线索，留在 {dealer}", "The dealer's own lead stays with {dealer}"),
    "choice_noted": Words("主管已先行指派", "A supervisor has chosen already"),
    "dispatched": Words("下发到经销商 {dealer}", "Dispatched to dealer {dealer}"),
    "no_dealer": Words("没有合适的经销商", "No dealer can take it"),
    "waits_for_opening": Words(
        "附近门店今日已满额，等到 {until} 再派",
        "The dealers nearby have had their leads of the day: waits until {until}",
    ),
    "assigned": Words("分配给顾问 {staff}", "Assigned to {staff}"),
    "no_consultant": Words("经销商暂无可用顾问", "No consultant of the dealer can take it"),
    "pool_entered": Words("进入公海，{until} 前可抢", "In the public pool until {until}"),
    "pool_left": Words("已出公海", "Left the pool"),
    "pool_expired": Words("公海期满，无人领取", "Nobody claimed it in time"),
    "task_planned": Words("安排 {kind}，{due} 前完成", "{kind} planned, due {due}"),
    "held": Words(
        "{kind}挂起至 {until}",
        "{kind} on hold until {until}",
        {
            "customer": Words("{kind}挂起至 {until}：等客户", "{kind} on hold until {until}: waits for the customer"),
            "parts": Words("{kind}挂起至 {until}：等配件", "{kind} on hold until {until}: waits for parts"),
            "approval": Words("{kind}挂起至 {until}：等审批", "{kind} on hold until {until}: waits for an approval"),
            "others": Words("{kind}挂起至 {until}：等外部", "{kind} on hold until {until}: waits for others"),
        },
    ),
    "resumed": Words("{kind}恢复，{due} 前完成", "{kind} goes on, due {due}"),
    "hold_over": Words("{kind}挂起期满，{due} 前完成", "{kind} goes on as agreed, due {due}"),
    "call_spared": Words(
        "客户勿扰，不安排{kind}，按“{outcome}”继续",
        "No {kind}, which the customer does not want; goes on as “{outcome}”",
    ),
    "call_needless": Words("客户已到店 {dealer}，不必{kind}", "No {kind}: the customer is at {dealer}"),
    "written_contact": Words("客户勿扰，{kind} 改用{channel}", "{kind} by {channel}: the customer must not be called"),
    "follow_up_sooner": Words(
        "级别升为 {grade}，{kind}提前", "Graded {grade}: the {kind} is planned anew, for an earlier time"
    ),
    "taken_over": Words("改派生效，新负责人接手", "The new owner has taken over"),
    "reminded": Words("提醒负责人：{clock} 期限 {due}", "Owner reminded: {clock} due {due}"),
    "manager_told": Words(
        "已通知经理：{clock} 期限 {due}",
        "Manager told: {clock} due {due}",
        {
            "head_office": Words("已通知总部：{clock} 期限 {due}", "Head office told: {clock} due {due}"),
            "region": Words("已通知大区经理：{clock} 期限 {due}", "The region's managers told: {clock} due {due}"),
            "head_office_and_region": Words(
                "已通知总部与大区经理：{clock} 期限 {due}",
                "Head office and the region's managers told: {clock} due {due}",
            ),
            "handed_over_before": Words(
                "转交后仍未联系，已通知经理：{clock} 期限 {due}",
                "Still no contact after a hand-over, manager told: {clock} due {due}",
            ),
            "no_successor": Words(
                "无人可接手，已通知经理：{clock} 期限 {due}",
                "Nobody at the dealer can take it, manager told: {clock} due {due}",
            ),
        },
    ),
    "handed_over": Words(
        "超期自动转交：{from_staff} → {to_staff}",
        "Handed over: {from_staff} → {to_staff}",
        {"without_from_staff": Words("超期自动转交给 {to_staff}", "Handed over to {to_staff}")},
    ),
    "task_handed_on": Words(
        "{clock} 超期，由 {from_staff} 转给 {to_staff} 办理",
        "{clock} is overdue: from {from_staff} to {to_staff}",
        {"without_from_staff": Words("{clock} 超期，转给 {to_staff} 办理", "{clock} is overdue: for {to_staff} now")},
    ),
    "task_at_head_office": Words(
        "{clock} 期限 {due} 无人办理，改由总部办理",
        "{clock}, due {due}, was done by nobody: it is for head office now",
    ),
    "back_to_hq": Words("超期退回总部，原经销商 {dealer}", "Back to HQ, taken from dealer {dealer}"),
    "left_undone": Words("{kind} 一直无人办理，交总部定夺", "{kind} was not done by anybody: head office decides"),
    "hq_weighed": Words("按表：{why}，{first}", "By table: {why}, {first}"),
    "hq_asked": Words("请总部定夺（{why}），{due} 前", "Head office is to decide ({why}), due {due}"),
    "hq_decided": Words("总部定夺：{outcome}", "Head office's decision: {outcome}"),
    "confirmation_asked": Words("等待经理确认：{outcome}（{reason}）", "Waits for confirmation: {outcome} ({reason})"),
    "reopened": Words("经理退回，继续跟进", "Sent back by the manager, work goes on"),
    "undo_asked": Words(
        "等待同意撤销成交（{statement}：{reason}）", "Waits whether the win is undone ({statement}: {reason})"
    ),
    "win_undone": Words(
        "成交已撤销（{statement}：{reason}），奖励冲回 {incentive} 元，重新激活（激）",
        "The win is undone ({statement}: {reason}), incentive of {incentive} yuan reversed; active again",
        {
            "without_incentive": Words(
                "成交已撤销（{statement}：{reason}），重新激活（激）",
                "The win is undone ({statement}: {reason}); active again",
            )
        },
    ),
    "win_kept": Words("维持成交（{statement} 未获同意）", "It stays won ({statement} was not agreed to)"),
    "closed": Words("结束：{outcome}", "Closed: {outcome}"),
    "purchase_awaited": Words("约定 {on} 购车，{at} 起确认", "To be bought on {on}; asked about from {at}"),
    "recall_planned": Words("计划 {at} 回访", "To be called back on {at}"),
    "no_recall": Words("不安排回访（{reason}）", "No call back ({reason})"),
    "archived": Words("归档", "Archived"),
    "reactivated": Words("重新激活（激）", "Active again"),
    "nurture_planned": Words("进入培育，至 {keep_until}", "Nurtured until {keep_until}"),
    "material_sent": Words(
        "发送第 {number} 份物料：{material}（{channel}）", "Material {number} sent: {material} ({channel})"
    ),
    "material_withheld": Words("客户不接受，不发送 {material}", "{material} not sent: the customer does not want it"),
    "intent_noted": Words("意向未变，下次核实 {check_at}", "Intent unchanged, next check {check_at}"),
    "customer_refreshed": Words("后续按新资料处理", "From here on with the new details"),
    "interest_announced": Words("已告知负责人客户再次表示兴趣", "Whoever works on it knows of the new interest"),
    "erased": Words("个人信息已删除", "Personal data erased"),
    "message_sent": Words("发出消息 {message}", "Message {message} sent"),
    "signal_thrown": Words("发出信号 {signal}", "Signal {signal} thrown"),
    "incident": Words("步骤 {element} 出错，等待处理", "Step {element} failed and waits for help"),
    "migrated": Words("已在流程 {process} 第 {version} 版上继续", "Goes on in version {version} of process {process}"),
    "migration_refused": Words(
        "无法迁移到流程 {process} 第 {version} 版，按原版本继续",
        "Does not fit version {version} of process {process}; goes on as before",
    ),
}
"""A lead's, and what may happen to any case."""

TIMELINE = catalogue("timeline", {**LINES, **of_rounds.LINES, **of_tickets.LINES})
"""Lines of a lead's history (``store.engine.timeline``)."""
