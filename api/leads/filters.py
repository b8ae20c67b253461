"""What a list of leads can be narrowed by."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.forms import Code, Moment
from api.leads.bodies import Grade
from api.leads.sought import read_sought
from leads.states import Badge, Lamp, Stage, Status
from store.views import LeadFilters


class LeadQuery(BaseModel):
    """Query parameters of ``GET /leads``; a parameter given several times means any of its values."""

    model_config = ConfigDict(extra="forbid")

    status: list[Status] = Field(default_factory=list, max_length=12)
    stage: list[Stage] = Field(default_factory=list, max_length=8)
    grade: list[Grade] = Field(default_factory=list, max_length=5)
    lamp: list[Lamp] = Field(default_factory=list, max_length=3)
    badge: list[Badge] = Field(default_factory=list, max_length=3, description="Leads that carry all of these")
    channel: list[Code] = Field(
        default_factory=list, max_length=20, description="Codes; an upper level includes its lower ones"
    )
    dealer: Code | None = Field(default=None, description="Dealer code")
    owner: Code | None = Field(default=None, description="Staff code of the owner")
    q: Annotated[
        Code | None,
        Field(
            description="What is known of the customer: a phone number in any spelling, three or more digits that it"
            " begins or ends with, 139****2097, a part of the name, its pinyin or initials from any sign on, a WeChat"
            " id or its beginning; or the lead's id, at least eight signs of it"
        ),
    ] = None
    created_from: Moment | None = None
    created_before: Moment | None = None
    due_from: Moment | None = None
    due_before: Moment | None = None
    cursor: str | None = Field(default=None, max_length=200, description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=200)

    def filters(self) -> LeadFilters:
        """As the store takes them."""
        return LeadFilters(
            status=self.status,
            stage=self.stage,
            grade=self.grade,
            lamp=self.lamp,
            badge=self.badge,
            channel=self.channel,
            dealer=self.dealer,
            owner=self.owner,
            sought=None if self.q is None else read_sought(self.q),
            created_from=self.created_from,
            created_before=self.created_before,
            due_from=self.due_from,
            due_before=self.due_before,
        )
