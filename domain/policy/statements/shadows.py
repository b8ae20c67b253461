"""A draft decides beside the live table for a while: its differences are counted, nothing comes of
them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cases.errors import Invalid
from domain.forms import in_past
from domain.policy.forms import ShadowForm
from domain.policy.laws.files import drafted
from domain.policy.laws.refusing import TableRefused
from domain.policy.laws.who import makes_policy, recorded
from domain.policy.review import Review
from domain.speaker import Speaker
from store.session import Tx
from store.tables import definitions, drafts, shadows
from store.tables.drafts import Revision
from store.tables.shadows import Shadow


async def to_run(tx: Tx, speaker: Speaker, key: str, form: ShadowForm) -> Revision:
    """The file that shall run beside its table. Raises ``Forbidden``, ``NotFound``, and ``Invalid``
    for a table whose decisions are not kept."""
    makes_policy(speaker)
    recorded(key)
    return (await drafted(tx, key, form.draft, form.revision))[1]


async def start(
    tx: Tx, speaker: Speaker, key: str, form: ShadowForm, file: Revision, found: Review
) -> tuple[Shadow, datetime]:
    """From now on the draft is asked about every decision that the table makes; ``found`` is the
    review of its file.

    Raises ``Forbidden``, ``NotFound``, ``Invalid``; ``Conflict`` while another one runs;
    ``TableRefused`` if it cannot answer what the table is asked.
    """
    makes_policy(speaker)
    at = speaker.now()
    await drafts.hold(tx, form.draft, key)
    if form.until is not None and form.until <= at:
        raise Invalid("invalid_input", problems=(in_past("until", at),))
    await definitions.effective_table(tx, key, at)
    if found.problems or found.contract:
        raise TableRefused("shadow_refused", Review(problems=found.problems, contract=found.contract))
    return await shadows.start(tx, key, file, at, form.reason, form.until), at


async def stop(tx: Tx, speaker: Speaker, shadow_id: UUID, reason: str) -> tuple[Shadow, datetime]:
    """It is asked no more; what it saw stays. Raises ``Forbidden``, ``NotFound``, ``Conflict``."""
    makes_policy(speaker)
    at = speaker.now()
    return await shadows.stop(tx, shadow_id, at, reason), at
