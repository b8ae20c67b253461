"""How every command ends: with its exit code, or with one line that says what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import typer

from server.problems import StartProblem


def command(work: Callable[..., int | None]) -> Callable[..., None]:
    """Turn a StartProblem into one line on stderr and an exit code of 1, Ctrl-C into 130."""

    @wraps(work)
    def run(*args: Any, **options: Any) -> None:
        try:
            code = work(*args, **options)
        except StartProblem as problem:
            sys.stderr.write(problem.line() + "\n")
            code = 1
        except KeyboardInterrupt:
            code = 130
        raise typer.Exit(code or 0)

    return run
