"""The host: commands become timers, activities and tasks; facts come in order and once; races have
one winner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from cases.contracts import TOO_MUCH
from cases.states import MessageKind
from tests.workflows.hosting import WAYS, Life, living, refuses, throws
from workflows.case import CaseWorkflow, FormerCaseWorkflow

HOUR = timedelta(hours=1)
Way = type[CaseWorkflow]


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def way(request: pytest.FixtureRequest) -> Way:
    """One activity a wake-up, or one a step."""
    return request.param  # type: ignore[no-any-return]


async def test_steps_run_and_the_lead_comes_to_rest_at_its_task(temporal: WorkflowEnvironment, way: Way) -> None:
    async with living(
        temporal,
        """
        start -> a:service(work) -> t:user -> b:service(work) -> end
        """,
        way=way,
    ) as life:
        assert await life.rest() == ["t"]
        assert life.store.place == ["t"]

        await life.done("t", outcome="continue")

        assert await life.handle.result() == "end"
        assert life.store.steps == ["a", "b"]
        assert life.store.ended


async def test_a_timer_takes_effect_at_its_exact_instant(temporal: WorkflowEnvironment, way: Way) -> None:
    async with living(
        temporal,
        """
        start -> t:user -> end
        t+late:timer PT24H -> remind:service(work) -> end2
        """,
        way=way,
    ) as life:
        await life.rest()
        await life.pass_time(25 * HOUR)

        assert await life.rest() == ["t"]
        assert life.store.instants == [life.born + 24 * HOUR]

        await life.done("t")
        assert await life.handle.result() in ("end", "end2")


@pytest.mark.parametrize(
    ("way", "leaves_timers", "cancelled"),
    [(CaseWorkflow, True, 0), (CaseWorkflow, False, 1), (FormerCaseWorkflow, False, 1)],
    ids=["now", "told before there was this", "former"],
)
async def test_an_ended_life_leaves_its_timers(
    temporal: WorkflowEnvironment, way: Way, leaves_timers: bool, cancelled: int
) -> None:
    """A timer that is cancelled while the life goes on is an event, one that ends with it is none;
    either way the history replays, as each does here."""
    async with living(
        temporal,
        """
        start -> t:user -> u:user -> end
        t+late:timer PT24H -> end2
        u+later:timer PT48H -> end3
        """,
        way=way,
    ) as life:
        life.store.leaves_timers = leaves_timers
        await life.rest()
        await life.done("t")
        await life.rest()
        await life.done("u")

        assert await life.handle.result() == "end"
        kinds = [event.event_type for event in (await life.handle.fetch_history()).events]
        assert kinds.count(EventType.EVENT_TYPE_TIMER_STARTED) == 2
        assert kinds.count(EventType.EVENT_TYPE_TIMER_CANCELED) == 1 + cancelled


async def test_messages_in_any_order_and_number_have_the_effect_of_each_once(
    temporal: WorkflowEnvironment, way: Way
) -> None:
    async with living(
        temporal,
        """
        start -> t:user -> end
        h:on {
            go:start+(message reassigned) -> note:service(work) -> end2
        }
        """,
        way=way,
        answers={"note": lambda step: {"last": step.key}},
    ) as life:
        await life.rest()
        one, two, three = (life.message(MessageKind.REASSIGNED) for _ in range(3))
        task = life.message(MessageKind.TASK_COMPLETED, task_id=life.store.open_task("t"))

        await life.tell(task, three, three, two, two, one, one, task, three)

        assert await life.handle.result() in ("end", "end2")
        assert life.store.steps == ["note"] * 3


async def test_continue_as_new_keeps_task_timer_called_process_and_held_messages(
    temporal: WorkflowEnvironment, way: Way
) -> None:
    async with living(
        temporal,
        """
        start -> c:call(other) -> end
        h:on {
            go:start+(message customer_updated) -> note:service(work) -> end2
        }
        === other
        start3 -> t:user -> end3
        t+late:timer PT24H -> remind:service(work) -> end4
        """,
        way=way,
        wakes=2,
    ) as life:
        await life.rest()
        await life.pass_time(HOUR)
        early = life.message(MessageKind.CUSTOMER_UPDATED)
        held = life.message(MessageKind.CUSTOMER_UPDATED)
        await life.tell(held)
        first_run = (await life.handle.describe()).run_id
        await life.tell(early)
        assert await life.rest() == ["t"]
        await life.pass_time(24 * HOUR)
        assert await life.rest() == ["t"]

        await life.done("t")

        assert await life.handle.result() == "end"
        assert life.store.steps == ["note", "note", "remind"]
        assert life.store.instants[-1] == life.born + 24 * HOUR
        assert (await life.handle.describe()).run_id != first_run


async def test_a_failed_activity_is_an_incident_and_can_be_retried(temporal: WorkflowEnvironment, way: Way) -> None:
    async with living(
        temporal,
        """
        start -> a:service(work) -> end
        """,
        way=way,
        answers={"a": refuses("ValueError")},
    ) as life:
        await life.rest()
        ((key, element, kind),) = life.store.incidents
        assert (element, kind) == ("a", "activity_failed")

        life.store.answers.clear()
        await life.tell(life.message(MessageKind.INCIDENT_RETRIED, key=key))

        assert await life.handle.result() == "end"


async def test_a_step_that_is_cancelled_before_its_turn_is_not_done(temporal: WorkflowEnvironment, way: Way) -> None:
    async with living(
        temporal,
        """
        start -> both:and -> a:service(work) -> stop:end(terminate)
        both -> b:service(work) -> end
        """,
        way=way,
    ) as life:
        assert await life.handle.result() == "stop"
        assert life.store.steps == ["a"]


async def test_a_bpmn_error_of_an_activity_takes_its_boundary(temporal: WorkflowEnvironment, way: Way) -> None:
    async with living(
        temporal,
        """
        start -> a:service(work) -> end
        a!sold_out:error gone -> b:service(work) -> end2
        """,
        way=way,
        answers={"a": throws("gone")},
    ) as life:
        assert await life.handle.result() == "end2"
        assert life.store.steps == ["b"]


async def test_a_deadline_that_lost_against_a_person_is_not_taken(temporal: WorkflowEnvironment, way: Way) -> None:
    async with living(
        temporal,
        """
        start -> t:user -> done:service(work) -> end
        t!late:timer PT24H -> expired:service(work) -> end2
        """,
        way=way,
    ) as life:
        await life.rest()
        task = life.store.open_task("t")
        life.store.taken.add(task)  # the completion is committed, its message still on the way
        await life.pass_time(25 * HOUR)
        assert await life.rest() == ["t"]

        await life.tell(life.message(MessageKind.TASK_COMPLETED, task_id=task))

        assert await life.handle.result() == "end"
        assert life.store.steps == ["done"]
        assert [number for _, number in life.store.told] == ([1, 2] if way.AHEAD else []), "what was refused has none"


async def test_a_deadline_that_wins_withdraws_the_task_first(temporal: WorkflowEnvironment, way: Way) -> None:
    async with living(
        temporal,
        """
        start -> t:user -> end
        t!late:timer PT24H -> expired:service(work) -> end2
        """,
        way=way,
    ) as life:
        await life.rest()
        task = life.store.open_task("t")
        await life.pass_time(25 * HOUR)

        assert await life.handle.result() == "end2"
        assert life.store.tasks[task] == "withdrawn"


async def test_a_customer_who_comes_back_while_the_life_ends_starts_the_next_one(
    temporal: WorkflowEnvironment, way: Way
) -> None:
    async with living(temporal, RETURNING, way=way) as life:
        await life.rest()
        end = life.message(MessageKind.TASK_COMPLETED, task_id=life.store.open_task("t"))
        back = life.message(MessageKind.REACTIVATED)

        await life.tell(back, end)

        handle = temporal.client.get_workflow_handle(life.handle.id)
        await at(handle, life, "u")
        assert life.store.steps == ["back"]
        await handle.terminate("test is over")


async def test_the_next_life_goes_on_with_the_messages_where_the_ending_one_stopped(
    temporal: WorkflowEnvironment, way: Way
) -> None:
    async with living(temporal, RETURNING, way=way) as life:
        await life.rest()
        back = life.message(MessageKind.REACTIVATED)
        end = life.message(MessageKind.TASK_COMPLETED, task_id=life.store.open_task("t"))
        news = life.message("news")

        # The old life takes the comeback and its own last task; the news comes before its
        # predecessor.
        await life.tell(news, back, end)

        handle = temporal.client.get_workflow_handle(life.handle.id)
        await at(handle, life, "u")
        done = life.message(MessageKind.TASK_COMPLETED, task_id=life.store.open_task("u"))
        await handle.signal(CaseWorkflow.tell, done)
        await at(handle, life, "v")
        assert life.store.steps == ["back", "told"]
        await handle.terminate("test is over")


RETURNING = """
    start -> t:user -> end
    start9:start(message reactivated) -> back:service(work) -> u:user
    u -> heard:catch(message news) -> told:service(work) -> v:user -> end6
    """


async def at(handle: WorkflowHandle[Any, Any], life: Life, element: str) -> None:
    """Waits until the life that runs now rests at an element."""
    for _ in range(200):
        if life.store.place == [element]:
            return
        await handle.query(CaseWorkflow.place)
    raise AssertionError(f"it rests at {life.store.place}, not at {element}")


async def test_an_activity_whose_table_asks_for_too_much_is_an_incident_of_its_own_kind(
    temporal: WorkflowEnvironment, way: Way
) -> None:
    async with living(temporal, "start -> a:service(work) -> end", answers={"a": refuses(TOO_MUCH)}, way=way) as life:
        await life.rest()

        ((_, element, kind),) = life.store.incidents
        assert (element, kind) == ("a", "too_much")
