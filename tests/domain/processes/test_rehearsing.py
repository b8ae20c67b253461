"""What is played in a rehearsal is read by plain functions: no request, the same laws as at the
API."""

from __future__ import annotations

from typing import Any

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Forbidden, Invalid, NotFound
from domain.processes import rehearsing
from domain.processes.deploying import ProcessRefused
from domain.processes.rehearsing import RehearsalForm
from store.session import Database
from tests.domain.lives import speaker
from tests.workflows.bpmn.diagrams import bpmn

GOOD = bpmn("start -> end").decode()


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({}, "", "one_of"),
        ({"xml": GOOD, "version": 1}, "version", "one_of"),
        ({"xml": GOOD, "key": "other"}, "key", "not_in_list"),
    ],
)
async def test_a_form_that_says_too_much_or_too_little_is_refused(
    network: Database, said: dict[str, Any], field: str, code: str
) -> None:
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        hq, form = await speaker(tx, "HQ-01"), RehearsalForm.model_validate(said)
        with pytest.raises(Invalid) as refused:
            await rehearsing.to_play(tx, hq, form, await rehearsing.read(hq, form))
    assert [(one.field, one.code) for one in refused.value.problems] == [(field, code)]


async def test_a_draft_brings_its_own_files_and_the_deployed_are_read(network: Database) -> None:
    draft, deployed = RehearsalForm(xml=GOOD), RehearsalForm(key="p")
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        hq = await speaker(tx, "HQ-01")
        file = await rehearsing.read(hq, draft)

        played = await rehearsing.to_play(tx, hq, draft, file)

        assert (played.key, played.files) == ("p", {}) and played.known is not None
        with pytest.raises(NotFound):
            await rehearsing.to_play(tx, hq, deployed, await rehearsing.read(hq, deployed))


async def test_who_rehearses_and_with_what(network: Database) -> None:
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        with pytest.raises(Forbidden, match="role_not_allowed"):
            await rehearsing.read(await speaker(tx, "BJ01-M1"), RehearsalForm(xml=GOOD))
        with pytest.raises(ProcessRefused):
            await rehearsing.read(await speaker(tx, "HQ-01"), RehearsalForm(xml="<definitions"))
