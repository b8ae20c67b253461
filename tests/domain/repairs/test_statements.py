"""Running cases are repaired by plain functions over a transaction and a speaker: no request, no
app, the same laws as at the API."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, cast
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from domain.repairs import forms
from domain.repairs.reads.preview import preview
from domain.repairs.statements import batches, mending
from domain.versions import Changed, Versions
from server.settings import CHECKOUT
from store.session import Database
from tests.api.lives import deploy
from tests.domain.lives import PROCESS, Store, life_in, speaker
from tests.timetravel import MORNING

CORRECTION = forms.CorrectBody(reason="录入错误", variables={"n": 2})


async def test_variables_are_corrected_and_a_token_moves(deployed: Database) -> None:
    life = await life_in(deployed)
    move = forms.MoveBody(reason="已经谈过", element="b")
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        desk = await speaker(tx, "HQ-01")

        corrected = await mending.correct(tx, desk, life.lead, CORRECTION)
        moved = await mending.move(tx, desk, life.lead, life.execution("a"), move)

        assert (corrected.life, corrected.at, moved.message) == (1, MORNING, corrected.message + 1)
        with pytest.raises(Invalid) as nowhere:
            away = forms.MoveBody(reason="…", element="elsewhere")
            await mending.move(tx, desk, life.lead, life.execution("a"), away)
        with pytest.raises(Conflict, match="execution_gone"):
            await mending.move(tx, desk, life.lead, "99", move)
        with pytest.raises(Changed):
            await mending.correct(tx, desk, life.lead, CORRECTION, Versions(False, ((False, "0"),)))
    assert [(one.field, one.code) for one in nowhere.value.problems] == [("element", "no_such_element")]


async def test_an_incident_is_mended_once(deployed: Database) -> None:
    life = await life_in(deployed)
    incident = await life.fail("a")
    body = forms.RetryBody(reason="价格缺失", variables={"n": 2})
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        desk = await speaker(tx, "HQ-01")

        done = await mending.retry_incident(tx, desk, incident, body)

        assert done == (life.lead, MORNING)
        with pytest.raises(Conflict, match="incident_resolved"):
            await mending.move_incident(tx, desk, incident, forms.MoveBody(reason="…", element="b"))
        with pytest.raises(NotFound):
            await mending.retry_incident(tx, desk, UUID(int=7), body)


async def test_many_are_retried_or_migrated_at_once(deployed: Database) -> None:
    life = await life_in(deployed)
    incident = await life.fail("a")
    await deploy(cast(Any, Store(deployed)), PROCESS.replace("b:", "c:"))
    versions = {"process": "p", "from_version": 1, "to_version": 2}
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        hq = await speaker(tx, "HQ-01")

        retried = await batches.retry(tx, hq, forms.BulkRetryBody(reason="决策表已修正", ids=[incident]))
        found = await preview(tx, hq, forms.PreviewBody.model_validate(versions))
        started = await batches.migrate(tx, hq, forms.StartBody.model_validate(versions | {"reason": "新流程"}))

        assert (retried.total, found.tried, found.fits, found.counts, started.total) == (1, 1, 1, (), 1)
        with pytest.raises(Invalid) as unknown:
            await batches.retry(tx, hq, forms.BulkRetryBody(reason="…", ids=[UUID(int=7)]))
        with pytest.raises(Invalid) as neither:
            await batches.retry(tx, hq, forms.BulkRetryBody(reason="…"))
        with pytest.raises(Invalid) as strange:
            plan = versions | {"plan": {"p": {"b": "nowhere"}}, "reason": "…"}
            await batches.migrate(tx, hq, forms.StartBody.model_validate(plan))
        with pytest.raises(Invalid) as same:
            await preview(tx, hq, forms.PreviewBody.model_validate(versions | {"to_version": 1}))
    said = [[(one.field, one.code) for one in no.value.problems] for no in (unknown, neither, strange, same)]
    assert said == [
        [("ids/0", "unknown_incident")],
        [("filter", "one_of")],
        [("plan/p/b", "no_such_element")],
        [("to_version", "same_version")],
    ]


async def test_who_repairs(deployed: Database) -> None:
    life = await life_in(deployed)
    versions = {"process": "p", "from_version": 1, "to_version": 2, "reason": "…"}
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        owner, agent = await speaker(tx, "BJ01-C1"), await speaker(tx, "CC-01")
        for stated in (
            mending.correct(tx, owner, life.lead, CORRECTION),
            mending.retry_incident(tx, owner, UUID(int=7), None),
            batches.retry(tx, owner, forms.BulkRetryBody(reason="…")),
            batches.migrate(tx, agent, forms.StartBody.model_validate(versions)),
        ):
            with pytest.raises(Forbidden):
                await stated


def test_repairs_drag_in_no_http() -> None:
    modules = "domain.repairs.statements.mending, domain.repairs.statements.batches, domain.repairs.reads.preview"
    program = f"import sys, {modules}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert set(done.stdout.split()) & {"api", "activities", "fastapi", "starlette", "uvicorn", "temporalio"} == set()
