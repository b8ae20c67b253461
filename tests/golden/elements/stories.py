"""Small diagrams that together have every kind of element, and what happens to each.

The diagrams are the text files beside this one (``tests/workflows/bpmn/diagrams.py`` reads them).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from cases.states import MessageKind
from tests.workflows.hosting import Answer, Life, throws

HERE: Final = Path(__file__).parent
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ElementStory:
    """A life to keep. ``outcome`` is the end event it comes to; with ``wakes`` its runs are as
    short as that."""

    tell: Callable[[Life], Awaitable[None]]
    outcome: str
    answers: dict[str, Answer] = field(default_factory=dict)
    wakes: int | None = None

    @property
    def name(self) -> str:
        return self.tell.__name__

    @property
    def text(self) -> str:
        """The diagram."""
        return (HERE / "diagrams" / f"{self.name}.txt").read_text(encoding="utf-8")


async def tasks(life: Life) -> None:
    await _done(life, "g", outcome="reached")
    await _arrives(life, "claimed", n=2)


async def loops(life: Life) -> None:
    await _done(life, "some")
    await _done(life, "some")
    await _done(life, "within")
    await _done(life, "within")
    await life.pass_time(2 * HOUR)
    await _done(life, "last")
    await _done(life, "last")


async def gateways(life: Life) -> None:
    await _done(life, "a", n=1)
    await _done(life, "b")
    await _done(life, "o2")
    await _done(life, "o1")
    await _done(life, "c1")
    await _arrives(life, "claimed")
    await _done(life, "c2")


async def events(life: Life) -> None:
    await _arrives(life, "first")
    await life.pass_time(2 * HOUR)
    await _corrected(life, ready=True)
    await _arrives(life, "second")
    await _arrives(life, "third")
    await life.pass_time(3 * HOUR)


async def boundaries(life: Life) -> None:
    await _arrives(life, "first")
    await _arrives(life, "second")
    await _arrives(life, "third")
    await _done(life, "a7")
    await _corrected(life, ready=True)
    await life.pass_time(2 * HOUR)
    await _done(life, "a3")


async def handlers(life: Life) -> None:
    await _arrives(life, "first")
    await _arrives(life, "second")
    await _arrives(life, "third")
    await _corrected(life, ready=True)
    await life.pass_time(3 * HOUR)
    await _done(life, "a")
    await _done(life, "b8")


async def undone(life: Life) -> None:
    await _done(life, "undoa")
    await _done(life, "d")
    await _done(life, "z")


async def ends(life: Life) -> None:
    await _done(life, "a")
    await _done(life, "c")
    await _done(life, "d")


async def beginnings(life: Life) -> None:
    """The message that begins its second life is there before the first one ends."""
    await life.rest()
    done = life.message(MessageKind.TASK_COMPLETED, task_id=life.store.open_task("a"))
    await life.tell(life.message(MessageKind.REACTIVATED), done)
    life.store.tasks.clear()
    await _done(life, "b")


STORIES: Final = (
    ElementStory(tasks, "end"),
    ElementStory(loops, "end", wakes=3),
    ElementStory(gateways, "end"),
    ElementStory(events, "end"),
    ElementStory(boundaries, "end", answers={"a5": throws("broken")}, wakes=3),
    ElementStory(handlers, "end", answers={"c": throws("broken")}, wakes=3),
    ElementStory(undone, "end2", wakes=2),
    ElementStory(ends, "end9"),
    ElementStory(beginnings, "end"),
)


async def _done(life: Life, element: str, **data: Any) -> None:
    """Somebody completes the oldest open task at an element."""
    task_id = await _open_task(life, element)
    life.store.tasks[task_id] = "done"
    await life.tell(life.message(MessageKind.TASK_COMPLETED, task_id=task_id, **data))


async def _open_task(life: Life, element: str) -> str:
    for _ in range(100):  # a life that has just begun is not there yet
        await life.rest()
        for task_id, status in life.store.tasks.items():
            if status == "open" and life.store.elements[task_id] == element:
                return task_id
    raise AssertionError(f"no task is open at {element}")


async def _arrives(life: Life, message: str, **data: Any) -> None:
    await life.rest()
    await life.tell(life.message(message, **data))
    await life.rest()


async def _corrected(life: Life, **variables: Any) -> None:
    await life.rest()
    await life.tell(life.message(MessageKind.VARIABLES_CORRECTED, life=1, execution="1", variables=variables))
    await life.rest()
