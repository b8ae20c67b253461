"""A table is changed by plain functions over a transaction and a speaker: no request, no app, the
same laws as at the API."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

import rules
from cases.actors import EVERYTHING, SYSTEM
from cases.errors import BatonError, Conflict, Forbidden, Invalid
from domain.backtests import statements as trying
from domain.policy import forms
from domain.policy.laws import files
from domain.policy.laws.refusing import TableRefused
from domain.policy.laws.versions import VersionState, states
from domain.policy.review import review
from domain.policy.sheet import name_of
from domain.policy.statements import drafting, publishing, shadows
from domain.speaker import Speaker
from domain.versions import Changed, Versions
from server.settings import CHECKOUT
from store.network import people
from store.session import Database, Tx
from store.tables import definitions
from store.tables.drafts import Draft
from tests.timetravel import MORNING, TestClock

CLOCK = TestClock(MORNING)
ANNE, BEN, MANAGER = "HQ-01", "HQ-02", "BJ01-M1"
KEY = "price-tier"
XML = next(path for path in rules.shipped() if path.stem == KEY).read_bytes()
CELLS = forms.CellsForm.model_validate(
    {
        "cells": [{"row": "tier-middle", "column": "incentive", "text": "600"}],
        "examples": [
            {"example": name, "name": "incentive", "text": "600"}
            for name in ("middle from 200,000", "middle below 300,000")
        ],
    }
)
RUN = forms.ShadowForm


@asynccontextmanager
async def saying(database: Database, code: str) -> AsyncIterator[tuple[Tx, Speaker]]:
    """A transaction in somebody's name."""
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        person = await people.person(tx, code)
    assert person is not None
    async with database.transaction(person.actor, person.scope) as tx:
        yield tx, Speaker(person, CLOCK, "en")


async def drafted(database: Database, xml: bytes | None = None) -> Draft:
    """Anne's draft of the shipped table, with 600 instead of 500 for the middle unless ``xml`` is
    given."""
    async with saying(database, ANNE) as (tx, anne):
        source = await files.to_begin_with(tx, anne, KEY, 1)
        draft = await drafting.begin(tx, anne, KEY, name_of(source, KEY), source, 1, "more for the middle")
        changed = xml or await drafting.with_cells(anne, KEY, source, CELLS)
        return await drafting.save(tx, anne, KEY, draft.id, draft.name, changed, seen=1, note="600")


async def test_two_people_publish_a_draft_and_one_goes_back(deployed: Database) -> None:
    draft = await drafted(deployed)
    form = forms.PublicationForm.model_validate({"revision": 2, "comment": "agreed"})

    async with saying(deployed, ANNE) as (tx, anne):
        seen = await files.seen(tx, anne, KEY, draft.id, 2, None)
        with pytest.raises(Forbidden, match="same_person"):
            await publishing.publish(tx, anne, seen, review(seen.file.xml, KEY), form)
    async with saying(deployed, BEN) as (tx, ben):
        assert await publishing.publish(tx, ben, seen, review(seen.file.xml, KEY), form) == (2, MORNING)
        doing = states(await definitions.table_lines(tx, KEY), MORNING)
        assert doing == {1: VersionState.PAST, 2: VersionState.IN_FORCE}
        with pytest.raises(Conflict, match="draft_closed"):
            await publishing.publish(tx, ben, seen, review(seen.file.xml, KEY), form)

    back = forms.RollbackForm.model_validate({"to": 1, "reason": "too dear"})
    async with saying(deployed, ANNE) as (tx, anne):
        earlier = await publishing.to_restore(tx, anne, KEY, 1)
        assert (await publishing.roll_back(tx, anne, KEY, back, review(earlier, KEY)))[0] == 3
        with pytest.raises(Conflict, match="version_in_force"):
            await publishing.roll_back(tx, anne, KEY, back, review(earlier, KEY))


async def test_a_scheduled_version_is_withdrawn_before_its_time(deployed: Database) -> None:
    draft = await drafted(deployed)
    later = {"revision": 2, "comment": "from Friday", "effective_from": (MORNING + timedelta(days=2)).isoformat()}
    early = later | {"effective_from": (MORNING - timedelta(days=2)).isoformat()}

    async with saying(deployed, BEN) as (tx, ben):
        seen = await files.seen(tx, ben, KEY, draft.id, 2, None)
        found = review(seen.file.xml, KEY)
        with pytest.raises(Invalid) as past:
            await publishing.publish(tx, ben, seen, found, forms.PublicationForm.model_validate(early))
        await publishing.publish(tx, ben, seen, found, forms.PublicationForm.model_validate(later))
        assert states(await definitions.table_lines(tx, KEY), MORNING)[2] is VersionState.SCHEDULED
        await publishing.withdraw(tx, ben, KEY, 2, "not yet")
        assert states(await definitions.table_lines(tx, KEY), MORNING)[2] is VersionState.WITHDRAWN
    assert [problem.field for problem in past.value.problems] == ["effective_from"]


async def test_a_file_with_an_error_neither_decides_nor_runs_beside(deployed: Database) -> None:
    draft = await drafted(deployed, XML.replace(b"&gt;= 300000", b"&gt;= dear"))
    publication = forms.PublicationForm.model_validate({"revision": 2, "comment": "agreed"})
    form = RUN.model_validate({"draft": draft.id, "reason": "to see"})

    async with saying(deployed, BEN) as (tx, ben):
        seen = await files.seen(tx, ben, KEY, draft.id, 2, None)
        found = review(seen.file.xml, KEY)
        with pytest.raises(TableRefused, match="table_refused") as refused:
            await publishing.publish(tx, ben, seen, found, publication)
        with pytest.raises(TableRefused, match="shadow_refused"):
            await shadows.start(tx, ben, KEY, form, await shadows.to_run(tx, ben, KEY, form), found)
    assert refused.value.found.errors


async def test_nobody_writes_over_what_somebody_else_saved(deployed: Database) -> None:
    draft = await drafted(deployed)
    first = Versions(False, ((False, "1"),))

    async with saying(deployed, BEN) as (tx, ben):
        with pytest.raises(Changed) as meanwhile:
            await drafting.save(tx, ben, KEY, draft.id, "x", XML, seen=1, note="", expected=first)
        with pytest.raises(Conflict, match="draft_changed"):
            await drafting.save(tx, ben, KEY, draft.id, "x", XML, seen=1, note="")
        with pytest.raises(Invalid, match="nothing_to_change"):
            await drafting.with_cells(ben, KEY, XML, forms.CellsForm())
        with pytest.raises(Invalid) as unsaid:
            await files.seen(tx, ben, KEY, draft.id, None, None)
    changes = {(one.field, one.before, one.now) for one in meanwhile.value.more["changes"]}
    assert ("rows/tier-middle/incentive", "500", "600") in changes
    assert [problem.field for problem in unsaid.value.problems] == ["revision"]


async def test_a_cell_is_commented_and_a_draft_given_up(deployed: Database) -> None:
    draft = await drafted(deployed)
    remark = forms.CommentForm(revision=2, text="Can we pay that?", row="tier-middle", column="incentive")

    async with saying(deployed, BEN) as (tx, ben):
        said = await drafting.comment(tx, ben, KEY, draft.id, remark)
        with pytest.raises(Invalid):
            await drafting.comment(tx, ben, KEY, draft.id, remark.model_copy(update={"row": "nowhere"}))
        closed = await drafting.discard(tx, ben, KEY, draft.id, "too dear")
    assert (said.row, said.text, closed.state) == ("tier-middle", "Can we pay that?", "discarded")


async def test_a_draft_runs_beside_its_table_and_is_tried_on_the_past(deployed: Database) -> None:
    draft = await drafted(deployed)
    form = RUN.model_validate({"draft": draft.id, "reason": "to see"})
    period = {"since": (MORNING - timedelta(days=2)).isoformat(), "until": MORNING.isoformat()}
    trial = forms.BacktestForm.model_validate({"draft": draft.id} | period)

    async with saying(deployed, ANNE) as (tx, anne):
        file = await shadows.to_run(tx, anne, KEY, form)
        started, _ = await shadows.start(tx, anne, KEY, form, file, review(file.xml, KEY))
        stopped, at = await shadows.stop(tx, anne, started.id, "seen enough")
        tried = await trying.to_try(tx, anne, KEY, trial)
        inputs = await trying.inputs_of(anne, KEY, tried)
        with pytest.raises(Invalid) as nothing:
            await trying.ask(tx, anne, KEY, trial, tried, inputs)
        with pytest.raises(Invalid) as neither:
            await trying.to_try(tx, anne, KEY, trial.model_copy(update={"draft": None}))
    assert (stopped.stopped_at, at, tried.draft, inputs) == (MORNING, MORNING, (draft.id, 2), ("price",))
    assert [(one.field, one.code) for one in nothing.value.problems] == [("since", "nothing_decided")]
    assert [(one.field, one.code) for one in neither.value.problems] == [("draft", "one_of")]


async def test_only_head_office_changes_tables(deployed: Database) -> None:
    draft = await drafted(deployed)
    form = RUN.model_validate({"draft": draft.id, "reason": "to see"})
    back = forms.RollbackForm.model_validate({"to": 1, "reason": "…"})
    remark = forms.CommentForm(revision=2, text="?")

    async with saying(deployed, MANAGER) as (tx, manager):
        for stated in (
            files.to_begin_with(tx, manager, KEY, 1),
            files.seen(tx, manager, KEY, draft.id, 2, None),
            drafting.begin(tx, manager, KEY, "x", XML, 1, "…"),
            drafting.save(tx, manager, KEY, draft.id, "x", XML, seen=2, note=""),
            drafting.comment(tx, manager, KEY, draft.id, remark),
            drafting.discard(tx, manager, KEY, draft.id, "…"),
            publishing.roll_back(tx, manager, KEY, back, review(XML, KEY)),
            publishing.withdraw(tx, manager, KEY, 1, "…"),
            shadows.to_run(tx, manager, KEY, form),
        ):
            with pytest.raises(Forbidden, match="role_not_allowed"):
                await stated
        with pytest.raises(BatonError, match="actor_required"):
            await files.to_begin_with(tx, replace(manager, person=None), KEY, 1)


def test_statements_drag_in_no_http() -> None:
    modules = "domain.policy.statements.publishing, domain.policy.statements.shadows, domain.backtests.statements"
    program = f"import sys, {modules}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert set(done.stdout.split()) & {"api", "activities", "fastapi", "starlette", "uvicorn", "temporalio"} == set()
