"""What happened, and what people are told, in their words: the catalogue of timeline, notification and routing codes.

Plain tables, a row a code: Chinese, English. ``{names}`` are filled from the entry's data; ids among them become
people's and dealers' names where the line is shown. A code never changes its meaning once it is in a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """One code in both languages; ``cases`` say it otherwise where an entry's ``case`` is one of them.

    The case ``without_staff`` is that of an entry in which nobody is ``staff``.
    """

    zh: str
    en: str
    cases: Mapping[str, Words] = MappingProxyType({})


TIMELINE: dict[str, Words] = {
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
"""Lines of a lead's history (``store.timeline``)."""

NOTIFICATIONS: dict[str, Words] = {
    "lead_assigned": Words(
        "您有一条新线索（{grade} 级），请在 {due} 前首次跟进", "A new {grade} lead is yours: first contact by {due}"
    ),
    "reassigned_to_you": Words(
        "主管把一条线索指派给您",
        "A supervisor has given you a lead",
        {
            "left": Words("同事离职，其一条线索改由您负责", "A colleague has left: one of their leads is yours now"),
            "absent": Words("同事休假，其一条线索改由您负责", "A colleague is away: one of their leads is yours now"),
        },
    ),
    "reassigned_to_dealer": Words(
        "总部把一条线索指派给贵店",
        "A lead has been given to your dealership",
        {
            "dealer_left": Words("其他门店已退出，其一条线索转给贵店", "A dealer has left: one lead of its is yours"),
            "left": Words("负责人已离职，请为其一条线索安排顾问", "An owner has left: one lead needs a consultant"),
            "absent": Words("负责人休假，请为其一条线索安排顾问", "An owner is away: one lead needs a consultant"),
        },
    ),
    "reminder": Words(
        "{kind} 将于 {due} 到期，请尽快处理",
        "{kind} is due {due}",
        {"passed": Words("{kind} 已于 {due} 到期，请尽快处理", "{kind} was due {due}: please see to it")},
    ),
    "lead_assigned_quiet": Words(
        "您有一条新线索（{grade} 级），客户勿扰：请勿致电，{due} 前以微信等书面方式联系",
        "A new {grade} lead is yours: do not call, write to the customer by {due}",
    ),
    "firm_up_wanted": Words(
        "客户约定的购车日临近，请在 {due} 前确认", "The day of an agreed purchase is near: please confirm it by {due}"
    ),
    "firm_up_wanted_quiet": Words(
        "客户约定的购车日临近；客户勿扰，请勿致电，{due} 前以书面方式确认",
        "The day of an agreed purchase is near: do not call, confirm it in writing by {due}",
    ),
    "reminder_quiet": Words(
        "{kind} 将于 {due} 到期；客户勿扰，请勿致电，改用书面方式",
        "{kind} is due {due}: do not call, write to the customer",
        {
            "passed": Words(
                "{kind} 已于 {due} 到期；客户勿扰，请勿致电，改用书面方式",
                "{kind} was due {due}: do not call, write to the customer",
            )
        },
    ),
    "overdue_quiet": Words(
        "{clock} 期限 {due} 未完成；客户勿扰，请勿致电，督促以书面方式联系",
        "{clock}, due {due}, is not done: please see to it, in writing; the customer must not be called",
        {
            "grade_validity": Words(
                "级别有效期已于 {due} 届满而无进展；客户勿扰，请勿致电，督促以书面方式联系",
                "The grade's time ran out on {due} without progress: please see to it, in writing; no calls",
            )
        },
    ),
    "handed_over_before_quiet": Words(
        "转交后仍未书面联系客户（期限 {due}，客户勿扰），将退回总部",
        "Still nothing written to the customer after a hand-over (due {due}; no calls): it goes back to HQ next",
    ),
    "handed_over_to_you_quiet": Words(
        "一条超期线索转交给您；客户勿扰，请勿致电，{until} 前以书面方式联系",
        "An overdue lead is yours now: do not call, write to the customer by {until}",
    ),
    "interest_again_quiet": Words(
        "客户再次表示兴趣；客户勿扰，请勿致电，尽快以书面方式联系",
        "The customer has shown interest again: do not call, please write",
    ),
    "overdue": Words(
        "{clock} 期限 {due} 未完成，请督促",
        "{clock}, due {due}, is not done: please see to it",
        {
            "grade_validity": Words(
                "级别有效期已于 {due} 届满而无进展，请督促",
                "The grade's time ran out on {due} without progress: please see to it",
            )
        },
    ),
    "handed_over_before": Words(
        "转交后仍未联系客户（期限 {due}），将退回总部",
        "Still no contact after a hand-over (due {due}): it goes back to HQ next",
    ),
    "no_successor": Words(
        "{clock} 超期，店内无人可接手，请处理", "{clock} is overdue and nobody at the dealer can take it"
    ),
    "handed_over": Words(
        "超期线索已由 {from_staff} 转交 {to_staff}",
        "An overdue lead went from {from_staff} to {to_staff}",
        {"without_from_staff": Words("超期线索已转交 {to_staff}", "An overdue lead went to {to_staff}")},
    ),
    "handed_over_to_you": Words(
        "一条超期线索转交给您，请在 {until} 前联系客户", "An overdue lead is yours now: contact by {until}"
    ),
    "handed_over_from_you": Words("您的一条超期线索已转交他人", "One of your overdue leads has been handed over"),
    "taken_back": Words("超期线索已退回总部", "An overdue lead has gone back to HQ"),
    "back_at_hq": Words("一条线索因超期退回总部", "A lead came back to HQ overdue"),
    "sent_again": Words(
        "一条线索（{why}）已按表重新下发，未经人工查看",
        "A lead ({why}) was dispatched again by table; nobody has looked at it",
    ),
    "hq_decision_wanted": Words("请定夺一条线索：{why}，{due} 前", "Please decide on a lead: {why}, due {due}"),
    "visited_elsewhere": Words(
        "您店的客户在 {dealer} 登记，线索仍归您店",
        "A customer of yours was entered at {dealer}; the lead stays with you",
    ),
    "visitor_of_another": Words(
        "到店登记的客户已由 {dealer} 跟进，线索归其", "A customer entered by you is with {dealer}, where the lead stays"
    ),
    "redistributed_left": Words(
        "{from_staff} 已离职，其 {count} 条在办线索已分给他人",
        "{from_staff} has left: {count} open leads went to others",
    ),
    "redistributed_absent": Words(
        "{from_staff} 休假至 {until}，其间到期的 {count} 条线索已分给他人",
        "{from_staff} is absent until {until}: {count} leads that fall due went to others",
    ),
    "task_to_head_office": Words(
        "{from_dealer} 无人可办，请办理：{kind}", "Nobody at {from_dealer} is there: please do {kind}"
    ),
    "redistributed_dealer_left": Words(
        "{from_dealer} 已退出：{moved} 条在办线索转给其他店，{asked} 条交总部，{kept} 条未动",
        "{from_dealer} has left: {moved} open leads went to other dealers, {asked} to HQ, {kept} stay",
    ),
    "redistributed_dealer_closed": Words(
        "{from_dealer} 停业至 {until}：{moved} 条线索转给其他店，{asked} 条交总部，{kept} 条等其开门",
        "{from_dealer} is closed until {until}: {moved} leads went to other dealers, {asked} to HQ, {kept} wait",
    ),
    "in_pool": Words("一条线索进入公海，{until} 前可抢", "A lead is in the pool until {until}"),
    "confirmation_wanted": Words("请确认：{outcome}（{reason}）", "Please confirm: {outcome} ({reason})"),
    "closing_refused": Words("经理未同意结束，请继续跟进", "The manager did not agree: please go on"),
    "undo_wanted": Words(
        "请审核撤销成交：{statement}（{reason}）", "Please decide whether a win is undone: {statement} ({reason})"
    ),
    "win_undone": Words("成交已撤销：{statement}（{reason}）", "A win is undone: {statement} ({reason})"),
    "undo_refused": Words("撤销成交未获同意：{statement}", "The win is not undone: {statement}"),
    "won_for_finance": Words("新成交，请跟进款项", "A sale: please follow the payment"),
    "won_for_after_sales": Words(
        "新成交，请安排交车、上牌与首保", "A sale: please arrange delivery, plate and first service"
    ),
    "customer_updated": Words("客户资料有更新", "The customer's details have changed"),
    "interest_again": Words("客户再次表示兴趣，请尽快联系", "The customer has shown interest again: please call"),
    "interest_raised": Words(
        "客户再次留资，级别升为 {grade}，请尽快联系",
        "The customer came in again and is graded {grade} now: please call",
    ),
    "interest_raised_quiet": Words(
        "客户再次留资，级别升为 {grade}；客户勿扰，请勿致电，尽快以书面方式联系",
        "The customer came in again and is graded {grade} now: do not call, please write",
    ),
    "incident": Words("线索处理出错，停在 {element}", "A lead is stuck at {element}"),
    "message": Words("流程消息：{message}", "Message from a process: {message}"),
}
"""What people are told (``store.notifications``)."""

RULED_OUT: dict[str, Words] = {
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
"""Why a dealer or consultant was no candidate (``DecisionRecord.candidates``)."""

CANDIDATES: dict[str, Words] = {
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
"""What became of a candidate of a decision."""

BRIEFLY: dict[str, Words] = {
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
"""The decision behind a line of the timeline, in half a sentence."""

EXPLAINED: dict[str, Words] = {
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
"""Why a row of a decision table did or did not apply, or why that cannot be told."""

CANNOT_SAY: dict[str, Words] = {
    "not_stored": Words("该版本需要决策时没有提供的输入", "It needs an input that the decision did not have"),
    "input_refused": Words("该版本不接受决策的某个输入值", "It does not accept a value that the decision had"),
    "ambiguous": Words("该版本的多行同时命中而结果不一", "Several of its rows apply and differ"),
    "too_much": Words("该版本的表达式计算量超出上限", "An expression of it asks for more than the bounds allow"),
    "failed": Words("该版本无法得出可用的结果", "It comes to no usable result"),
    "version_unreadable": Words("当时的版本已无法读取", "The version that decided then cannot be read any more"),
    "no_calendar": Words("没有保存当时的工作日历", "Which working calendar held then was not stored"),
    "no_deadline": Words("没有保存该决策设定的期限", "The deadline that it set was not stored"),
}
"""Why another version of a table cannot say how it would have decided (``policy.again``)."""

TABLE_EVENTS: dict[str, Words] = {
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
"""Lines of a decision table's history (``store.table_events``)."""


def say(table: Mapping[str, Words], code: str, language: Language, data: Mapping[str, object] | None = None) -> str:
    """The text of a code, filled; an unknown code is its own text, an absent value a dash. Never raises."""
    words = table.get(code)
    if words is None:
        return code
    words = _of_case(words, data or {})
    return (words.zh if language == "zh" else words.en).format_map(_Filled(data or {}))


def _of_case(words: Words, data: Mapping[str, object]) -> Words:
    """The words for an entry's case: the one that it names, else that of something it has not."""
    named = words.cases.get(str(data.get("case")))
    if named is not None:
        return named
    missing = (f"without_{name}" for name, value in data.items() if value is None)
    return next((words.cases[case] for case in missing if case in words.cases), words)


class _Filled(dict[str, object]):
    def __init__(self, data: Mapping[str, object]) -> None:
        super().__init__({name: "—" if value is None else value for name, value in data.items()})

    def __missing__(self, name: str) -> str:
        return "—"
