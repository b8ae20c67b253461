"""Codes, ids and instants inside sentences, as people say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from cases.lead_facts import FACTS
from cases.messages import Language, Words, chosen, say
from cases.zone import minute_shown

VALUES: dict[str, tuple[str, str]] = {
    # what is asked of a win
    "cancel_order": ("退订", "order cancelled"),
    "wrong_win": ("登记错误", "recorded by mistake"),
    "customer_withdrew": ("客户反悔", "the customer withdrew"),
    "wrong_lead": ("记错线索", "another lead's sale"),
    "wrong_contract": ("合同有误", "wrong contract"),
    "not_signed": ("并未签约", "never signed"),
    "grade_validity": ("级别有效期", "grade validity"),
    # why head office is asked, and what the tables let go on
    "dispatch": ("重新下发", "dispatch again"),
    "person": ("先由总部人员查看", "a person of head office looks first"),
    "let_go": ("照常继续", "goes on as usual"),
    "returned": ("超期退回", "came back overdue"),
    "returned_twice": ("多次超期退回", "came back overdue again"),
    "no_dealer_near": ("附近没有可接的店", "no dealer near can take it"),
    "all_full": ("附近的店都已满额", "all dealers near are full"),
    "dealer_gone": ("原店退出或停业，附近没有可接的店", "its dealer is gone and no other near can take it"),
    "place_ambiguous": ("地名可能是几个地方", "one of several places"),
    "place_unknown": ("不知道客户所在地", "where the customer is, is not known"),
    "nobody_claimed": ("公海无人领取", "nobody claimed it"),
    "confirmation_missed": ("经理一直未确认", "no manager has confirmed"),
    "call_missed": ("外呼一直无人办理", "nobody has called"),
    "intent_missed": ("意向复核一直无人办理", "nobody has asked for the intent"),
    "nurture_over": ("培育期满", "its time in nurture is over"),
    # kinds of tickets
    "risk": ("风险", "risk"),
    "win_back": ("赢回", "win-back"),
    "objection": ("异议", "objection"),
    "complaint": ("投诉", "complaint"),
    "request": ("客户急求", "urgent request"),
    "problem": ("经销商问题", "dealer's problem"),
    "report": ("举报", "report"),
    "rectification": ("整改", "rectification"),
    "appraisal_objection": ("考核异议", "appraisal objection"),
    # reasons people give
    "unreachable": ("未接通", "unreachable"),
    "duplicate": ("重复", "duplicate"),
    "bought_rival": ("购买竞品", "bought a rival's car"),
    "price": ("价格", "price"),
    "model_unavailable": ("无现车", "model not available"),
    "delivery_time": ("交车周期", "delivery time"),
    "finance_refused": ("贷款未批", "finance refused"),
    "gave_up": ("放弃购车", "gave up"),
    "wrong_number": ("号码错误", "wrong number"),
    "not_a_buyer": ("非购车客户", "not a buyer"),
    "test_data": ("测试数据", "test data"),
    "competitor": ("同行", "competitor"),
    "already_bought": ("已购车", "already bought"),
    "other": ("其他", "other"),
    "stated": ("人工判断", "as stated"),
    # what cleaning and grading find (tables cleaning and grade)
    "clean": ("信息完整", "complete"),
    "possible_duplicate": ("疑似重复", "possible duplicate"),
    "contact_incomplete": ("没有可用手机号", "no usable mobile number"),
    "dealer_completes": ("由店端补全", "the dealer completes it"),
    "dealer_unread": ("所填门店无法识别", "the dealer named is not known"),
    "in_person": ("由店内人员录入", "entered by the dealer's own people"),
    "model_unknown": ("车型不明", "model unknown"),
    "unread": ("有内容无法识别", "something could not be read"),
    "intent_unknown": ("预算与购车时间不明", "budget and purchase time unknown"),
    "within_7_days": ("7 天内购车", "buys within 7 days"),
    "within_15_days": ("15 天内购车", "buys within 15 days"),
    "within_30_days": ("30 天内购车", "buys within 30 days"),
    "within_90_days": ("90 天内购车", "buys within 90 days"),
    "beyond_90_days": ("90 天以后购车", "buys after 90 days"),
    "no_clear_plan": ("暂无购车计划", "no plan yet"),
    # materials and their channels
    "model_comparison": ("车型对比", "model comparison"),
    "buying_guide": ("购车指南", "buying guide"),
    "test_report": ("试驾报告", "test report"),
    "event_invitation": ("活动邀请", "event invitation"),
    "mail": ("邮件", "mail"),
    "log": ("日志", "log"),
    "sms": ("短信", "SMS"),
    "edm": ("邮件", "mail"),
    "call": ("电话", "call"),
    "event": ("活动", "event"),
    **{fact.name: (fact.zh, fact.en) for fact in FACTS},  # what a submission says; also ways to reach somebody
    # hours in which a customer wants to be called
    "evenings": ("晚间", "in the evening"),
    "not_evenings": ("晚间除外", "not in the evening"),
    "not_noon": ("午间除外", "not at noon"),
    "weekends": ("周末", "at the weekend"),
    "not_weekends": ("周末除外", "not at the weekend"),
    "tomorrow": ("明天起", "from tomorrow on"),
    "later": ("一周后", "in a week"),
    "next_week": ("下周起", "from next week on"),
    "next_month": ("下月起", "from next month on"),
    **{f"not_before_{hour}": (f"{hour} 点后", f"not before {hour}:00") for hour in range(1, 24)},
    **{f"not_after_{hour}": (f"{hour} 点前", f"not after {hour}:00") for hour in range(1, 24)},
}
"""Codes inside sentences, Chinese and English; those of kinds of tasks and of outcomes are declared
with them (``domain.kinds.said``)."""


_AS_WRITTEN = frozenset({"element"})
"""Data that are no codes: an element of a diagram may be called as a code is."""


def spoken(value: Any, names: Mapping[str, str], language: Language) -> Any:
    """One value as people say it: a name for an id, a word for a code, local time for an
    instant."""
    if isinstance(value, (list, tuple)):
        several = cast("Sequence[Any]", value)
        return chosen(language, "、", ", ").join(str(spoken(one, names, language)) for one in several)
    if not isinstance(value, str):
        return value
    if value in names:
        return names[value]
    if value in VALUES:
        return chosen(language, *VALUES[value])
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
