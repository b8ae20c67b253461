"""Where a person is told things: said by head office, or by the person."""

from __future__ import annotations

from pydantic import BaseModel

from cases.messages import Language
from domain.forms import Form, MailAddress
from domain.network.laws.reach import oneself_or_head_office
from domain.reach import Speaking
from store.network import contact_points
from store.session import Tx


class Addresses(Form):
    """An address for each channel beside the log; what is not given is not there any more."""

    mail: MailAddress | None = None


class ContactPointsBody(Form):
    """How a person is reached. It replaces all that was there before."""

    language: Language
    addresses: Addresses


class SavedView(BaseModel):
    """Which channels reach the person by now; kept with the ``Idempotency-Key``, so without
    addresses."""

    staff: str
    language: Language
    channels: list[str]


async def set_contact_points(tx: Tx, speaker: Speaking, code: str, body: ContactPointsBody) -> SavedView:
    """Replaces language and addresses of a person. Raises ``Forbidden``, ``NotFound``."""
    person = await oneself_or_head_office(tx, speaker, code)
    addresses: dict[str, str] = body.addresses.model_dump(exclude_none=True)
    await contact_points.replace(tx, person.id, body.language, addresses)
    return SavedView(staff=code, language=body.language, channels=sorted(addresses))
