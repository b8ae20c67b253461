"""What is wrong with one field, by the code of the problem."""

from __future__ import annotations

from cases.messages.text import Text
from cases.messages.words import catalogue

_FIELDS: dict[str, Text] = {
    "missing": Text("必填", "Required", "请填写该字段", "Give this field"),
    "unknown_field": Text("未知字段", "Unknown field", "请去掉该字段或检查拼写", "Leave it out or check the spelling"),
    "misspelt_field": Text("没有这个字段", "There is no such field here", "是否应为 {near}？", "Did you mean {near}?"),
    "locked_field": Text("{fields} 已锁定，不能修改", "Locked, cannot be changed: {fields}", "请去掉", "Leave it out"),
    "unknown_hours": Text(
        "没有这样的联系时段",
        "There are no such hours",
        "可选：{known}，或整点，如 not_before_11、not_after_20",
        "One of {known}, or a full hour as in not_before_11, not_after_20",
    ),
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
    "bad_etag": Text(
        "不是有效的 ETag 列表",
        "It is no list of ETags",
        "请原样发送之前收到的 ETag（含双引号），或 *",
        "Send the ETag as it was given, with its quotes, or *",
    ),
    "bad_format": Text("格式不对", "Wrong format", "请检查格式", "Check the format"),
    "bad_email": Text(
        "不是有效的邮箱地址", "Not an e-mail address", "例如 name@example.com", "For example name@example.com"
    ),
    "bad_plate": Text(
        "不是有效的车牌号",
        "Not a licence plate",
        "例如 京A12345，新能源 京AD12345",
        "For example 京A12345, of new energy 京AD12345",
    ),
    "needs_vin": Text(
        "没有车架号，不知道是哪辆车", "Of which car is not known without a VIN", "请同时填写 vin", "Give vin as well"
    ),
    "vin_length": Text(
        "车架号应为 {limit} 位，收到 {count} 位",
        "A VIN has {limit} signs; these are {count}",
        "请照行驶证或前挡风玻璃左下角完整填写",
        "Copy it whole from the licence or from the lower left of the windscreen",
    ),
    "vin_sign": Text(
        "车架号第 {place} 位不是可用的字符",
        "Sign {place} of the VIN is none that a VIN has",
        "只用数字和英文字母，没有 I、O、Q：请改为 1 或 0",
        "Digits and letters only, without I, O and Q: they are 1 and 0",
    ),
    "vin_check_digit": Text(
        "车架号校验不符：第 {place} 位与其余各位对不上",
        "The VIN does not prove itself: sign {place} does not go with the others",
        "请逐位核对，多半有一位写错或颠倒",
        "Compare it sign by sign: most likely one is wrong, or two are swapped",
    ),
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
    "ends_before_it_starts": Text(
        "结束时间须晚于开始时间", "It has to end after it starts", "请检查两个时间", "Check the two times"
    ),
    "no_period": Text(
        "不是这项定期工作的期次",
        "Not a period of this round",
        "请写成 {like} 的样子",
        "Write it like {like}",
    ),
    "in_past": Text(
        "时间已经过去，最早 {earliest}",
        "The time has passed: {earliest} at the earliest",
        "请填写现在或将来的时间，或不填",
        "Give a time to come, or leave it out",
    ),
    "beyond_cadence": Text(
        "晚于 {grade} 级允许的最晚时间 {latest}",
        "Later than grade {grade} allows: {latest} at the latest",
        "请改到 {latest} 之前；客户确实要等，请转培育（cool）、降级，或以约定购车日期成交（win，payment=later）",
        "Agree on a time before {latest}; if the customer wants to wait, state cool, a lower grade, or win with"
        " payment later",
    ),
    "too_far_ahead": Text(
        "太远，最晚 {latest}", "Too far ahead: {latest} at the latest", "请核对日期", "Check the date"
    ),
    "says_nothing": Text(
        "没有说明沟通内容，不算跟进",
        "It does not say what was said, so it is no follow-up",
        "请填写 content 或 answer；没有联系上客户请填 reached=false",
        "Give content or answer; if nobody answered, say reached: false",
    ),
    "says_the_same": Text(
        "与您此前的跟进记录相同，不算跟进",
        "The same as you wrote before, so it is no follow-up",
        "请写明这一次沟通了什么",
        "Say what was said this time",
    ),
    "too_many_attempts": Text(
        "该任务已记录 {limit} 次未接通",
        "{limit} attempts have been kept for this task",
        "请换一种渠道联系，或报战败（unreachable）、转培育（cool）",
        "Reach the customer in another way, or state lose (unreachable) or cool",
    ),
    "attempt_too_soon": Text(
        "距上次未接通太近", "Too soon after the last attempt", "{after} 之后再试", "Try again after {after}"
    ),
    "nobody_reached": Text(
        "没有联系上客户，阶段和级别都不会变",
        "Nobody was reached, so neither stage nor grade can have moved",
        "请去掉，或改为 reached=true 并写明内容",
        "Leave it out, or say reached: true and what was said",
    ),
    "unknown_channel": Text(
        "没有这个渠道", "There is no such channel", "渠道列表见 /api/v1/channels", "See /api/v1/channels for the list"
    ),
    "ambiguous_dealer": Text(
        "不止一家门店符合", "More than one dealer may be meant", "请写门店编码", "Give the dealer's code"
    ),
    "unknown_consultant": Text(
        "该店没有这位销售顾问", "There is no such consultant at that dealer", "请写顾问编码", "Give the person's code"
    ),
    "ambiguous_consultant": Text(
        "该店不止一位符合", "More than one consultant there may be meant", "请写顾问编码", "Give the person's code"
    ),
    "unknown_model": Text(
        "没有这个车型", "There is no such model", "车型列表见 /api/v1/models", "See /api/v1/models for the list"
    ),
    "place_ambiguous": Text(
        "可能是几个地方：{candidates}",
        "May be one of several places: {candidates}",
        "请写明省、市，例如“北京 朝阳区”",
        "Say the province and the city, too",
    ),
    "place_too_wide": Text("只写了省份", "Only a province", "请写明城市", "Say the city"),
    "place_unknown": Text(
        "没有这个地方", "There is no such place", "请写明省、市、区县", "Say province, city and district"
    ),
    "unknown_staff": Text(
        "没有这个人", "There is no such person", "人员列表见 /api/v1/staff", "See /api/v1/staff for the list"
    ),
    "unknown_lead": Text("没有这条线索", "There is no such lead", "请检查线索编号", "Check the lead's id"),
    "bad_mail_address": Text(
        "不是有效的邮箱地址", "Not a mail address", "例如 name@example.com", "For example name@example.com"
    ),
    "overdue": Text(
        "所说的购车时间已过", "The stated purchase time has passed", "外呼时再问", "The outbound call asks again"
    ),
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
    "closing_reason_required": Text(
        "以“{decision}”结束须说明原因", "Closing as {decision} needs a reason", "可选：{known}", "One of: {known}"
    ),
    "reason_does_not_fit": Text(
        "该原因不适用于“{decision}”", "This is no reason for {decision}", "可选：{known}", "One of: {known}"
    ),
    "deposit_required": Text(
        "支付方式为订金时须填写订金", "A deposit payment needs its amount", "请填写订金", "Give the deposit"
    ),
    "purchase_on_required": Text(
        "约定日后购买时须填写日期", "A later purchase needs its date", "请填写 purchase_on", "Give purchase_on"
    ),
    "purchase_on_if_moved": Text(
        "改期（moved）须填写新的日期，其他结果不填",
        "A purchase that is moved needs its new day, any other has none",
        "请在 outcome 为 moved 时填写 purchase_on",
        "Give purchase_on with the outcome moved, and only then",
    ),
    "reason_if_fallen_through": Text(
        "落空（fallen_through）须填写原因，其他结果不填",
        "A purchase that falls through needs a reason, any other has none",
        "请在 outcome 为 fallen_through 时填写 reason：{known}",
        "Give reason with the outcome fallen_through, and only then: {known}",
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
    "not_xml": Text(
        "不是有效的 XML（第 {line} 行）",
        "Not well-formed XML (line {line})",
        "请检查 XML 语法和编码",
        "Check its syntax and encoding",
    ),
    "has_doctype": Text(
        "文件含有文档类型声明",
        "The file has a document type",
        "请去掉 <!DOCTYPE …>",
        "Remove the <!DOCTYPE> line",
    ),
    "not_dmn": Text(
        "不是 DMN 1.2–1.5 文件",
        "Not a DMN 1.2–1.5 file",
        "请导出为 DMN 1.3 或更新的版本",
        "Export it as DMN 1.3 or newer",
    ),
    "other_decision": Text(
        "文件中没有决策 {key}，只有：{held}",
        "The file holds no decision {key}, but {held}",
        "请将决策的 id 设为 {key}",
        "Give the decision the id {key}",
    ),
    "unknown_table": Text(
        "文件中没有该决策的决策表",
        "The file has no decision table of that decision",
        "请检查 decision，或提交整个文件",
        "Check `decision`, or send the file",
    ),
    "unknown_row": Text("没有这一行", "There is no such row", "请填写规则的 id", "Give the id of a rule"),
    "unknown_column": Text("没有这一列", "There is no such column", "可用的列：{expected}", "Columns: {expected}"),
    "ambiguous_column": Text(
        "有多列使用此名称", "Several columns have that name", "请填写列的 id", "Give the id of the column"
    ),
    "unknown_example": Text(
        "没有这个示例", "There is no such example", "请填写示例的名称", "Give the name of an example"
    ),
    "unknown_name": Text(
        "示例中没有这一项",
        "The example has no such line",
        "请填写示例已有的输入或输出",
        "Name an input or output that it has",
    ),
    "no_cell": Text("该行缺少这一列的单元格", "The row has no cell there", "请提交整个文件", "Send the file"),
    "one_of": Text(
        "必须且只能填一个：{expected}", "Give exactly one of {expected}", "请只填写一个", "Give one of them"
    ),
    "period_backwards": Text(
        "结束时间不晚于开始时间",
        "The period ends before it begins",
        "请填写晚于 since 的时间",
        "Give an instant after since",
    ),
    "nothing_decided": Text(
        "这段时间内没有该表的决策",
        "The table decided nothing in this period",
        "请选择更长的时间段",
        "Choose a longer period",
    ),
    "inputs_not_stored": Text(
        "草稿需要过往决策没有保存的输入：{inputs}",
        "The draft asks for what past decisions did not keep: {inputs}",
        "请只使用决策表已有的输入，或选择之后的时间段",
        "Use the inputs that the table has, or choose a later period",
    ),
    # what a network has to keep to
    "unknown_region": Text(
        "没有这个大区", "There is no such region", "大区列表见 /api/v1/regions", "See /api/v1/regions for the list"
    ),
    "unknown_person": Text(
        "没有这个人员",
        "There is no such person",
        "用人员编码（工号）或唯一的姓名",
        "Give the staff code, or a name that only one has",
    ),
    "channel_taken": Text(
        "此人在该通道已有地址：{other}",
        "The person has an address on this channel: {other}",
        "修改那一条",
        "Change that entry",
    ),
    "unknown_dealer": Text(
        "没有这家经销商", "There is no such dealer", "经销商列表见 /api/v1/dealers", "See /api/v1/dealers for the list"
    ),
    "unknown_certificate": Text(
        "没有车型需要这项认证",
        "No model asks for this certificate",
        "现有认证：{expected}；请先在车型上填写",
        "There are: {expected}; name it at a model first",
    ),
    "ambiguous_name": Text(
        "有多个使用此名称：{codes}", "Several have that name: {codes}", "请填写编码", "Give the code"
    ),
    "bad_code": Text(
        "编码只能含文字、数字和 . _ - ·",
        "A code has letters, digits and . _ - · only",
        "请修改编码",
        "Choose another code",
    ),
    "bad_day": Text("不是有效的日期", "Not a day", "例如 2027-01-01", "For example 2027-01-01"),
    "repeated": Text("前面已有同一编码的行", "The code stood in a row before", "请只保留一行", "Leave one of the rows"),
    "fixed_field": Text(
        "不能修改", "It cannot be changed", "请保持原值；如有需要另建一条", "Leave it as it is, or add another entry"
    ),
    "spelling_taken": Text(
        "{other} 已使用这个写法", "{other} has that spelling", "同一写法只能指一个车型", "A spelling means one model"
    ),
    "certificate_held": Text(
        "仍有 {count} 家经销商或人员持有认证 {certificate}",
        "{count} dealers or people hold the certificate {certificate}",
        "请先从他们那里去掉",
        "Take it from them first",
    ),
    "name_taken": Text(
        "{other} 在同一级已使用此名称", "{other} has that name beside it", "请换一个名称", "Choose another name"
    ),
    "channels_below": Text(
        "下级渠道仍在使用：{others}",
        "Channels below are in use: {others}",
        "请先停用下级渠道",
        "Retire those first",
    ),
    "channel_above": Text(
        "上级渠道 {other} 已停用",
        "The channel above, {other}, is retired",
        "请先启用上级渠道",
        "Activate that one first",
    ),
    "channel_retired": Text(
        "该渠道已停用",
        "The channel is retired",
        "请使用在用的渠道，见 /api/v1/channels",
        "See /api/v1/channels for others",
    ),
    "dealer_required": Text(
        "顾问和店端经理必须属于一家经销商",
        "A consultant or a dealer's manager belongs to a dealer",
        "请填写经销商",
        "Give the dealer",
    ),
    "dealer_inactive": Text(
        "经销商 {dealer} 已停用",
        "The dealer {dealer} is inactive",
        "请先启用，或换一家",
        "Activate it, or name another",
    ),
    "no_dealer_for_role": Text(
        "该角色不属于任何经销商", "This role belongs to no dealer", "请去掉经销商", "Leave out the dealer"
    ),
    "region_required": Text("大区经理必须有大区", "A regional manager has a region", "请填写大区", "Give the region"),
    "person_has_leads": Text(
        "名下仍有 {count} 条在办线索",
        "They have {count} open leads",
        "请先改派（/api/v1/leads:reassign）",
        "Reassign those first (/api/v1/leads:reassign)",
    ),
    "last_of_head_office": Text(
        "这是总部最后一名在用人员",
        "It is the last active person of head office",
        "请先添加另一名总部人员",
        "Add another one first",
    ),
    "both_or_neither": Text(
        "与 {other} 须同时填写或都不填", "Give it with {other}, or neither", "请补全或都不填", "Give both, or none"
    ),
    "ends_before_start": Text("结束不晚于开始", "It ends before it begins", "请填写晚于开始的时间", "Give a later end"),
    "not_of_team": Text(
        "只用于 {team} 的工作时间",
        "It is for hours of a {team}",
        "请去掉，或改为对应的归属",
        "Leave it out, or name that team",
    ),
    "hours_taken": Text(
        "同一对象自同一天起的工作时间已有：{other}",
        "{other} has the hours of the same from the same day on",
        "请修改那一条，或换一个日期",
        "Change that entry, or give another day",
    ),
    "hours_days": Text(
        "不是七天",
        "Not seven days",
        "请按周一至周日给出七天，休息日为空",
        "Give seven lists, Monday first; [] is a day off",
    ),
    "hours_time": Text("不是一段时间", "Not an interval", '例如 ["08:30", "18:00"]', 'For example ["08:30", "18:00"]'),
    "hours_order": Text(
        "结束不晚于开始，或跨过零点",
        "It ends before it begins, or goes over midnight",
        '零点写作 "24:00"；跨零点的分写在两天',
        'Midnight as an end is "24:00"; give what goes over it on both days',
    ),
    "hours_overlap": Text(
        "与前一段时间重叠，或不在其后",
        "It begins before the interval before it has ended",
        "请按时间先后填写，互不重叠",
        "Give intervals in order and apart",
    ),
    "hours_never": Text(
        "一周没有任何工作时间",
        "No day of the week has any hours",
        "请至少填写一天；停业请用 closures",
        "Give at least one day; use closures for a time of none",
    ),
    "invalid_value": Text("值不符合要求", "Not an acceptable value", "请对照 API 文档", "See the API documentation"),
}
FIELDS = catalogue("fields", _FIELDS)
