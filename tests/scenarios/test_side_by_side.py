"""Two errands of one case, side by side: each with a deadline of its own, one of them waits for an
agreed day (A10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.kinds import task_kinds
from server import versions
from store.session import Database
from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.test_deployed import deploy
from tests.scenarios.world import World, living_world

ERRANDS = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:baton="urn:baton:bpmn:1"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:baton:processes">
  <bpmn:message id="m1" name="reactivated"/><bpmn:message id="m2" name="win_questioned"/>
  <bpmn:process id="lead" name="errands" isExecutable="true">
    <bpmn:startEvent id="new"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:startEvent id="again"><bpmn:outgoing>c</bpmn:outgoing>
      <bpmn:messageEventDefinition messageRef="m1"/></bpmn:startEvent>
    <bpmn:startEvent id="questioned"><bpmn:outgoing>d1</bpmn:outgoing>
      <bpmn:messageEventDefinition messageRef="m2"/></bpmn:startEvent>
    <bpmn:exclusiveGateway id="go"><bpmn:incoming>a</bpmn:incoming><bpmn:incoming>c</bpmn:incoming>
      <bpmn:incoming>d1</bpmn:incoming><bpmn:outgoing>e</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:callActivity id="errands" name="errands" calledElement="chase">
      <bpmn:extensionElements>
        <baton:input name="kind">recall</baton:input>
        <baton:input name="role">call_centre</baton:input>
        <baton:input name="about">=errand.name</baton:input>
        <baton:input name="hours">=errand.hours</baton:input>
      </bpmn:extensionElements>
      <bpmn:incoming>e</bpmn:incoming>
      <bpmn:outgoing>b</bpmn:outgoing>
      <bpmn:multiInstanceLoopCharacteristics baton:item="errand"
          baton:collection="=[{name: &quot;x&quot;, hours: 100}, {name: &quot;y&quot;, hours: 200}]"/>
    </bpmn:callActivity>
    <bpmn:endEvent id="end"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="new" targetRef="go"/>
    <bpmn:sequenceFlow id="c" sourceRef="again" targetRef="go"/>
    <bpmn:sequenceFlow id="d1" sourceRef="questioned" targetRef="go"/>
    <bpmn:sequenceFlow id="e" sourceRef="go" targetRef="errands"/>
    <bpmn:sequenceFlow id="b" sourceRef="errands" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>
"""
ERRANDS_OF = """
    SELECT t.id, c.about, t.due_at FROM tasks t JOIN sla_clocks c ON c.id = t.clock_id
    WHERE t.case_id = :lead ORDER BY c.about
"""
RUNGS = "SELECT about, rung FROM sla_clocks WHERE case_id = :lead"


@pytest.fixture
async def world(
    deployed: Database, temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """One in which a recall may wait, and whose worker takes up what is deployed."""
    may_wait = {name: replace(kind, may_wait=True) for name, kind in task_kinds().items()}
    monkeypatch.setattr("domain.holding.task_kinds", lambda: may_wait)
    async with living_world(deployed, temporal, task_timeout=timedelta(seconds=1)) as world:
        looking = asyncio.create_task(versions.Versions(world.db, world.clock).run())
        yield world
        looking.cancel()


async def dues(lead: Story) -> dict[str, timedelta]:
    """When each errand is due, by what it is about."""
    return {row["about"]: row["due_at"] - lead.born for row in await lead.rows(ERRANDS_OF)}


async def test_one_of_two_errands_waits_and_goes_on_at_the_agreed_instant(world: World) -> None:
    # given a case with two errands side by side
    await deploy(world, ERRANDS)
    lead = await world.new_lead()
    assert await dues(lead) == {"x": 100 * HOUR, "y": 200 * HOUR}
    task = (await lead.rows(ERRANDS_OF))[0]

    # when the first waits for twenty days
    until = {"until": (lead.born + 20 * DAY).isoformat(), "reason": "parts"}
    held = await world.state("POST", f"/tasks/{task['id']}/hold", until, by="CC-01")
    assert held.status_code == 200, held.text
    await lead.rest()

    # then only the second is told of until then, and the first goes on by itself with all its hours
    await lead.until(10 * DAY)
    rungs = {row["about"]: row["rung"] for row in await lead.rows(RUNGS)}
    assert rungs["x"] == 0 < rungs["y"]
    assert await dues(lead) == {"x": 100 * HOUR, "y": 200 * HOUR}
    await lead.until(20 * DAY)
    assert await lead.when("held", "hold_over") == [("held", timedelta(0)), ("hold_over", 20 * DAY)]
    assert await dues(lead) == {"x": 20 * DAY + 100 * HOUR, "y": 200 * HOUR}
