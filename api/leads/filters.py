"""What a list of leads can be narrowed by and sorted by."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from api.context import Call
from api.paging import Paging
from cases.states import CLOSING_REASONS, Badge, Grade, Lamp, Stage, Status
from domain.forms import Code, Moment, Short, refuse
from domain.leads.reads.sought import read_sought
from domain.naming import Names
from store.leads.lead_lists import LeadFilters
from store.session import Tx
from store.spans import Span

_CLOSING = list(dict.fromkeys(str(one) for reasons in CLOSING_REASONS.values() for one in reasons))


def _closing(value: str) -> str:
    if value not in _CLOSING:
        raise refuse("not_in_list", expected=", ".join(_CLOSING))
    return value


ClosingReason = Annotated[str, AfterValidator(_closing), WithJsonSchema({"type": "string", "enum": _CLOSING})]
LeadSort = Literal["created", "-created", "updated", "-updated", "assigned", "-assigned", "due", "-due"]


class LeadQuery(Paging):
    """Query parameters of ``GET /leads``; a parameter given several times means any of its values.

    ``…_since`` counts itself, ``…_until`` does not.
    """

    status: list[Status] = Field(default_factory=list, max_length=12)
    stage: list[Stage] = Field(default_factory=list, max_length=8)
    grade: list[Grade] = Field(default_factory=list, max_length=5)
    lamp: list[Lamp] = Field(default_factory=list, max_length=3)
    badge: list[Badge] = Field(default_factory=list, max_length=3, description="Leads that carry all of these")
    channel: list[Code] = Field(
        default_factory=list, max_length=20, description="Codes; an upper level includes its lower ones"
    )
    model: list[Code] = Field(default_factory=list, max_length=50, description="Codes of car models")
    region: list[Code] = Field(
        default_factory=list, max_length=50, description="Codes; the dealer's, or the lead's while no dealer has it"
    )
    dealer: list[Code] = Field(default_factory=list, max_length=50, description="Dealer codes")
    owner: list[Code] = Field(default_factory=list, max_length=50, description="Staff codes of owners")
    reason: list[ClosingReason] = Field(
        default_factory=list, max_length=20, description="Why it was stated lost or invalid"
    )
    campaign: list[Short] = Field(default_factory=list, max_length=50, description="As the channel sent it")
    external_id: list[Short] = Field(default_factory=list, max_length=50, description="The channel's own id")
    customer: UUID | None = Field(default=None, description="The `customer.id` of a lead: all leads of that person")
    overdue: bool | None = Field(default=None, description="true: `next_due_at` is past; false: not yet, or none")
    q: Annotated[
        Code | None,
        Field(
            description="What is known of the customer: a phone number in any spelling, three or more digits that it"
            " begins or ends with, 139****2097, a part of the name, its pinyin or initials from any sign on, a WeChat"
            " id or its beginning; or the lead's id, at least eight signs of it"
        ),
    ] = None
    created_since: Moment | None = None
    created_until: Moment | None = None
    updated_since: Moment | None = Field(default=None, description="Of `updated_at`, for reading what has changed")
    updated_until: Moment | None = None
    assigned_since: Moment | None = None
    assigned_until: Moment | None = None
    due_since: Moment | None = Field(default=None, description="Of `next_due_at`")
    due_until: Moment | None = None
    sort: LeadSort = Field(
        default="-created",
        description="`-` falls. `updated` rises up to what is settled: each change is met, also one committed late. "
        "Leads without such an instant come last, with `-` first",
    )

    async def filters(self, tx: Tx, call: Call) -> LeadFilters:
        """As the store takes them. Raises ``Invalid`` for codes of nothing."""
        names = Names(await call.network(tx))
        found = LeadFilters(
            status=self.status,
            stage=self.stage,
            grade=self.grade,
            lamp=self.lamp,
            badge=self.badge,
            channel=names.channels(self.channel),
            model=names.models(self.model),
            region=names.regions(self.region),
            dealer=await names.dealers(tx, self.dealer),
            owner=await names.people(tx, "owner", self.owner),
            reason=self.reason,
            customer=self.customer,
            sought=None if self.q is None else read_sought(self.q),
            campaign=self.campaign,
            external_id=self.external_id,
            overdue=self.overdue,
            now=call.now(),
            created=Span(self.created_since, self.created_until),
            updated=Span(self.updated_since, self.updated_until),
            assigned=Span(self.assigned_since, self.assigned_until),
            due=Span(self.due_since, self.due_until),
        )
        names.check()
        return found
