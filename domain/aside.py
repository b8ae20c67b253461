"""Work that may take a second or a gigabyte: where it is done is the caller's to say.

Whatever people send in is read, checked and played by plain functions. The API does it in processes
of its own, under limits; a command or a test does it where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

from cases.errors import BatonError

P = ParamSpec("P")
Result = TypeVar("Result")


class TooCostly(BatonError):
    """A piece of work exceeded a limit and was ended. ``code`` says which: too_slow,
    too_much_memory, too_deep, too_much_found, work_broken."""

    status = 422


class Aside(Protocol):
    """Does a piece of work. Raises what the work raises, and ``TooCostly``, ``Unavailable``."""

    async def __call__(self, work: Callable[P, Result], /, *given: P.args, **named: P.kwargs) -> Result: ...


async def here(work: Callable[P, Result], /, *given: P.args, **named: P.kwargs) -> Result:
    """At once, in this process."""
    return work(*given, **named)
