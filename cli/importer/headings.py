"""The words that people and platforms write over a column, and how a heading is compared with them."""

from __future__ import annotations

import re
import unicodedata

ALIASES: dict[str, tuple[str, str]] = {
    "name": (
        "客户姓名 姓名 用户姓名 名字 客户名称 客户名 用户名称 联系人 联系人姓名 称呼 客户称呼 尊称 昵称 "
        "用户昵称 用户名 客户 用户",
        "name|full name|customer name|customer|contact name|contact person|lead name|user name|nickname|first name",
    ),
    "phone": (
        "手机号码 手机号 手机 移动电话 手机电话 手机/电话 电话/手机 手机号/微信 电话/微信 手机号码/微信号 "
        "联系手机 联系方式 联系电话 电话 电话号码 联系号码 号码 来电号码 主叫号码 来电 主叫 座机 固定电话 "
        "固话 虚拟号 虚拟号码 虚拟电话 隐私号 隐私号码 中间号 小号 备用电话 备用手机 备用号码 其他电话",
        "mobile|mobile phone|mobile number|mobile no|cell|cell phone|cellphone|cell number|phone|phone number|"
        "phone no|contact number|contact phone|contact mobile|contact no|telephone|telephone number|tel|"
        "tel no|tel number|handphone|whatsapp|caller number|landline|home phone|work phone|virtual number",
    ),
    "wechat": (
        "微信号 微信 微信账号 微信id",
        "wechat|wechat id|weixin|wx|vx|wechat no|wechat number",
    ),
    "model": (
        "意向车型 意向车款 意向车型名称 咨询车型 关注车型 预约车型 询价车型 感兴趣车型 车型 车型名称 车款 "
        "意向车系 咨询车系 关注车系 车系 车系名称 意向车辆 意向产品 车辆 产品 意向",
        "model|car model|vehicle model|interested model|model of interest|model name|car|vehicle|series|"
        "car series|product",
    ),
    "budget": (
        "购车预算 预算 预算范围 预算区间 价格区间 预算金额 购买预算 意向价位 价位 预算(万) 预算(元) 预算(万元)",
        "budget|budget range|price range",
    ),
    "purchase_time": (
        "计划购车时间 预计购车时间 购车时间 预计购车日期 购车计划 购车周期 购买时间 计划购买时间 预计购买时间 "
        "购车意向时间 意向购车时间 拟购时间 预购时间 买车时间 计划提车时间 提车时间",
        "purchase time|purchase plan|time to buy|purchase date|buying time|timeframe|purchase timeframe|"
        "expected purchase date|expected purchase time",
    ),
    "province": (
        "所在省份 省份 省 所在省 客户省份 省级 省/直辖市 省份/直辖市 上牌省份 购车省份 意向省份 归属省份",
        "province|state|province name",
    ),
    "district": (
        "所在区县 区县 区/县 区 县 所在区 所在县 县区 县/区 市区县 行政区 区县名称 城区 上牌区县 购车区县 意向区县",
        "district|county|district name|district/county",
    ),
    "city": (
        "所在城市 城市 意向城市 上牌城市 购车城市 客户城市 提车城市 归属城市 留资城市 号码归属地 归属地 "
        "所在地 所在地区 地区 区域 地域 省市 省份/城市 所在省市 省份城市 位置 地址",
        "city|city name|location|area|region|address",
    ),
    "channel1": (
        "一级渠道 渠道一级 一级来源 来源一级 渠道大类 渠道1级",
        "channel level 1|channel1|level 1 channel",
    ),
    "channel2": (
        "二级渠道 渠道二级 二级来源 来源二级 渠道中类 渠道2级",
        "channel level 2|channel2|level 2 channel",
    ),
    "channel3": (
        "三级渠道 渠道三级 三级来源 来源三级 渠道小类 渠道3级",
        "channel level 3|channel3|level 3 channel",
    ),
    "channel": (
        "渠道编码 渠道 渠道名称 渠道代码 来源渠道 线索渠道 留资渠道 获客渠道 推广渠道 线索来源 客户来源 来源 "
        "来源平台 线索平台 平台 平台名称 媒体 媒体来源 信息来源 数据来源 流量来源 线索来源平台 来源名称",
        "channel|channel code|channel name|source|lead source|source channel|platform|media|origin|utm source",
    ),
    "stated_at": (
        "留资时间 留资日期 留咨时间 留资日 线索留资时间 提交时间 提交日期 预约时间 询价时间 咨询时间 来电时间 "
        "报名时间 填写时间 线索时间 线索日期 线索提交时间 进线时间 线索产生时间 线索生成时间 获取时间 "
        "下发时间 线索下发时间 创建时间 创建日期 线索创建时间 录入时间 登记时间 登记日期 建档时间 入库时间 "
        "注册时间 时间 日期",
        "stated at|submitted at|submit time|submission time|submission date|submitted|lead time|lead date|"
        "inquiry time|created at|created time|create time|creation time|created|created on|created date|"
        "date created|creation date|register time|time|date|date time|timestamp",
    ),
    "note": (
        "备注 备注信息 说明 描述 留言 用户留言 留言内容 咨询内容 咨询问题 用户需求 需求 需求描述 客户需求 "
        "客户备注 线索备注 跟进备注 沟通记录 跟进记录 附言 其他 其它 其他说明 补充说明 内容",
        "note|notes|remark|remarks|comment|comments|message|description|memo|customer message|requirement|"
        "requirements|additional information|inquiry|enquiry",
    ),
    "test_drive": (
        "是否试驾 试驾 试驾意愿 试驾意向 试驾需求 是否预约试驾 预约试驾 是否需要试驾 需要试驾 是否想试驾 "
        "想试驾 试乘试驾",
        "test drive|testdrive|test drive request|wants test drive|test drive requested|request test drive",
    ),
    "trade_in": (
        "是否置换 置换 置换意愿 置换意向 置换需求 是否有置换 有无置换 是否需要置换 旧车置换 是否旧车置换 二手车置换",
        "trade in|trade-in|tradein|part exchange|has trade in",
    ),
    "grade": (
        "级别 意向级别 线索级别 客户级别 意向等级 线索等级 客户等级 等级 意向度 客户意向级别 评级",
        "grade|lead grade|level|rating|lead level|customer level|priority",
    ),
    "dealer": (
        "经销商 经销商名称 经销商编码 经销商代码 经销商编号 门店 门店名称 门店编码 门店代码 所属门店 意向门店 "
        "意向经销商 所属经销商 到店门店 4S店 4S店名称 店名 店铺 专营店 销售店 下发门店 指定经销商",
        "dealer|dealer code|dealer name|dealership|store|store name|store code|shop|showroom|preferred dealer",
    ),
    "consultant": (
        "销售顾问 顾问 销售顾问姓名 顾问姓名 销售人员 接待顾问 接待人 接待销售 业务员 跟进人 跟进顾问 负责人",
        "consultant|sales consultant|salesperson|sales person|sales advisor|advisor|sales rep",
    ),
    "campaign": (
        "活动名称 活动 市场活动 营销活动 推广活动 活动主题 广告计划 推广计划 计划名称 广告名称 项目名称",
        "campaign|campaign name|event|promotion|ad name|ad campaign|utm campaign",
    ),
    "external_id": (
        "外部编号 外部线索编号 线索编号 线索id 线索ID号 外部id 来源线索编号 平台线索id 线索号 线索唯一标识",
        "external id|external lead id|lead id|lead no|lead number|source lead id|partner lead id|record id",
    ),
    "email": (
        "邮箱 电子邮箱 电子邮件 邮件 邮箱地址 电邮 联系邮箱",
        "email|e-mail|email address|e-mail address|mail",
    ),
    "gender": ("性别 客户性别", "gender|sex|salutation"),
    "company": (
        "公司 公司名称 单位 单位名称 企业 企业名称 工作单位 客户公司",
        "company|company name|organisation|organization|employer|business name",
    ),
    "consent": (
        "隐私授权 授权 是否授权 是否同意隐私协议 隐私协议 用户授权 同意隐私政策",
        "consent|privacy consent|opt in|marketing consent",
    ),
    "utm_medium": ("utm媒介 广告媒介", "utm medium"),
    "utm_term": ("utm关键词 关键词 搜索词 搜索关键词", "utm term|keyword|search term"),
    "utm_content": ("utm内容 广告创意 创意 创意名称 素材", "utm content|ad content|creative"),
}
"""Field → headings in Chinese (between blanks) and English (between bars); where a file has several of one field, the
one named first here wins."""

WORDS = {
    "name": "客户姓名",
    "phone": "手机号码",
    "wechat": "微信号",
    "model": "意向车型",
    "budget": "购车预算",
    "purchase_time": "计划购车时间",
    "province": "所在省份",
    "city": "所在城市",
    "district": "所在区县",
    "channel": "渠道",
    "channel1": "一级渠道",
    "channel2": "二级渠道",
    "channel3": "三级渠道",
    "stated_at": "留资时间",
    "note": "备注",
    "test_drive": "试驾",
    "trade_in": "置换",
    "grade": "级别",
    "dealer": "经销商",
    "consultant": "销售顾问",
    "campaign": "活动名称",
    "external_id": "外部编号",
    "email": "邮箱",
    "gender": "性别",
    "company": "公司",
    "consent": "隐私授权",
    "utm_medium": "utm媒介",
    "utm_term": "utm关键词",
    "utm_content": "utm内容",
}
"""Field → the word for it in messages, notes and the template."""

_SIMPLIFIED = str.maketrans(
    "戶號碼電話機聯絡繫車輛級預時間來備註說駕換動線資場購買計劃區產內廣歸屬錄選與價會員單訊個項後開處題詢問諮營運門業對應稱態據獲廠商媒體種費額範圍圖際實質",
    "户号码电话机联络系车辆级预时间来备注说驾换动线资场购买计划区产内广归属录选与价会员单讯个项后开处题询问咨营运门业对应称态据获厂商媒体种费额范围图际实质",
)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|\{[^{}]*\}|<[^<>]*>|《[^《》]*》|〔[^〔〕]*〕")
_SIGNS = re.compile(r"[\s_:;*()\[\]【】{}<>《》〔〕「」\"'“”‘’.,，、。#?!·|=~`^-]")
_MANDATORY = re.compile(r"^(?:必填项?|选填项?|必录)|(?:必填项?|选填项?|必录|required|optional)$")
_NUMBERED = re.compile(r"(?<=\D)0*[0-9]{1,2}$")
_OWNERS = re.compile(
    r"^(?:请输入|请填写|请选择|您的|你的|潜在客户|潜客|客户|用户|顾客|会员|线索|留资人?|留咨|车主|购车人|买家|访客|咨询人|联系人|申请人|预约人|报名人|"
    r"customers?|clients?|contacts?|users?|leads?|buyers?|your|cust|prospects?)+(?:的|s)?(?=.)"
)


def plain(heading: str) -> str:
    """A heading as it is compared: without case, width, invisible signs, blanks, brackets and marks of punctuation."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    seen = "".join(sign for sign in folded if not unicodedata.category(sign).startswith("C"))
    return _SIGNS.sub("", seen).translate(_SIMPLIFIED)


def _words(chinese: str, english: str) -> list[str]:
    return [plain(word) for word in (*chinese.split(), *english.split("|"))]


_KNOWN: dict[str, tuple[str, int]] = {}
for _field, _languages in ALIASES.items():
    for _rank, _word in enumerate(_words(*_languages)):
        _KNOWN.setdefault(_word, (_field, _rank))
for _field in ALIASES:
    _KNOWN.setdefault(plain(_field), (_field, 0))


def meaning(heading: str) -> tuple[str, int] | None:
    """The field that a heading names and its rank among the headings of that field; ``None`` for no known one."""
    return next((_KNOWN[word] for word in forms(heading) if word in _KNOWN), None)


def forms(heading: str) -> list[str]:
    """A heading as it may be known, the most literal form first: without what stands in brackets, without 必填, …"""
    folded = unicodedata.normalize("NFKC", heading)
    return [word for written in (heading, _BRACKETED.sub("", folded)) for word in _shorter(plain(written))]


def _shorter(word: str) -> list[str]:
    """The heading, then without 必填, without a number at its end, without whose it is (客户…, customer …)."""
    found = [word]
    for pattern in (_MANDATORY, _NUMBERED, _OWNERS):
        found.extend([shorter for known in found if (shorter := pattern.sub("", known)) not in found])
    return found
