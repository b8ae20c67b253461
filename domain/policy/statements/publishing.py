"""Publication of a draft by a second person, withdrawal of what has not begun, and roll-back to an
earlier version.

A review is heavy, so that it is made before and aside: ``found`` is that of the file.
"""

from __future__ import annotations

from datetime import datetime

from cases.errors import Conflict, Forbidden, Invalid
from domain.forms import in_past
from domain.policy.forms import PublicationForm, RollbackForm
from domain.policy.laws.files import Seen
from domain.policy.laws.refusing import TableRefused
from domain.policy.laws.seen import as_expected
from domain.policy.laws.who import makes_policy
from domain.policy.review import Review
from domain.speaker import Speaker
from domain.versions import Versions
from store.session import Tx
from store.tables import definitions, drafts
from store.tables.drafts import Draft


async def publish(
    tx: Tx,
    speaker: Speaker,
    seen: Seen,
    found: Review,
    form: PublicationForm,
    expected: Versions | None = None,
) -> tuple[int, datetime]:
    """The draft becomes the next version, whose number is given back, and decides from its instant
    on; with the instant of the publication.

    Raises ``Forbidden`` for whoever has saved it; ``Changed`` and ``Conflict`` when it, its table
    or the version in force is not what was seen; ``Invalid``; ``TableRefused`` while its review has
    an error.
    """
    makes_policy(speaker)
    key, file = seen.draft.key, seen.file
    draft = await drafts.hold(tx, seen.draft.id, key)
    await definitions.hold_table(tx, key)
    at = speaker.now()  # once nobody else publishes: else the version that came first would look scheduled for later
    if str(tx.actor) in await drafts.editors(tx, draft.id):
        raise Forbidden("same_person")
    await as_expected(tx, speaker, draft, expected)
    drafts.newest(draft, file.number)
    effective_from = _from(form, at)
    await _not_outdated(tx, draft, form.replaces, file.sha256)
    if not form.keep_scheduled:
        await _last(tx, key, effective_from)
    if found.errors:
        raise TableRefused("table_refused", found)
    published = await definitions.publish_table(
        tx, key, draft.name, file.xml, at, str(tx.actor), form.comment, effective_from, draft_id=draft.id
    )
    await drafts.published(tx, draft, published.version, at)
    return published.version, at


async def to_restore(tx: Tx, speaker: Speaker, key: str, version: int) -> bytes:
    """The file of the version that shall decide again. Raises ``Forbidden``, ``NotFound``."""
    makes_policy(speaker)
    return (await definitions.table_version(tx, key, version)).xml


async def roll_back(tx: Tx, speaker: Speaker, key: str, form: RollbackForm, found: Review) -> tuple[int, datetime]:
    """The file of an earlier version is published once more and decides at once; what was scheduled
    is withdrawn. One person is enough: two have looked at that file before.

    Raises ``Forbidden``, ``NotFound``; ``Conflict`` for what never decided, or does;
    ``TableRefused``.
    """
    makes_policy(speaker)
    await definitions.hold_table(tx, key)
    at = speaker.now()  # once nobody else publishes: what took effect while this waited has to count as in force
    earlier = await definitions.table_version(tx, key, form.to)
    if earlier.effective_from > at or earlier.withdrawn_at is not None:
        raise Conflict("version_never_effective", version=form.to)
    if (await definitions.effective_table(tx, key, at)).sha256 == earlier.sha256:
        raise Conflict("version_in_force", version=form.to)
    if found.problems or found.contract:  # an update of Baton may ask more of a table than this file gives
        raise TableRefused("table_refused", found)
    await definitions.withdraw_scheduled(tx, key, at, form.reason)
    back = await definitions.publish_table(
        tx, key, earlier.name, earlier.xml, at, str(tx.actor), form.reason, restores=form.to
    )
    return back.version, at


async def withdraw(tx: Tx, speaker: Speaker, key: str, version: int, reason: str) -> datetime:
    """A scheduled version never comes into force; when that was said. Raises ``Forbidden``,
    ``NotFound``, ``Conflict``."""
    makes_policy(speaker)
    await definitions.hold_table(tx, key)
    at = speaker.now()
    await definitions.withdraw(tx, key, version, at, reason)
    return at


def _from(form: PublicationForm, at: datetime) -> datetime:
    if form.effective_from is not None and form.effective_from < at:
        raise Invalid("invalid_input", problems=(in_past("effective_from", at),))
    return form.effective_from or at


async def _not_outdated(tx: Tx, draft: Draft, replaces: int | None, sha256: str) -> None:
    """Raises ``Conflict`` when another version was published that the draft's editors have not
    seen."""
    newest = await definitions.newest_table(tx, draft.key)
    if newest is None:
        return
    if newest.sha256 == sha256:
        raise Conflict("draft_unchanged", version=newest.version)
    if newest.version > (draft.based_on or 0) and newest.version != replaces:
        raise Conflict("draft_outdated", version=newest.version, based_on=draft.based_on or "—")


async def _last(tx: Tx, key: str, effective_from: datetime) -> None:
    """Raises ``Conflict`` when a version that was published before would take over from the new one
    later."""
    for line in await definitions.table_lines(tx, key):
        if line.withdrawn_at is None and line.effective_from > effective_from:
            raise Conflict("version_scheduled", version=line.version)
