"""The other forms of a lead in the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from api.documented import XML_FILE
from api.media.reading import FORM

ADF_EXAMPLE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<?adf version="1.0"?>
<adf>
  <prospect>
    <id>DCD-20261120-0042</id>
    <requestdate>2026-11-20T10:55:48+08:00</requestdate>
    <vehicle interest="buy"><make>Subaru</make><model>森林人</model></vehicle>
    <customer>
      <contact>
        <name part="full">华桂珍</name>
        <phone type="cellphone" time="evening">139 8159 0830</phone>
        <email>hua@example.cn</email>
        <address><city>北京</city></address>
      </contact>
      <timeframe><description>两周内</description></timeframe>
      <comments>想试驾</comments>
    </customer>
    <provider><name>懂车帝</name></provider>
  </prospect>
</adf>"""

_LEAD = "<lead><name>华桂珍</name><phone>139 8159 0830</phone><channel>maker.vertical.dongchedi</channel></lead>"
_TEXT: dict[str, Any] = {"type": "string"}


def in_other_forms(*, several: bool) -> dict[str, Any]:
    """What else the request's body may be; ``several`` leads in one."""
    plain = f"<leads>{_LEAD}</leads>" if several else _LEAD
    content: dict[str, Any] = {
        "application/xml": {"schema": XML_FILE, "examples": {"plain": {"value": plain}, "adf": {"value": ADF_EXAMPLE}}},
        "application/x-adf+xml": {"schema": XML_FILE, "example": ADF_EXAMPLE},
    }
    if not several:
        fields = {"type": "object", "additionalProperties": _TEXT}
        example = {"name": "华桂珍", "phone": "139 8159 0830", "channel": "maker.website.test_drive"}
        content[FORM] = {"schema": fields, "example": example}
    channel = {
        "name": "channel",
        "in": "query",
        "required": False,
        "description": "Of XML and forms: the channel's code, or its names on its levels, each in a `channel=`",
        "schema": {"type": "array", "items": {"type": "string", "maxLength": 100}, "maxItems": 3},
    }
    return {"requestBody": {"content": content}, "parameters": [channel]}
