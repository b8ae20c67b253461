"""A table is tried on the decisions of a period, or that is cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.errors import FieldProblem, Invalid
from domain.policy.between import drafted_inputs
from domain.policy.forms import BacktestForm
from domain.policy.laws.files import drafted
from domain.policy.laws.who import makes_policy, recorded
from domain.speaker import Speaker
from store.session import Tx
from store.tables import backtests, definitions, past, table_events
from store.tables.backtests import Backtest


@dataclass(frozen=True, slots=True)
class Tried:
    """The file that is tried, and of which draft and save it is, if it is one's."""

    xml: bytes
    sha256: str
    draft: tuple[UUID, int] | None


async def to_try(tx: Tx, speaker: Speaker, key: str, form: BacktestForm) -> Tried:
    """The file that is named. Raises ``Forbidden``, ``NotFound``, and ``Invalid`` for none, for
    two, and for a table whose decisions are not kept."""
    makes_policy(speaker)
    recorded(key)
    if (form.draft is None) == (form.version is None):
        problem = FieldProblem("draft", "one_of", {"expected": "draft, version"})
        raise Invalid("invalid_input", problems=(problem,))
    if form.draft is not None:
        _, file = await drafted(tx, key, form.draft, form.revision)
        return Tried(file.xml, file.sha256, (form.draft, file.number))
    published = await definitions.table_version(tx, key, form.version or 0)
    return Tried(published.xml, published.sha256, None)


async def inputs_of(speaker: Speaker, key: str, tried: Tried) -> tuple[str, ...]:
    """What a file asks for. Raises ``Invalid`` if it cannot be read."""
    return await speaker.aside(drafted_inputs, key, tried.xml)


async def ask(
    tx: Tx, speaker: Speaker, key: str, form: BacktestForm, tried: Tried, inputs: tuple[str, ...]
) -> Backtest:
    """Workers make every stored decision of the period again by the file.

    Raises ``Forbidden``, and ``Invalid`` for a period that lies in the future or backwards, has no
    decisions, or did not keep what the file asks for.
    """
    makes_policy(speaker)
    at = speaker.now()
    await _check_period(tx, key, form, at, inputs)
    made = await backtests.create(
        tx, key, tried.xml, tried.sha256, form.since, form.until, at, draft=tried.draft, version=form.version
    )
    said = {"draft_id": form.draft, "version": form.version, "backtest": str(made.id), "revision": made.revision}
    await table_events.record(tx, key, "backtest_asked" if tried.draft else "version_backtest_asked", at, **said)
    return made


async def cancel(tx: Tx, speaker: Speaker, backtest_id: UUID) -> Backtest:
    """No further part is begun; what it has found so far stays. Raises ``Forbidden``, ``NotFound``,
    ``Conflict``."""
    makes_policy(speaker)
    ended = await backtests.cancel(tx, backtest_id)
    await table_events.record(
        tx, ended.key, "backtest_cancelled", speaker.now(), draft_id=ended.draft_id, backtest=str(ended.id)
    )
    return ended


async def _check_period(tx: Tx, key: str, form: BacktestForm, at: datetime, inputs: tuple[str, ...]) -> None:
    if form.until <= form.since:
        raise Invalid("invalid_input", problems=(FieldProblem("until", "period_backwards"),))
    if form.until > at:
        raise Invalid("invalid_input", problems=(FieldProblem("until", "in_future"),))
    stored = await past.stored_inputs(tx, key, form.since, form.until)
    if stored is None:
        raise Invalid("invalid_input", problems=(FieldProblem("since", "nothing_decided"),))
    if missing := [name for name in inputs if name not in stored]:
        problem = FieldProblem(
            "draft" if form.draft else "version", "inputs_not_stored", {"inputs": ", ".join(missing)}
        )
        raise Invalid("invalid_input", problems=(problem,))
