"""Any bytes give problems by name or a diagram that runs: never a traceback, never a wait without
end.

These tests break the same diagrams in the same ways every time. ``make mutate`` (or
BATON_MUTATE=200000) breaks so many in new ways and says the seed; BATON_SEED=… breaks them again.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections import Counter
from random import Random

import pytest

from tests.workflows.bpmn.mutation.breaking import OF_BYTES, OF_TREES, broken
from tests.workflows.bpmn.mutation.corpus import BESIDE, SHARED, diagrams
from tests.workflows.bpmn.mutation.trial import tried

EACH_TIME = 2_000
CAMPAIGN = int(os.environ.get("BATON_MUTATE", "0"))
WAYS = f"{len(OF_TREES)} ways to break a tree, {len(OF_BYTES)} to break bytes"


def mutate(seed: str, count: int) -> Counter[bool]:
    """Breaks so many diagrams; how many of them are accepted nevertheless."""
    names = sorted(diagrams())
    verdicts: Counter[bool] = Counter()
    for number in range(count):
        dice = Random(f"{seed}/{number}")
        name = dice.choice(names)
        xml = broken(diagrams()[name], dice)
        try:
            verdicts[tried(xml, dice)] += 1
        except Exception as problem:
            problem.add_note(f"BATON_SEED={seed}, mutation {number} of {name}:\n{xml.decode('utf-8', 'replace')}")
            raise
    return verdicts


def test_the_diagrams_themselves_are_refused_by_name_or_run() -> None:
    for name, xml in diagrams().items():
        accepted = tried(xml, Random(name))
        assert accepted or not name.startswith("specimen"), name


def test_broken_diagrams_are_refused_by_name_or_run() -> None:
    verdicts = mutate("0", EACH_TIME)
    assert verdicts[True] > EACH_TIME / 20, "too few come through for this to say anything about running them"
    assert verdicts[False] > EACH_TIME / 20


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the diagrams beside the project are not at {SHARED}")
@pytest.mark.parametrize("folder", BESIDE)
def test_the_diagrams_beside_the_project_are_broken_too(folder: str) -> None:
    assert any(name.startswith(folder) for name in diagrams())


@pytest.mark.skipif(not CAMPAIGN, reason="a campaign is asked for by BATON_MUTATE")
@pytest.mark.timeout(0)
def test_campaign() -> None:
    seed = os.environ.get("BATON_SEED") or str(secrets.randbits(32))
    sys.stdout.write(f"BATON_SEED={seed}: {CAMPAIGN} mutations, {WAYS}\n")
    verdicts = mutate(seed, CAMPAIGN)
    sys.stdout.write(f"{verdicts[True]} accepted, {verdicts[False]} refused\n")
