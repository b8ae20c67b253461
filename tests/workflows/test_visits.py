"""What the store hears of a life: every visit once, over when it is over, and what it remembers at
each rest."""

from __future__ import annotations

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from cases.states import MessageKind
from tests.workflows.hosting import living
from workflows.bpmn import State

HOUR = timedelta(hours=1)


async def test_the_way_is_told_at_each_rest_and_a_visit_is_one_line(temporal: WorkflowEnvironment) -> None:
    async with living(
        temporal,
        """
        start -> a:service(work) -> t:user -> b:service(work) -> end
        """,
    ) as life:
        await life.rest()
        assert life.store.path == [("start", "left"), ("a", "left"), ("t", None)]

        at = life.born + HOUR
        await life.done("t", at)
        await life.handle.result()

        assert life.store.path == [(one, "left") for one in ("start", "a", "t", "b", "end")]
        stay = next(one for one in life.store.visits.values() if one.element == "t")
        assert (stay.entered_at, stay.left_at, stay.process, stay.version) == (life.born, at, "p", 1)
        assert stay.via == "f1_a_t"


async def test_what_still_stands_has_its_deadline_and_what_a_deadline_ends_was_cancelled(
    temporal: WorkflowEnvironment,
) -> None:
    async with living(
        temporal,
        """
        start -> t:user -> end
        t.due =now + duration("PT24H")
        t!late:timer PT24H -> end2
        """,
    ) as life:
        await life.rest()
        due = life.born + 24 * HOUR
        (standing,) = [one for one in life.store.visits.values() if one.left_at is None]
        assert (standing.element, standing.due) == ("t", due.isoformat().replace("+00:00", "Z"))

        await life.pass_time(25 * HOUR)
        await life.handle.result()

        assert life.store.path == [("start", "left"), ("t", "cancelled"), ("late", "left"), ("end2", "left")]


async def test_a_deadline_that_is_only_weighed_leaves_no_trace(temporal: WorkflowEnvironment) -> None:
    async with living(
        temporal,
        """
        start -> t:user -> end
        t!late:timer PT24H -> end2
        """,
    ) as life:
        await life.rest()
        task = life.store.open_task("t")
        life.store.taken.add(task)  # the completion is committed, its message still on the way
        await life.pass_time(25 * HOUR)
        await life.rest()

        await life.tell(life.message(MessageKind.TASK_COMPLETED, task_id=task))
        await life.handle.result()

        assert life.store.path == [("start", "left"), ("t", "left"), ("end", "left")]


async def test_a_visit_outlasts_the_run_that_it_began_in(temporal: WorkflowEnvironment) -> None:
    async with living(
        temporal,
        """
        start -> c:call(other) -> end
        h:on {
            go:start+(message customer_updated) -> note:service(work) -> end2
        }
        === other
        start3 -> t:user -> end3
        """,
        wakes=1,
    ) as life:
        await life.rest()
        first_run = (await life.handle.describe()).run_id
        for _ in range(2):
            await life.tell(life.message(MessageKind.CUSTOMER_UPDATED))
            await life.rest()
        await life.done("t")
        await life.handle.result()

        assert (await life.handle.describe()).run_id != first_run
        assert {how for _, how in life.store.path} == {"left"}
        assert [element for element, _ in life.store.path if element in ("c", "t", "note")] == [
            "c",
            "t",
            "note",
            "note",
        ]


async def test_a_rest_tells_what_the_life_remembers_where_it_is_and_what_it_has_seen(
    temporal: WorkflowEnvironment,
) -> None:
    async with living(
        temporal,
        """
        start -> c:call(other) -> end
        === other
        start3 -> t:user -> end3
        """,
    ) as life:
        await life.rest()
        (rest,) = life.store.rests
        assert (rest.life, rest.applied, rest.started_at) == (1, 1, life.born)
        assert (rest.process.key, [ref.key for ref in rest.called]) == ("p", ["other"])
        assert [(mark.process, mark.element, mark.waits_for) for mark in rest.place] == [
            ("p", "c", "scope"),
            ("other", "t", "task"),
        ]
        assert State.from_json(rest.snapshot).place(scopes=True) == rest.place

        await life.done("t")
        await life.handle.result()

        last = life.store.rests[-1]
        assert (last.applied, last.outcome, last.place) == (2, "end", ())
        assert State.from_json(last.snapshot).ended


async def test_a_thrown_signal_is_noted_with_its_data(temporal: WorkflowEnvironment) -> None:
    async with living(
        temporal,
        """
        start -> s:throw(signal news) -> end
        """,
    ) as life:
        await life.handle.result()

        assert [one["signal"] for one in life.store.signals] == ["news"]
