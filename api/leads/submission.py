"""A submission as a request's body: every cell is optional to read, so the schema refuses none (A2,
A3)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import WithJsonSchema

from domain.forms import Form
from domain.leads import plain_forms as plain
from domain.leads.plain_forms import Text

ChannelName = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "description": "The channel's code"},
                {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 1,
                    "maxItems": 3,
                    "description": "The channel's names on its levels",
                },
            ]
        }
    ),
]


Consent = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "boolean"},
                {"type": "string"},
                {"type": "object"},
                {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
                {"type": "null"},
            ]
        }
    ),
]
Tags = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "object"}, {"type": "string"}, {"type": "null"}]})]
Anything = Annotated[Any, WithJsonSchema({})]
Several = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "number"},
                {"type": "array", "items": {"type": "string"}},
                {"type": "null"},
            ]
        }
    ),
]


@plain.sent
class SubmissionBody(BaseModel):
    """A lead as a channel sends it. Values may be as the customer typed them: the readers of Baton
    understand Chinese budgets, dates, ticks and phone spellings. A channel, and a phone number or a
    WeChat id, are needed; whatever else cannot be read costs no lead: the answer names it under
    `unread`, and the outbound call asks."""

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "name": "华桂珍",
                    "phone": "139 8159 0830",
                    "model": "傲虎",
                    "budget": "25-30万",
                    "purchase_time": "两周内",
                    "city": "北京",
                    "channel": ["厂商", "垂直媒体", "懂车帝"],
                    "stated_at": "2026-11-14T02:15:05+08:00",
                    "note": "想试驾",
                    "test_drive": True,
                }
            ]
        },
    )

    name: Text = None
    phone: Several = None
    wechat: Several = None
    model: Several = Field(default=None, description="As typed; of several the first that is known")
    budget: Text = Field(default=None, description="As typed; a number is yuan, a small one 万; two are from and to")
    purchase_time: Text = Field(default=None, description="As typed, or days from stated_at")
    province: Text = Field(default=None, description="Province, city and district together say where the customer is")
    city: Text = Field(default=None, description="As typed; may hold province and district, too")
    district: Text = None
    channel: ChannelName = None
    stated_at: Text = Field(
        default=None, description="When the customer left it: ISO 8601, as files write it, or epoch; now if not given"
    )
    note: Text = None
    grade: Text = Field(default=None, description="H, A, B, C or N: what a person who spoke with the customer says")
    dealer: Text = Field(default=None, description="The dealer's code or name: the lead stays there as its own")
    consultant: Text = Field(
        default=None, description="Code or name of a consultant of that dealer, who is asked first"
    )
    campaign: Text = Field(default=None, description="The campaign's name")
    external_id: Text = Field(
        default=None, description="Your own id of this submission; the same again is the same submission"
    )
    email: Text = None
    gender: Text = Field(default=None, description="男, 女, 先生, 女士, M, F, or by GB/T 2261.1")
    company: Text = Field(default=None, description="The company that the car is for")
    consent: Consent = Field(
        default=None,
        description="A flag, purposes, or objects with `given`, `purposes`, `at`, `version`: kept with source and time",
    )
    utm: Tags = Field(
        default=None, description="`source`, `medium`, `campaign`, `term`, `content`; also flat, as `utm_source`"
    )
    details: Anything = Field(default=None, description="Whatever else belongs to it: kept as sent, not read")


class BatchBody(Form):
    """Up to 500 leads at once; each gets its verdict, a bad one does not stop the others."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"leads": [{"name": "谢璐", "phone": "13309378657", "channel": "dongchedi", "model": "森林人"}]}
            ]
        }
    )

    leads: list[Any] = Field(
        min_length=1, max_length=500, description="Each as for POST /api/v1/leads; checked one by one"
    )
