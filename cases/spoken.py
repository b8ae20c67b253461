"""Codes, ids and instants inside sentences, as people say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from cases.lead_facts import FACTS
from cases.messages import Language, Words, catalogue, chosen, of_tickets, say
from cases.messages.marks import joined
from cases.zone import minute_shown

_VALUES: dict[str, Words] = {
    # what is asked of a win
    "cancel_order": Words("退订", "order cancelled"),
    "wrong_win": Words("登记错误", "recorded by mistake"),
    "customer_withdrew": Words("客户反悔", "the customer withdrew"),
    "wrong_lead": Words("记错线索", "another lead's sale"),
    "wrong_contract": Words("合同有误", "wrong contract"),
    "not_signed": Words("并未签约", "never signed"),
    "grade_validity": Words("级别有效期", "grade validity"),
    # why head office is asked, and what the tables let go on
    "dispatch": Words("重新下发", "dispatch again"),
    "person": Words("先由总部人员查看", "a person of head office looks first"),
    "let_go": Words("照常继续", "goes on as usual"),
    "returned": Words("超期退回", "came back overdue"),
    "returned_twice": Words("多次超期退回", "came back overdue again"),
    "no_dealer_near": Words("附近没有可接的店", "no dealer near can take it"),
    "all_full": Words("附近的店都已满额", "all dealers near are full"),
    "dealer_gone": Words("原店退出或停业，附近没有可接的店", "its dealer is gone and no other near can take it"),
    "place_ambiguous": Words("地名可能是几个地方", "one of several places"),
    "place_unknown": Words("不知道客户所在地", "where the customer is, is not known"),
    "nobody_claimed": Words("公海无人领取", "nobody claimed it"),
    "confirmation_missed": Words("经理一直未确认", "no manager has confirmed"),
    "call_missed": Words("外呼一直无人办理", "nobody has called"),
    "intent_missed": Words("意向复核一直无人办理", "nobody has asked for the intent"),
    "nurture_over": Words("培育期满", "its time in nurture is over"),
    **of_tickets.CODES,
    # reasons people give
    "unreachable": Words("未接通", "unreachable"),
    "duplicate": Words("重复", "duplicate"),
    "bought_rival": Words("购买竞品", "bought a rival's car"),
    "price": Words("价格", "price"),
    "model_unavailable": Words("无现车", "model not available"),
    "delivery_time": Words("交车周期", "delivery time"),
    "finance_refused": Words("贷款未批", "finance refused"),
    "gave_up": Words("放弃购车", "gave up"),
    "wrong_number": Words("号码错误", "wrong number"),
    "not_a_buyer": Words("非购车客户", "not a buyer"),
    "test_data": Words("测试数据", "test data"),
    "competitor": Words("同行", "competitor"),
    "already_bought": Words("已购车", "already bought"),
    "other": Words("其他", "other"),
    "stated": Words("人工判断", "as stated"),
    # what cleaning and grading find (tables cleaning and grade)
    "clean": Words("信息完整", "complete"),
    "possible_duplicate": Words("疑似重复", "possible duplicate"),
    "contact_incomplete": Words("没有可用手机号", "no usable mobile number"),
    "dealer_completes": Words("由店端补全", "the dealer completes it"),
    "dealer_unread": Words("所填门店无法识别", "the dealer named is not known"),
    "in_person": Words("由店内人员录入", "entered by the dealer's own people"),
    "model_unknown": Words("车型不明", "model unknown"),
    "unread": Words("有内容无法识别", "something could not be read"),
    "intent_unknown": Words("预算与购车时间不明", "budget and purchase time unknown"),
    "within_7_days": Words("7 天内购车", "buys within 7 days"),
    "within_15_days": Words("15 天内购车", "buys within 15 days"),
    "within_30_days": Words("30 天内购车", "buys within 30 days"),
    "within_90_days": Words("90 天内购车", "buys within 90 days"),
    "beyond_90_days": Words("90 天以后购车", "buys after 90 days"),
    "no_clear_plan": Words("暂无购车计划", "no plan yet"),
    # materials and their channels
    "model_comparison": Words("车型对比", "model comparison"),
    "buying_guide": Words("购车指南", "buying guide"),
    "test_report": Words("试驾报告", "test report"),
    "event_invitation": Words("活动邀请", "event invitation"),
    "mail": Words("邮件", "mail"),
    "log": Words("日志", "log"),
    "sms": Words("短信", "SMS"),
    "edm": Words("邮件", "mail"),
    "call": Words("电话", "call"),
    "event": Words("活动", "event"),
    **{fact.name: Words(fact.zh, fact.en) for fact in FACTS},  # what a submission says; also ways to reach somebody
    # hours in which a customer wants to be called
    "evenings": Words("晚间", "in the evening"),
    "not_evenings": Words("晚间除外", "not in the evening"),
    "not_noon": Words("午间除外", "not at noon"),
    "weekends": Words("周末", "at the weekend"),
    "not_weekends": Words("周末除外", "not at the weekend"),
    "tomorrow": Words("明天起", "from tomorrow on"),
    "later": Words("一周后", "in a week"),
    "next_week": Words("下周起", "from next week on"),
    "next_month": Words("下月起", "from next month on"),
    **{f"not_before_{hour}": Words(f"{hour} 点后", f"not before {hour}:00") for hour in range(1, 24)},
    **{f"not_after_{hour}": Words(f"{hour} 点前", f"not after {hour}:00") for hour in range(1, 24)},
}
VALUES = catalogue("values", _VALUES)
"""Codes inside sentences; those of kinds of tasks and of outcomes are declared
with them (``domain.kinds.said``)."""


_AS_WRITTEN = frozenset({"element"})
"""Data that are no codes: an element of a diagram may be called as a code is."""


def spoken(value: Any, names: Mapping[str, str], language: Language) -> Any:
    """One value as people say it: a name for an id, a word for a code, local time for an
    instant."""
    if isinstance(value, (list, tuple)):
        several = cast("Sequence[Any]", value)
        return joined((str(spoken(one, names, language)) for one in several), language)
    if not isinstance(value, str):
        return value
    if value in names:
        return names[value]
    if value in VALUES:
        return chosen(VALUES[value], language)
    if len(value) >= 19 and value[4:5] == "-" and "T" in value:
        try:
            return minute_shown(datetime.fromisoformat(value))
        except ValueError:
            return value
    return value


def sentence(
    table: Mapping[str, Words], code: str, data: Mapping[str, Any], names: Mapping[str, str], language: Language
) -> str:
    """The text of a code of a catalogue, filled with the data as people say them; ``names`` by id
    or code. Never raises."""
    said = {name: value if name in _AS_WRITTEN else spoken(value, names, language) for name, value in data.items()}
    return say(table, code, language, said)
