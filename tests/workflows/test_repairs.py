"""What people do to a running life by hand: correct its variables, move a token, take it to another
version."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from temporalio.testing import WorkflowEnvironment

from cases.contracts import Message
from cases.states import MessageKind
from tests.workflows.bpmn.diagrams import definitions as drawn
from tests.workflows.hosting import Life, deploy, living, refuses
from workflows import definitions
from workflows.bpmn import State

OLD = """
start -> t:user -> end
"""
NEW = """
start -> t:user -> b:service(work) -> end
"""


def standing(life: Life, element: str) -> str:
    """The execution that stands at an element."""
    (found,) = [one.execution for one in life.store.visits.values() if one.element == element and one.left_at is None]
    return found


def migrated(life: Life, text: str, *, plan: dict[str, Any] | None = None, of: int = 1, loaded: bool = True) -> Message:
    """The life is wanted in version 2, as ``text`` draws it."""
    (process,) = deploy(text, 2, loaded=loaded)
    wanted = {"batch": "b", "life": of, "from": asdict(process), "process": asdict(process), "called": []}
    return life.message(MessageKind.MIGRATED, **wanted, plan=plan or {})


async def test_corrected_variables_are_what_the_process_goes_by_and_what_the_store_shows(
    temporal: WorkflowEnvironment,
) -> None:
    async with living(
        temporal,
        """
        start -> t:user -> x:xor -[n > 1]-> end
        x -[else]-> end2
        """,
    ) as life:
        await life.rest()
        await life.tell(life.message(MessageKind.VARIABLES_CORRECTED, life=1, execution="1", variables={"n": 2}))
        await life.rest()
        assert State.from_json(life.store.rests[-1].snapshot).variables["n"] == 2

        await life.done("t")

        assert await life.handle.result() == "end"


async def test_a_failed_step_is_tried_again_with_corrected_variables(temporal: WorkflowEnvironment) -> None:
    async with living(
        temporal,
        """
        start -> a:service(work) -> end
        a.in n = =n
        """,
        answers={"a": refuses("ValueError")},
    ) as life:
        await life.rest()
        ((key, _, _),) = life.store.incidents

        seen: list[Any] = []
        life.store.answers["a"] = lambda step: {"seen": seen.append(step.data["n"])}
        await life.tell(life.message(MessageKind.INCIDENT_RETRIED, key=key, variables={"n": 5}))

        assert await life.handle.result() == "end"
        assert seen == [5]


async def test_a_moved_token_leaves_its_task_and_begins_anew_elsewhere(temporal: WorkflowEnvironment) -> None:
    async with living(
        temporal,
        """
        start -> t:user -> u:user -> end
        """,
    ) as life:
        await life.rest()
        task, execution = life.store.open_task("t"), standing(life, "t")
        await life.tell(life.message(MessageKind.TOKEN_MOVED, life=1, execution=execution, element="u"))

        assert await life.rest() == ["u"]
        assert life.store.tasks[task] == "withdrawn"
        assert life.store.path == [("start", "left"), ("t", "cancelled"), ("u", None)]


async def test_what_is_said_of_another_life_changes_nothing(temporal: WorkflowEnvironment) -> None:
    async with living(temporal, OLD) as life:
        await life.rest()
        execution = standing(life, "t")
        await life.tell(
            life.message(MessageKind.TOKEN_MOVED, life=9, execution=execution, element="end"),
            life.message(MessageKind.VARIABLES_CORRECTED, life=9, execution="1", variables={"n": 2}),
            life.message(MessageKind.INCIDENT_RETRIED, key=f"x:9:{execution}"),
            migrated(life, NEW, of=9),
        )

        assert await life.rest() == ["t"]
        assert "n" not in State.from_json(life.store.rests[-1].snapshot).variables
        assert life.store.rests[-1].process.version == 1
        assert [[reason["code"] for reason in reasons] for reasons in life.store.migrations] == [["ended"]]


async def test_the_store_hears_that_a_message_has_arrived_even_if_it_changed_nothing(
    temporal: WorkflowEnvironment,
) -> None:
    async with living(temporal, OLD) as life:
        await life.rest()
        await life.tell(life.message(MessageKind.INCIDENT_RETRIED, key="x:1:99"))
        await life.rest()

        assert [rest.applied for rest in life.store.rests] == [1, 2]
        assert life.store.rests[0].snapshot == life.store.rests[1].snapshot


async def test_a_migrated_life_goes_on_in_the_new_version_also_in_its_next_run(temporal: WorkflowEnvironment) -> None:
    async with living(temporal, OLD, wakes=1) as life:
        await life.rest()
        task = life.store.open_task("t")
        await life.tell(migrated(life, NEW))

        assert await life.rest() == ["t"]
        assert life.store.migrations == [[]]
        assert life.store.open_task("t") == task
        assert life.store.rests[-1].process.version == 2
        assert life.store.visits[standing(life, "t")].version == 2

        await life.done("t")

        assert await life.handle.result() == "end"
        assert life.store.steps == ["b"]
        assert life.store.path == [(one, "left") for one in ("start", "t", "b", "end")]


async def test_a_plan_says_where_a_token_goes_on(temporal: WorkflowEnvironment) -> None:
    async with living(temporal, OLD) as life:
        await life.rest()
        await life.tell(
            migrated(
                life,
                """
                start -> u:user -> end
                """,
                plan={"p": {"t": "u"}},
            )
        )

        assert await life.rest() == ["u"]
        assert [element for element, _ in life.store.path] == ["start", "u"]


async def test_a_life_that_does_not_fit_stays_on_its_version_and_says_why(temporal: WorkflowEnvironment) -> None:
    async with living(temporal, OLD) as life:
        await life.rest()
        await life.tell(
            migrated(
                life,
                """
                start -> u:user -> end
                """,
            )
        )

        assert await life.rest() == ["t"]
        ((reason,),) = life.store.migrations
        assert (reason["element"], reason["code"]) == ("t", "element_gone")
        assert life.store.rests[-1].process.version == 1

        await life.done("t")
        assert await life.handle.result() == "end"


async def test_a_version_that_is_not_in_memory_yet_is_waited_for_and_nothing_is_half_done(
    temporal: WorkflowEnvironment,
) -> None:
    later = NEW.replace("b:service", "late:service")
    async with living(temporal, OLD) as life:
        await life.rest()
        message = migrated(life, later, loaded=False)
        sha = message.data["process"]["sha256"]
        await life.tell(message)
        while sha not in definitions.wanted():
            await life.handle.describe()
        assert life.store.migrations == []
        assert life.store.rests[-1].process.version == 1

        definitions.keep(sha, drawn(later).processes.values())
        await life.done("t")

        assert await life.handle.result() == "end"
        assert life.store.migrations == [[]]
        assert life.store.steps == ["late"]
