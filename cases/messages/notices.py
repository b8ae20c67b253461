"""What people are told (``store.engine.notifications``)."""

from __future__ import annotations

from cases.messages import of_rounds, of_tickets
from cases.messages.words import Words, catalogue

NOTICES: dict[str, Words] = {
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
    "task_handed_to_you": Words(
        "{clock} 期限 {due} 超期，转由您办理", "{clock}, due {due}, was not done: it is yours now"
    ),
    "task_handed_from_you": Words(
        "您的{clock} 期限 {due} 超期，已转由他人办理", "Your {clock}, due {due}, is somebody else’s now"
    ),
    "task_at_head_office": Words(
        "{clock} 期限 {due} 无人办理，改由总部办理", "{clock}, due {due}, was done by nobody: it is for head office now"
    ),
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
"""Of a lead, and of any case."""

NOTIFICATIONS = catalogue("notices", {**NOTICES, **of_rounds.NOTICES, **of_tickets.NOTICES})
"""What people are told (``store.engine.notifications``)."""
