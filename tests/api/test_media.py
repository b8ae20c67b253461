"""ADF, XML and posted forms are read leniently into the door's fields; what only does harm is
refused (A2, F4)."""

from __future__ import annotations

import resource
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.media.door import wants_xml
from api.media.markup import DEEPEST
from api.media.reading import FORM, rows
from cases.errors import Invalid

ADF = "application/x-adf+xml"
XML = "application/xml"

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<?adf version="1.0"?>
<!DOCTYPE adf SYSTEM "http://example.org/adf-1.0.dtd">
<adf><prospect status="new">
  <id sequence="1" source="懂车帝">DCD-0042</id>
  <requestdate>2026-11-20T10:55:48+08:00</requestdate>
  <vehicle interest="buy" status="new">
    <year>2026</year><make>Subaru</make><model>森林人</model><trim>2.0i 旗舰版</trim><vin/>
    <colorcombination><interiorcolor>黑</interiorcolor><exteriorcolor>白</exteriorcolor><preference>1</preference></colorcombination>
    <price type="quote" currency="CNY">289800</price>
    <finance><method>finance</method><amount type="downpayment">80000</amount>
      <amount type="total" limit="maximum" currency="CNY">250,000</amount></finance>
    <comments>要白色</comments>
  </vehicle>
  <vehicle interest="trade-in" status="used"><year>2009</year><make>本田</make><model>飞度</model></vehicle>
  <customer>
    <contact primarycontact="1">
      <name part="first" type="individual">桂珍</name><name part="last">华</name>
      <email preferredcontact="1">hua@example.cn</email>
      <phone type="fax">010-65551234</phone><phone type="voice" time="evening">010-65551235</phone>
      <phone type="cellphone">139 8159 0830</phone>
      <address type="home"><street line="1">长安街 1 号</street><city>北京</city><regioncode>BJ</regioncode></address>
    </contact>
    <timeframe><description>两周内</description></timeframe>
    <comments><![CDATA[周末想试驾 & 看车 <b>]]></comments>
  </customer>
  <vendor><vendorname>北京翔鹰</vendorname></vendor>
  <provider><name part="full">懂车帝</name><service>厂商线索</service></provider>
</prospect></adf>"""


def test_an_adf_file_is_read_whole() -> None:
    (row,) = rows(WHOLE.encode(), ADF, None)

    details = row.pop("details")
    assert row == {
        "external_id": "DCD-0042",
        "stated_at": "2026-11-20T10:55:48+08:00",
        "model": ["森林人 2.0i 旗舰版"],
        "budget": "250000以下",
        "trade_in": True,
        "name": "华桂珍",
        "phone": ["139 8159 0830", "010-65551235"],
        "email": "hua@example.cn",
        "city": "北京",
        "purchase_time": "两周内",
        "channel": {"any_of": ["厂商线索", "懂车帝"]},
        "note": "周末想试驾 & 看车 <b>\n要白色\n晚上联系",
    }
    assert details["vehicle"][1]["model"] == ["飞度"]
    assert details["vendor"] == [{"vendorname": ["北京翔鹰"]}]


SMALL = "<adf><prospect><customer><contact><name part='full'>Li Lei</name>{phone}</contact></customer></prospect></adf>"
PHONE = "<phone>13981590830</phone>"


@pytest.mark.parametrize(
    "sloppy",
    [
        SMALL.format(phone=PHONE),
        "  \n" + SMALL.format(phone=PHONE),
        "<?adf version='1.0'?><?xml version='1.0'?>" + SMALL.format(phone=PHONE),
        SMALL.format(phone=PHONE) + "<?xml version='1.0'?>",
        "<html><body><p>Dear dealer,<br>a lead &nbsp;</p><pre>" + SMALL.format(phone=PHONE) + "</pre></body></html>",
        SMALL.format(phone="<phone type='mobile'>13981590830</phone>"),
        SMALL.format(phone="<phone type='fax'>1</phone><PHONE TYPE='CellPhone'>13981590830</PHONE>"),
        SMALL.format(phone=PHONE).replace("prospect", "Prospect").replace("adf", "ADF"),
        SMALL.format(phone=PHONE).replace("<adf>", "<adf xmlns='http://example.org/adf'>"),
        SMALL.format(phone=PHONE).replace("adf>", "a:adf>").replace("<a:adf>", "<a:adf xmlns:a='urn:x'>"),
        SMALL.format(phone="<phone><![CDATA[13981590830]]></phone>"),
        SMALL.format(phone="<phone>&#49;3981590830</phone>"),
        SMALL.format(phone="<phone>13981590830</phone><br>"),
        SMALL.format(phone=PHONE).removesuffix("</adf>"),
        SMALL.format(phone=PHONE + "<email>&undefined;</email>"),
        SMALL.format(phone=PHONE + "<x>a & b &c</x><y>\x0b</y>"),
        SMALL.format(phone=PHONE).replace("<prospect>", "").replace("</prospect>", ""),
        "<!DOCTYPE adf>" + SMALL.format(phone=PHONE),
        "<!-- a lead --><?xml version='1.0' encoding='nonsense'?>" + SMALL.format(phone=PHONE),
    ],
)
def test_an_adf_file_may_be_sloppy(sloppy: str) -> None:
    (row,) = rows(sloppy.encode(), XML, None)

    assert (row["name"], row["phone"]) == ("Li Lei", "13981590830")


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("utf-8", True, None),
        ("utf-8-sig", True, None),
        ("utf-16", True, None),
        ("utf-16-le", False, None),
        ("utf-16-be", True, None),
        ("gb18030", True, None),
        ("gbk", True, None),
        ("gbk", False, "gbk"),
        ("gbk", False, None),
        ("big5", True, None),
        ("gbk", True, "utf-8"),
    ],
)
def test_an_adf_file_may_be_of_any_encoding(encoding: str, declared: bool, charset: str | None) -> None:
    head = f"<?xml version='1.0' encoding='{encoding.removesuffix('-sig')}'?>" if declared else ""
    body = head + "<adf><prospect><customer><contact><name>王小明</name></contact></customer></prospect></adf>"

    (row,) = rows(body.encode(encoding), XML, charset)

    assert row["name"] == "王小明"


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ("<name part='full'>王小明</name>", "王小明"),
        ("<name>王小明</name>", "王小明"),
        ("<name part='first'>小明</name><name part='last'>王</name>", "王小明"),
        ("<name part='first'>John</name><name part='middle'>Q</name><name part='last'>Public</name>", "John Q Public"),
        ("<name part='last'>Public</name>", "Public"),
        ("<name part='full'></name><name part='first'>Ann</name>", "Ann"),
    ],
)
def test_a_name_may_come_in_parts(names: str, name: str) -> None:
    body = f"<adf><prospect><customer><contact>{names}</contact></customer></prospect></adf>"

    assert rows(body.encode(), XML, None)[0]["name"] == name


ADDRESS = "<customer><contact><address><city>深圳</city><regioncode>{}</regioncode></address></contact></customer>"
UNTIL = "<customer><timeframe><latestdate>2026-12-05T00:00</latestdate></timeframe></customer>"


@pytest.mark.parametrize(
    ("inner", "field", "value"),
    [
        ("<vehicle><make>Subaru</make></vehicle>", "model", ["Subaru"]),
        ("<vehicle><model>XV</model></vehicle><vehicle><model>BRZ</model></vehicle>", "model", ["XV", "BRZ"]),
        ("<vehicle interest='test-drive'><model>XV</model></vehicle>", "test_drive", True),
        ("<vehicle interest='sell'><model>飞度</model></vehicle>", "trade_in", True),
        ("<vehicle><finance><amount type='total'>200000</amount></finance></vehicle>", "budget", "200000"),
        ("<vehicle><price type='offer' currency='USD'>30000</price></vehicle>", "budget", None),
        ("<vehicle><price type='msrp'>300000</price></vehicle>", "budget", None),
        ("<id>A1</id><id>A2</id>", "external_id", "A1"),
        ("<requestdate>soon</requestdate>", "stated_at", "soon"),
        (UNTIL, "purchase_time", "2026-12-05"),
        ("<customer><contact><name type='business'>某公司</name></contact></customer>", "company", "某公司"),
        ("<customer><comments>a</comments><comments>a</comments><comments>b</comments></customer>", "note", "a\nb"),
        ("<customer><comments>a" + "<br>" * 200 + "b</comments></customer>", "note", "a b"),
        (ADDRESS.format("广东省"), "province", "广东省"),
        (ADDRESS.format("GD"), "province", None),
        (ADDRESS.format("GD"), "city", "深圳"),
        ("<provider><name>易车</name></provider>", "channel", {"any_of": ["易车"]}),
        ("<provider/>", "channel", None),
    ],
)
def test_parts_of_an_adf_prospect(inner: str, field: str, value: Any) -> None:
    (row,) = rows(f"<adf><prospect>{inner}</prospect></adf>".encode(), XML, None)

    assert row.get(field) == value


def test_several_prospects_are_several_rows() -> None:
    body = "<adf>" + "".join(f"<prospect><id>{n}</id></prospect>" for n in range(3)) + "</adf>"

    assert [row["external_id"] for row in rows(body.encode(), XML, None)] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<lead><phone>1</phone><name> 王  小明 </name></lead>", [{"phone": "1", "name": "王 小明"}]),
        ("<lead><phone>1</phone><phone>2</phone><wechat/></lead>", [{"phone": ["1", "2"]}]),
        (
            "<leads><lead><channel><level>厂商</level><level>懂车帝</level></channel></lead><lead><note>b</note></lead></leads>",
            [{"channel": ["厂商", "懂车帝"]}, {"note": "b"}],
        ),
        ("<lead><consent><purpose>contact</purpose></consent></lead>", [{"consent": ["contact"]}]),
        ("<lead><utm><source>a</source><medium>b</medium></utm></lead>", [{"utm": {"source": "a", "medium": "b"}}]),
    ],
)
def test_our_own_fields_may_be_elements(body: str, found: list[dict[str, Any]]) -> None:
    assert rows(body.encode(), XML, None) == found


@pytest.mark.parametrize(
    ("body", "charset", "found"),
    [
        (b"phone=139+8159+0830&name=%E5%8D%8E&note=", None, {"phone": "139 8159 0830", "name": "华"}),
        (b"name=%BB%AA", None, {"name": "华"}),
        (b"name=%BB%AA", "gbk", {"name": "华"}),
        (b"model=a&model=b&channel%5B%5D=x&channel%5B%5D=y", None, {"model": ["a", "b"], "channel": ["x", "y"]}),
        (b"", None, {}),
        (b"&&==&a", None, {}),
    ],
)
def test_a_posted_form_is_read(body: bytes, charset: str | None, found: dict[str, Any]) -> None:
    assert rows(body, FORM, charset) == [found]


LAUGHS = "<!DOCTYPE adf [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {one} '{('&' + chr(ord(one) - 1) + ';') * 10}'>" for one in "bcdefghij"
)
IN = "<adf><prospect><customer><comments>{}</comments></customer></prospect></adf>"
HOSTILE: dict[str, bytes] = {
    "billion laughs": (LAUGHS + "]>" + IN.format("&j;")).encode(),
    "quadratic blow-up": (f"<!DOCTYPE adf [<!ENTITY a '{'x' * 20_000}'>]>" + IN.format("&a;" * 5_000)).encode(),
    "in an attribute": (LAUGHS + "]><adf><prospect status='&j;'/></adf>").encode(),
    "file": ("<!DOCTYPE adf [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + IN.format("&x;")).encode(),
    "network": ("<!DOCTYPE adf [<!ENTITY x SYSTEM 'http://127.0.0.1:1/'>]>" + IN.format("&x;")).encode(),
    "parameter entity": ("<!DOCTYPE adf [<!ENTITY % p SYSTEM 'file:///dev/zero'> %p;]>" + IN.format("")).encode(),
    "public entity": ("<!DOCTYPE adf [<!ENTITY x PUBLIC 'a' 'file:///dev/random'>]>" + IN.format("&x;")).encode(),
    "endless entity": ("<!DOCTYPE adf [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>" + IN.format("&a;")).encode(),
    "entity, lower case": ("<!doctype adf [<!entity a 'x'>]>" + IN.format("&a;")).encode(),
    "attribute list": ("<!DOCTYPE adf [<!ATTLIST adf a CDATA 'x'>]>" + IN.format("")).encode(),
    "element declared": ("<!DOCTYPE adf [<!ELEMENT adf (a*)>]>" + IN.format("")).encode(),
    "a second doctype inside": IN.format("<!DOCTYPE x>").encode(),
    "utf-16 laughs": (LAUGHS + "]>" + IN.format("&j;")).encode("utf-16"),
    "utf-16 without a mark": (LAUGHS + "]>" + IN.format("&j;")).encode("utf-16-le"),
    "utf-32 laughs": (LAUGHS + "]>" + IN.format("&j;")).encode("utf-32"),
    "deep": ("<adf>" + "<a>" * 20_000 + "</a>" * 20_000 + "</adf>").encode(),
    "deep and open": ("<adf>" + "<a>" * 60_000).encode(),
    "deep by a little": ("<adf>" + "<a>" * DEEPEST + "</a>" * DEEPEST + "</adf>").encode(),
    "many": ("<adf>" + "<a/>" * 60_000 + "</adf>").encode(),
    "many open": ("<adf>" + "<prospect>" * 25_000).encode(),
    "no xml": b"hello",
    "nothing": b"",
    "only blanks": b" \n\t " * 1_000,
    "json": b'{"phone": "13981590830"}',
    "binary": bytes(range(256)) * 100,
    "zeros": b"\x00" * 100_000,
    "angle brackets": b"<" * 100_000,
    "closing": b"</adf>" * 20_000,
    "opened comment": b"<!--" + b"-" * 100_000,
    "opened section": b"<![CDATA[" * 10_000,
    "opened sections inside": b"<adf>" + b"<![CDATA[" * 50_000 + b"</adf>",
    "opened prologs": b"<?xml " * 50_000 + b"<adf/>",
    "ampersands": b"<adf>" + b"&" * 400_000 + b"</adf>",
    "opened tags": b"<adf>" + b"<p " * 100_000 + b"</adf>",
    "long tags": b"<adf>" + (b"<a " + b"x" * 1_900) * 200 + b"</adf>",
    "opened roots": b"<adf" * 100_000,
    "another root": b"<html><body>hi</body></html>",
    "soap": b"<soap:Envelope xmlns:soap='urn:s'><soap:Body/></soap:Envelope>",
    "xinclude without a lead": b"<x xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd'/></x>",
    "stylesheet": b"<?xml-stylesheet href='file:///etc/passwd'?><xsl:stylesheet xmlns:xsl='urn:x'/>",
    "empty adf": b"<adf/>",
    "empty leads": b"<leads></leads>",
    "an unknown encoding": b"<?xml version='1.0' encoding='utf-7'?>+ADw-adf+AD4-",
    "ebcdic": "<?xml version='1.0' encoding='cp037'?><adf/>".encode("cp037"),
    "unfinished prolog": b"<?xml " + b"a" * 100_000,
    "doctype without an end": b"<!DOCTYPE adf " + b"[" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_only_does_harm_is_refused_quickly_and_cheaply(name: str) -> None:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()

    with pytest.raises(Invalid) as refused:
        rows(HOSTILE[name], XML, None)

    assert refused.value.code in {"xml_refused", "xml_unreadable", "xml_unknown_root", "xml_empty"}
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


@pytest.mark.parametrize(
    "harmless",
    [
        "<adf xmlns:xi='http://www.w3.org/2001/XInclude'><prospect><xi:include href='file:///etc/passwd'/></prospect></adf>",
        "<!DOCTYPE adf SYSTEM 'file:///etc/passwd'><adf><prospect/></adf>",
        "<adf><prospect xml:base='http://127.0.0.1:1/'/></adf>",
        "<adf " + " ".join(f"a{n}='x'" for n in range(3_000)) + "><prospect/></adf>",
        "<adf><prospect>" + "&amp;" * 20_000 + "</prospect></adf>",
        "<adf><prospect><x>" + "y" * 200_000 + "</x></prospect></adf>",
    ],
)
def test_what_asks_for_more_gets_nothing(harmless: str) -> None:
    began = time.process_time()

    (row,) = rows(harmless.encode(), XML, None)

    assert "root:" not in str(row)
    assert time.process_time() - began < 2


INSIDE = st.text(max_size=300).map(lambda text: f"<adf><prospect>{text}</prospect></adf>".encode())


@given(st.binary(max_size=300) | INSIDE)
def test_any_bytes_are_rows_or_a_refusal(body: bytes) -> None:
    for media in (XML, FORM):
        try:
            assert isinstance(rows(body, media, None), list)
        except Invalid as refused:
            assert refused.code


@given(st.dictionaries(st.sampled_from(["name", "note", "city"]), st.text(min_size=1, max_size=50), min_size=1))
def test_what_is_written_as_xml_is_read_again(fields: dict[str, str]) -> None:
    from api.media.twin import written

    fields = {name: " ".join(text.split()) for name, text in fields.items()}
    fields = {name: text for name, text in fields.items() if text and text.isprintable() and "\ufffe" not in text}
    if fields:
        assert rows(written(fields, "lead"), XML, None) == [fields]


@pytest.mark.parametrize(
    ("accept", "xml"),
    [
        ("", False),
        ("*/*", False),
        ("application/xml", True),
        ("text/xml, */*;q=0.1", True),
        ("application/json, application/xml;q=0.9", False),
        ("application/json;q=0.5, application/problem+xml", True),
        ("application/xml;q=x", False),
    ],
)
def test_who_asks_for_xml_gets_it(accept: str, xml: bool) -> None:
    assert wants_xml(accept) is xml
