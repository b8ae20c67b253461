"""Headings as exports write them; two columns of one meaning; what a user says with ``--map``."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.importer.columns import mapping_of
from cli.importer.headings import ALIASES, WORDS, meaning
from cli.importer.problems import ImportProblem
from cli.importer.reading import read
from tests.cli.importer.files import leads, opened

HEADINGS = {
    "phone": (
        "客户电话|客户手机号|用户电话|手机号(必填)|【手机号】|手机号\u200b|手机1|手机号1|虚拟号|*手机号|"
        "手机号码*|电話|手機|會員電話|客户联系方式|联系人电话|线索手机号|留资电话|来电号码|手机号/微信|"
        "电话/手机|Phone Number|Mobile Phone|phone_number|phoneNumber|Telephone|Tel.|TEL|ＰＨＯＮＥ|"
        "Cell Phone|Contact Number|Customer Phone|customer_mobile|mobile no.|\ufeff手机号|手 机 号|"
        "手机号（11位）|手机号码【必填】|Phone*"
    ),
    "name": (
        "姓名|客户姓名|用户姓名|联系人|联系人姓名|客户名称|客户姓名(先生,女士)|称呼|用户昵称|Name|"
        "Full Name|Customer Name|姓名 *|客戶姓名"
    ),
    "wechat": "微信|微信号|微信ID|客户微信|WeChat ID|wechat_id",
    "model": "意向车型|车型|车系|意向车系|咨询车型|关注车系|车型名称|感兴趣车型|Car Model|Vehicle Model|意向車型",
    "budget": "购车预算|预算|预算(万)|预算范围|Budget|客户预算",
    "purchase_time": "计划购车时间|预计购车时间|购车周期|Purchase Time|purchase_time",
    "city": "城市|所在城市|客户所在城市|上牌城市|地区|归属地|City|Location",
    "channel": "渠道|线索来源|客户来源|来源渠道|渠道编码|Lead Source|Source|平台|留资渠道",
    "channel1": "一级渠道|渠道一级",
    "stated_at": "留资时间|提交时间|创建时间|线索创建时间|进线时间|Created At|createdAt|Submission Date|下发时间",
    "note": "备注|用户留言|留言|客户备注|备注(颜色,配置,其他)|Remarks|Comments|Message|備註|备注2",
    "test_drive": "试驾|是否试驾|是否需要试驾|试驾意向|Test Drive",
    "trade_in": "置换|是否置换|有无置换|Trade-in",
    "grade": "级别|意向级别|线索级别|客户等级|Lead Grade",
    "dealer": "经销商|经销商名称|门店|4S店|所属门店|Dealer|Store Code",
    "consultant": "销售顾问|顾问姓名|Sales Consultant",
    "campaign": "活动|活动名称|Campaign",
}
STRANGERS = [
    "用户ID",
    "客户编号",
    "线索状态",
    "颜色",
    "订单号",
    "",
    "  ",
    "***",
    "身份证号",
    "车架号",
]


@pytest.mark.parametrize(
    ("heading", "field"), [(one, field) for field, several in HEADINGS.items() for one in several.split("|")]
)
def test_headings_that_exports_write(heading: str, field: str) -> None:
    found = meaning(heading)

    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize("heading", STRANGERS)
def test_headings_of_other_things_mean_nothing(heading: str) -> None:
    assert meaning(heading) is None


def test_each_field_has_a_word_that_names_it() -> None:
    assert {field: meaning(word) for field, word in WORDS.items()}.keys() == ALIASES.keys()
    assert all((meaning(word) or ("", 0))[0] == field for field, word in WORDS.items())
    assert all((meaning(field) or ("", 0))[0] == field for field in ALIASES)


@pytest.mark.parametrize(
    ("headings", "cells", "field", "value"),
    [
        ("电话,手机,渠道", "01065551234,13980823576,x", "phone", "13980823576"),
        ("电话,手机,渠道", "01065551234,,x", "phone", "01065551234"),
        ("电话,手机,渠道", "01065551234,-,x", "phone", "01065551234"),
        ("虚拟号,手机号,渠道", "17000000001,13980823576,x", "phone", "13980823576"),
        ("手机2,手机1,渠道", "13980823577,13980823576,x", "phone", "13980823577"),
        (
            "手机,创建时间,留资时间,渠道",
            "1,2026-11-20 10:00,2026-11-20 09:58,x",
            "stated_at",
            "2026-11-20T01:58:00+00:00",
        ),
        ("手机,地区,城市,渠道", "1,朝阳区,北京市,x", "city", "北京市"),
        ("手机,车系,意向车型,渠道", "1,傲虎,2.5i,x", "model", "2.5i"),
        ("手机,联系人,姓名,渠道", "1,王先生,王芳,x", "name", "王芳"),
        ("手机,备注,留言,渠道", "1,红色,急,x", "note", "红色\n急"),
    ],
)
def test_of_two_columns_of_one_meaning_the_first_that_says_something_wins(
    tmp_path: Path, headings: str, cells: str, field: str, value: str
) -> None:
    assert leads(tmp_path, f"{headings}\n{cells}\n")[0][field] == value


def test_another_number_or_model_is_kept_in_the_note(tmp_path: Path) -> None:
    (lead,) = leads(tmp_path, "手机,电话,车系,意向车型,渠道\n13980823576,01065551234,傲虎,2.5i,x\n")

    assert lead["note"] == "电话: 01065551234\n车系: 傲虎"


def test_a_mapping_comes_before_what_headings_say(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("甲,手机,乙,渠道\n13980823576,13980823577,王芳,x\n")

    sheet = read(path, mapping_of(["甲=phone", "乙=姓名", "渠道=channel", "手机=-"]))

    assert [row.lead for row in sheet.rows] == [{"phone": "13980823576", "name": "王芳", "channel": "x"}]
    assert sheet.ignored == ("手机",)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("手机=fone", "did you mean phone"),
        ("手机", "HEADING=FIELD"),
        ("=phone", "HEADING=FIELD"),
        ("客户电活=phone", "did you mean 客户电话"),
    ],
)
def test_a_mapping_that_fits_nothing_names_the_nearest(tmp_path: Path, said: str, says: str) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("客户电话,渠道\n13980823576,x\n")

    with pytest.raises(ImportProblem, match=says):
        read(path, mapping_of([said]))


@pytest.mark.parametrize(
    ("above", "skipped"),
    [
        ("2026年11月线索明细,,,\n", (0, 0)),
        ("\n\n", (0, 0)),
        (",,,\n", (0, 0)),
        ("客户信息,,意向,\n", (0, 0)),
        ("sep=,\n", (0, 0)),
        ("导出时间：2026-11-20\n导出人：王芳\n条件：手机号不为空\n\n", (0, 0)),
    ],
)
def test_the_headings_are_looked_for_below_titles(tmp_path: Path, above: str, skipped: tuple[int, int]) -> None:
    sheet = opened(tmp_path, f"{above}客户姓名,手机号,意向车型,渠道\n王芳,13980894847,傲虎,x\n")

    assert [row.lead for row in sheet.rows] == [
        {"name": "王芳", "phone": "13980894847", "model": "傲虎", "channel": "x"}
    ]


@pytest.mark.parametrize(
    "total", ["合计,2,", "总计：,,", "小计,,3", ",合计2条,", "Total,2,", "Grand Total,,", "共计100条,,"]
)
def test_headings_again_and_totals_are_skipped_and_counted(tmp_path: Path, total: str) -> None:
    sheet = opened(tmp_path, f"姓名,手机号,渠道\n王芳,13980918604,x\n姓名,手机号,渠道\n李强,13980926523,x\n{total}\n")

    assert [(row.lead or {})["name"] for row in sheet.rows] == ["王芳", "李强"]
    assert (sheet.skipped.headings, sheet.skipped.totals) == (1, 1)


def test_a_customer_whose_name_reads_like_a_total_is_one(tmp_path: Path) -> None:
    assert len(leads(tmp_path, "姓名,手机号,渠道\n合计,13980918604,x\n")) == 1


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("邮箱", "email"),
        ("客户邮箱", "email"),
        ("E-mail", "email"),
        ("性别", "gender"),
        ("公司名称", "company"),
        ("活动", "campaign"),
        ("线索编号(必填)", "external_id"),
        ("外部编号", "external_id"),
        ("Lead ID", "external_id"),
        ("utm_campaign", "campaign"),
        ("utm_medium", "utm_medium"),
        ("搜索关键词", "utm_term"),
        ("utm_content", "utm_content"),
        ("隐私授权", "consent"),
    ],
)
def test_headings_of_what_partners_add(heading: str, field: str) -> None:
    found = meaning(heading)

    assert found is not None and found[0] == field
