"""Where a submission comes from, when, whose it is, and what else was said: nobody corrects it."""

from __future__ import annotations

from typing import Final

from cases.lead_facts.fact import Fact

SOURCE: Final = (
    Fact(
        "channel",
        "渠道",
        "channel",
        headings=(
            "渠道编码 渠道 渠道名称 渠道代码 来源渠道 线索渠道 留资渠道 获客渠道 推广渠道 线索来源 "
            "客户来源 来源 来源平台 线索平台 平台 平台名称 媒体 媒体来源 信息来源 数据来源 流量来源 "
            "线索来源平台 来源名称"
        ),
        titles=("channel|channel code|channel name|source|lead source|source channel|platform|media|origin|utm source"),
        example="maker.vertical.dongchedi",
        word="渠道",
        personal=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "stated_at",
        "留资时间",
        "time of submission",
        headings=(
            "留资时间 留资日期 留咨时间 留资日 线索留资时间 提交时间 提交日期 预约时间 询价时间 "
            "咨询时间 来电时间 报名时间 填写时间 线索时间 线索日期 线索提交时间 进线时间 "
            "线索产生时间 线索生成时间 获取时间 下发时间 线索下发时间 创建时间 创建日期 线索创建时间 "
            "录入时间 登记时间 登记日期 建档时间 入库时间 注册时间 时间 日期"
        ),
        titles=(
            "stated at|submitted at|submit time|submission time|submission date|submitted|lead time|"
            "lead date|inquiry time|created at|created time|create time|creation time|created|created on|"
            "created date|date created|creation date|register time|time|date|date time|timestamp"
        ),
        example="2026-11-20 10:15",
        personal=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "note",
        "备注",
        "note",
        headings=(
            "备注 备注信息 说明 描述 留言 用户留言 留言内容 咨询内容 咨询问题 用户需求 需求 需求描述 "
            "客户需求 客户备注 线索备注 跟进备注 沟通记录 跟进记录 附言 其他 其它 其他说明 补充说明 "
            "内容"
        ),
        titles=(
            "note|notes|remark|remarks|comment|comments|message|description|memo|customer message|"
            "requirement|requirements|additional information|inquiry|enquiry"
        ),
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "dealer",
        "经销商",
        "dealer",
        headings=(
            "经销商 经销商名称 经销商编码 经销商代码 经销商编号 门店 门店名称 门店编码 门店代码 "
            "所属门店 意向门店 意向经销商 所属经销商 到店门店 4S店 4S店名称 店名 店铺 专营店 销售店 "
            "下发门店 指定经销商"
        ),
        titles=("dealer|dealer code|dealer name|dealership|store|store name|store code|shop|showroom|preferred dealer"),
        personal=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "consultant",
        "销售顾问",
        "consultant",
        headings=(
            "销售顾问 顾问 销售顾问姓名 顾问姓名 销售人员 接待顾问 接待人 接待销售 业务员 跟进人 跟进顾问 负责人"
        ),
        titles="consultant|sales consultant|salesperson|sales person|sales advisor|advisor|sales rep",
        personal=False,
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "campaign",
        "活动",
        "campaign",
        headings=("活动名称 活动 市场活动 营销活动 推广活动 活动主题 广告计划 推广计划 计划名称 广告名称 项目名称"),
        titles="campaign|campaign name|event|promotion|ad name|ad campaign|utm campaign",
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "external_id",
        "外部编号",
        "external id",
        headings=("外部编号 外部线索编号 线索编号 线索id 线索ID号 外部id 来源线索编号 平台线索id 线索号 线索唯一标识"),
        titles=("external id|external lead id|lead id|lead no|lead number|source lead id|partner lead id|record id"),
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "consent",
        "授权同意",
        "consent",
        headings="隐私授权 授权 是否授权 是否同意隐私协议 隐私协议 用户授权 同意隐私政策",
        titles="consent|privacy consent|opt in|marketing consent",
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "utm",
        "utm 标签",
        "utm tags",
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "utm_source",
        "utm 来源",
        "utm source",
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "utm_medium",
        "utm 媒介",
        "utm medium",
        headings="utm媒介 广告媒介",
        titles="utm medium",
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "utm_campaign",
        "utm 活动",
        "utm campaign",
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "utm_term",
        "utm 关键词",
        "utm term",
        headings="utm关键词 关键词 搜索词 搜索关键词",
        titles="utm term|keyword|search term",
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "utm_content",
        "utm 内容",
        "utm content",
        headings="utm内容 广告创意 创意 创意名称 素材",
        titles="utm content|ad content|creative",
        asked=False,
        corrected=False,
        newest=False,
    ),
    Fact(
        "details",
        "其他内容",
        "further details",
        asked=False,
        corrected=False,
        newest=False,
    ),
)
"""Read with the submission (``partner``, ``door``), locked from then on."""
