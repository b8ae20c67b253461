"""What became of a running lead that was to go on in another version of its process."""

from __future__ import annotations

from uuid import UUID

from domain.work import Result, Work
from store.engine import batches
from store.engine.batches import Result as Outcome


async def record_migration(work: Work) -> Result:
    """The process answers a ``migrated`` message: it goes on in the new version, or stays, and says
    why.

    Data: ``batch`` (id) and ``reasons`` (a list of ``workflows.bpmn.migration.Reason`` as JSON;
    none: it is done).
    """
    reasons = list(work.data.get("reasons") or ())
    outcome = Outcome.REFUSED if reasons else Outcome.DONE
    batch = await batches.find(work.tx, UUID(str(work.data["batch"])), batches.BatchKind.MIGRATION)
    await batches.answer(work.tx, batch.id, work.case.id, outcome, reasons)
    versions = {"process": batch.orders["process"], "version": batch.orders["to_version"]}
    work.note("migration_refused" if reasons else "migrated", batch=batch.id, **versions)
    return {}
