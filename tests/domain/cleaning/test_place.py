"""Places as people type them: what is read, what is asked, and that every place is itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning import PlaceKind, distance_km, gazetteer, read_place

CITIES = {
    "大理": "532900 大理州 大理白族自治州 云南大理 dali 大理白族 Dali,Yunnan 云南省大理白族自治州 云南·大理",
    "杭州": "330100 杭州市 浙江杭州 浙江省杭州市 hangzhou HANGZHOU 杭州（浙江） "
    "浙江-杭州 Ｈａｎｇｚｈｏｕ zhejianghangzhou hangzhoushi",
    "西安": "610100 西安市 Xi'an xian Xi’an,Shaanxi 陕西西安 西咸新区 西安高新区",
    "北京": "110000 北京市 京 beijing Peking 中国北京 Beijing,China 北京市区",
    "上海": "310000 上海市 沪 上海南京东路 上海市中山公园 ShanghaiCity",
    "重庆": "500000 重庆北京路 渝 重庆市市辖区",
    "苏州": "320500 苏州工业园区 江苏省苏州市工业园区星湖街328号 苏州园区 苏州新区 江苏苏州",
    "三亚": "460200 海南三亚 三亚市 海南省三亚市 sanya 三亚湾",
    "吉林": "220200 吉林市 吉林省吉林市 吉林吉林",
    "长春": "220100 吉林长春 吉林省长春市",
    "朝阳": "211300 朝阳市 辽宁朝阳 辽宁省朝阳市",
    "中山": "442000 广东中山 中山小榄镇 zhongshan",
    "东莞": "441900 东莞长安镇 东莞虎门 广东东莞厚街镇",
    "襄阳": "420600 襄樊 襄樊市 湖北襄樊",
    "普洱": "530800 思茅地区 普洱市",
    "保定": "130600 雄安 雄安新区 河北雄安新区",
    "呼和浩特": "150100 内蒙呼和浩特 内蒙古呼和浩特市 hohhot",
    "包头": "150200 内蒙古包头 内蒙古自治区包头市",
    "乌鲁木齐": "650100 新疆乌鲁木齐 urumqi 迪化",
    "锡林郭勒": "152500 锡盟 锡林郭勒盟",
    "巴音郭楞": "652800 巴州 新疆巴州",
    "恩施": "422800 恩施州 湖北恩施",
    "甘南": "623000 甘南州 甘肃甘南",
    "海南": "632500 海南州 青海海南",
    "仙桃": "429004 仙桃市 湖北仙桃",
    "济源": "419001 河南济源",
    "香港": "810000 HongKong 香港特别行政区 香港九龙 九龙",
    "澳门": "820000 Macau macao",
    "台北": "710100 台湾台北 臺北 taipei",
    "三沙": "460300 三沙市",
    "阿里": "542500 西藏阿里 阿里地区",
    "哈尔滨": "230100 harbin 黑龙江哈尔滨 哈市",
    "广州": "440100 广州中山大学 广州市北京路 广东省广州市 canton",
    "深圳": "440300 Shenzhen,Guangdong 广东深圳市",
    "昆明": "530100 kunmingshi 云南昆明 昆明滇池",
    "延边": "222400 延边州 延边朝鲜族自治州",
}
"""Code and spellings of each city."""

DISTRICTS = {
    "西湖区": "330106 浙江省杭州市西湖区文三路 杭州西湖 杭州市西湖区 西湖区杭州",
    "浦东新区": "310115 浦东 上海浦东 上海市市辖区浦东新区张江路 pudong 陆家嘴 上海市南汇区",
    "朝阳区": "110105 北京朝阳 北京市朝阳区望京街道 朝阳区北京 beijingchaoyang ChaoyangDistrict,Beijing 北京望京",
    "南山区": "440305 深圳南山 广东省深圳市南山区科技园南路1号",
    "福田区": "440304 深圳福田上海宾馆 福田",
    "长安区": "610116 西安长安 西安市长安区",
    "中山区": "210202 大连中山 大连中山区 辽宁大连中山区人民路",
    "市北区": "370203 青岛市北区 青岛市市北区",
    "市中区": "370103 济南市中区",
    "路南区": "130202 唐山路南区",
    "路桥区": "331004 台州路桥",
    "道里区": "230102 哈尔滨道里区 哈尔滨市道里区",
    "镇海区": "330211 宁波镇海",
    "鼓楼区": "320106 南京鼓楼 江苏南京市鼓楼区 南京下关区 鼓楼区，南京",
    "河北区": "120105 河北区 天津河北区",
    "滨海新区": "120116 天津滨海 天津塘沽区",
    "昆山市": "320583 昆山 江苏昆山 kunshan",
    "义乌市": "330782 义乌 浙江义乌",
    "余杭区": "330110 余杭 余杭市 杭州余杭",
    "郫都区": "510117 郫县 成都郫县 郫都",
    "大理市": "532901 大理市 云南大理市 大理州大理市",
    "恩施市": "422801 恩施市",
    "巴州区": "511902 巴中巴州区",
    "信都区": "130503 邢台桥西区",
    "两江新区": "500157 重庆渝北区 重庆江北区",
    "万州区": "500101 万州 万县",
    "长沙县": "430121 长沙县 湖南长沙县",
    "武侯区": "510107 成都武侯 四川省成都市武侯区天府大道",
    "前郭尔罗斯蒙古族自治县": "220721 前郭",
}

ASKED = {
    "西湖区": {"330106", "360103"},
    "朝阳区": {"110105", "220104"},
    "朝阳": {"110105", "220104", "211300"},
    "吉林": {"220000", "220200"},
    "海南": {"460000", "632500", "150303"},
    "长安区": {"610116", "130102"},
    "通州": {"110112", "320612"},
    "鼓楼区": {"320106", "320302", "350102", "410204"},
    "江北区": {"330205", "500157"},
    "上海杭州": {"310000", "330100"},
    "北京 上海": {"110000", "310000"},
    "上海/杭州": {"310000", "330100"},
    "taizhou": {"321200", "331000"},
    "fuzhou": {"350100", "361000"},
    "shanxi": {"140000", "610000"},
}


def _typed(table: dict[str, str], *, name_too: bool) -> list[tuple[str, str]]:
    rows = ((name, *text.split()) for name, text in table.items())
    cases = [(typed, code) for name, code, *others in rows for typed in ([name, *others] if name_too else others)]
    return [case for case in cases if case[0] not in ASKED]


@pytest.mark.parametrize(("typed", "code"), _typed(CITIES, name_too=True))
def test_a_city(typed: str, code: str) -> None:
    found = read_place(typed).found

    assert found is not None
    assert (found.code, found.district) == (code, None)


@pytest.mark.parametrize(("typed", "code"), _typed(DISTRICTS, name_too=False))
def test_a_district(typed: str, code: str) -> None:
    found = read_place(typed).found

    assert found is not None
    assert found.code == code
    assert found.district == found.name


@pytest.mark.parametrize(("typed", "codes"), ASKED.items())
def test_what_may_be_several_is_asked_with_its_candidates(typed: str, codes: set[str]) -> None:
    reading = read_place(typed)

    assert (reading.kind, reading.found) == (PlaceKind.AMBIGUOUS, None)
    assert {place.code for place in reading.candidates} == codes


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        *((blank, PlaceKind.MISSING) for blank in ("", None, "-", "未知", "无")),
        *((wide, PlaceKind.PROVINCE) for wide in ("吉林省", "河南", "新疆", "台湾", "zhejiang", "广西壮族自治区")),
        *(
            (unknown, PlaceKind.UNKNOWN)
            for unknown in ("London", "火星", "南京东路", "高新区", "New York", "12345", "本地")
        ),
    ],
)
def test_no_place(typed: str | None, kind: PlaceKind) -> None:
    reading = read_place(typed)

    assert (reading.kind, reading.found) == (kind, None)


@pytest.mark.parametrize(
    ("province", "city", "district", "code"),
    [
        ("辽宁", "朝阳", None, "211300"),
        ("吉林", "吉林", None, "220200"),
        ("吉林省", None, "朝阳区", "220104"),
        ("海南", "三亚", "海棠区", "460202"),
        (None, "朝阳区", None, None),
        (None, "北京", "朝阳区", "110105"),
        ("北京市", "北京市", "朝阳区", "110105"),
        ("云南", "大理", "大理市", "532901"),
        ("浙江", "广州", None, None),
        ("浙江", None, None, None),
        ("Zhejiang", "Hangzhou", "Xihu District", "330106"),
        ("江苏", "苏州", "工业园区", "320500"),
        ("山西", "大同", "城区", "140200"),
        ("青海", "海南", None, "632500"),
        (None, None, "浦东新区", "310115"),
    ],
)
def test_cells_settle_each_other(
    province: str | None, city: str | None, district: str | None, code: str | None
) -> None:
    found = read_place(city, province=province, district=district).found

    assert (found and found.code) == code


def test_every_place_is_itself_or_said_to_be_several() -> None:
    """By its name alone, and surely by the names of all that it lies in, in one cell or in
    three."""
    table = gazetteer().by_code
    for place in table.values():
        reading = read_place(place.name)
        assert place == reading.place or place in reading.candidates, place

        province, city = table[f"{place.code[:2]}0000"], table.get(f"{place.code[:4]}00", place)
        names = [one.name for one in dict.fromkeys((province, city, place))]
        assert read_place("".join(names)).place == place
        assert read_place(city.name, province=province.name, district=place.district).place == place


def test_every_place_lies_where_china_is() -> None:
    for place in gazetteer().by_code.values():
        assert 3 < place.latitude < 54
        assert 73 < place.longitude < 136


def test_districts_lie_near_their_cities() -> None:
    """The farthest are the islands of 三沙, then the deserts and highlands."""
    table = gazetteer().by_code
    districts = [(place, table[f"{place.code[:4]}00"]) for place in table.values() if f"{place.code[:4]}00" in table]
    far = [place for place, city in districts if distance_km(place.point, city.point) > 300]

    assert len(districts) > 2_700
    assert {place.province for place in far} <= {
        *("西藏", "新疆", "青海", "内蒙古", "甘肃", "四川", "海南", "重庆", "黑龙江", "湖北"),
    }


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [("北京", "上海", 1_068), ("大理", "昆明", 270), ("苏州", "上海", 81), ("广州", "武汉", 838), ("广州", "广州", 0)],
)
def test_distances(one: str, other: str, km: int) -> None:
    here, there = read_place(one).found, read_place(other).found

    assert here is not None
    assert there is not None
    assert distance_km(here.point, there.point) == pytest.approx(km, abs=10)


@given(*[st.text() | st.none() | st.integers() | st.floats()] * 3)
def test_no_text_breaks_it(city: object, province: object, district: object) -> None:
    assert read_place(city, province=province, district=district).kind in PlaceKind


_NAMES = st.sampled_from(sorted(gazetteer().spellings))


@given(st.lists(_NAMES, max_size=4).map("".join))
def test_one_place_or_a_reason(typed: str) -> None:
    """Names in any order: what is found is one place, what is ambiguous has candidates."""
    reading = read_place(typed)

    assert (reading.place is not None) == (reading.kind in (PlaceKind.FOUND, PlaceKind.PROVINCE))
    assert bool(reading.candidates) == (reading.kind is PlaceKind.AMBIGUOUS)
