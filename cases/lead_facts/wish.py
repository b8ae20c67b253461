"""What the customer wants: the car, the money, the time, the place; what they give in return."""

from __future__ import annotations

from typing import Final

from cases.lead_facts.fact import Fact, Reads

WISH: Final = (
    Fact(
        "model",
        "车型",
        "model",
        headings=(
            "意向车型 意向车款 意向车型名称 咨询车型 关注车型 预约车型 询价车型 感兴趣车型 车型 "
            "车型名称 车款 意向车系 咨询车系 关注车系 车系 车系名称 意向车辆 意向产品 车辆 产品 意向"
        ),
        titles=(
            "model|car model|vehicle model|interested model|model of interest|model name|car|vehicle|series|"
            "car series|product"
        ),
        columns=("model",),
        example="傲虎",
        personal=False,
        asked=False,
    ),
    Fact(
        "budget",
        "预算",
        "budget",
        headings=(
            "购车预算 预算 预算范围 预算区间 价格区间 预算金额 购买预算 意向价位 价位 预算(万) 预算(元) 预算(万元)"
        ),
        titles="budget|budget range|price range",
        columns=("budget_min", "budget_max"),
        example="25-30万",
        personal=False,
    ),
    Fact(
        "purchase_time",
        "购车时间",
        "purchase time",
        headings=(
            "计划购车时间 预计购车时间 购车时间 预计购车日期 购车计划 购车周期 购买时间 计划购买时间 "
            "预计购买时间 购车意向时间 意向购车时间 拟购时间 预购时间 买车时间 计划提车时间 提车时间"
        ),
        titles=(
            "purchase time|purchase plan|time to buy|purchase date|buying time|timeframe|purchase timeframe|"
            "expected purchase date|expected purchase time"
        ),
        columns=("horizon_days",),
        example="两周内",
        personal=False,
    ),
    Fact(
        "province",
        "省份",
        "province",
        headings=("所在省份 省份 省 所在省 客户省份 省级 省/直辖市 省份/直辖市 上牌省份 购车省份 意向省份 归属省份"),
        titles="province|state|province name",
        example="江苏",
        newest=False,
    ),
    Fact(
        "city",
        "城市",
        "city",
        headings=(
            "所在城市 城市 意向城市 上牌城市 购车城市 客户城市 提车城市 归属城市 留资城市 号码归属地 "
            "归属地 所在地 所在地区 地区 区域 地域 省市 省份/城市 所在省市 省份城市 位置 地址"
        ),
        titles="city|city name|location|area|region|address",
        columns=("province", "city", "district", "place_code", "region"),
        example="苏州",
        held=True,
    ),
    Fact(
        "district",
        "区县",
        "district",
        headings=(
            "所在区县 区县 区/县 区 县 所在区 所在县 县区 县/区 市区县 行政区 区县名称 城区 上牌区县 购车区县 意向区县"
        ),
        titles="district|county|district name|district/county",
        example="昆山市",
        newest=False,
    ),
    Fact(
        "test_drive",
        "试驾意愿",
        "test drive",
        headings=(
            "是否试驾 试驾 试驾意愿 试驾意向 试驾需求 是否预约试驾 预约试驾 是否需要试驾 需要试驾 "
            "是否想试驾 想试驾 试乘试驾"
        ),
        titles=("test drive|testdrive|test drive request|wants test drive|test drive requested|request test drive"),
        reads=Reads.FLAG,
        columns=("test_drive_wish",),
        about="Whether the customer wants to drive the car",
        example="是",
        word="试驾",
        personal=False,
    ),
    Fact(
        "trade_in",
        "置换",
        "trade-in",
        headings=(
            "是否置换 置换 置换意愿 置换意向 置换需求 是否有置换 有无置换 是否需要置换 旧车置换 是否旧车置换 二手车置换"
        ),
        titles="trade in|trade-in|tradein|part exchange|has trade in",
        reads=Reads.FLAG,
        about="Whether the customer gives a used car in return",
        example="否",
        word="置换",
        personal=False,
    ),
    Fact(
        "trade_in_plate",
        "置换车车牌",
        "plate of the trade-in",
        headings=(
            "置换车车牌 置换车车牌号 置换车牌 置换车牌号 置换车辆车牌 旧车车牌 旧车车牌号 旧车牌照 原车车牌 原车车牌号"
        ),
        titles="trade in plate|trade in plate number|trade in license plate|trade in licence plate|old car plate",
        reads=Reads.PLATE,
        about="The plate of the car that the customer gives in return",
        example="京A12345",
    ),
    Fact(
        "grade",
        "级别",
        "grade",
        headings=("级别 意向级别 线索级别 客户级别 意向等级 线索等级 客户等级 等级 意向度 客户意向级别 评级"),
        titles="grade|lead grade|level|rating|lead level|customer level|priority",
        example="A",
        personal=False,
        corrected=False,
        newest=False,
    ),
)
"""A new plain fact of a lead stands here."""
