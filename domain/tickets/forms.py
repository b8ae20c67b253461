"""What people fill in about tickets."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from domain.forms import AT, Code, Form, Long, Plate, Short, Vin, refuse
from domain.tickets.words import TicketKind, TicketSeverity

_ABOUT = "0192f0c1-2b3c-7d4e-8f50-123456789abc"


class TicketBody(Form):
    """Something is wrong."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "complaint", "about": _ABOUT, "title": "空调异响", "description": "第三次"}]
        }
    )

    kind: TicketKind
    about: UUID | None = Field(default=None, description="The case (a lead) that it came from; its customer is asked")
    severity: TicketSeverity | None = Field(default=None, description="As whoever opens it sees it; never made less")
    dealer: Code | None = Field(default=None, description="The dealer's code, if it is not that of `about`")
    title: Short | None = None
    description: Long | None = None
    vin: Vin | None = Field(default=None, description="The car that it is about; as on its licence")
    plate: Plate | None = Field(default=None, description="Of the car with this `vin`")
    model: Code | None = Field(default=None, description="The code of its model; of the car with this `vin`")

    @model_validator(mode="after")
    def _of_a_car(self) -> Self:
        for name in ("plate", "model"):
            if self.vin is None and getattr(self, name) is not None:
                raise refuse("needs_vin", **{AT: name})
        return self


class SignalBody(Form):
    """The same has been seen or said once more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"description": "客户又来电催促"}]})

    description: Long | None = None
