"""``baton demo``: everything of ``baton up`` with a day in ten seconds, a stream of leads and
simulated people.

The people act through the HTTP API alone, as anybody would. Beside a stream of ordinary leads, a
cast plays scripted stories (``cli.demo.cast``), so that within two minutes every path of the
diagrams has been seen; a table at the end says which (``cli.demo.paths``). Intervals of weeks are
shortened by demo versions of the tables (``cli.demo.tables``).
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

SPEED = 8640.0
"""A day in ten seconds."""

SHOW = 120.0
"""Wall seconds after which the table of paths is printed."""


def run(seconds: float | None = None) -> int:
    """Runs the demo until Ctrl-C, or for so many wall seconds; returns the exit code.

    Every demo has a fresh data directory, removed at its end: its clock runs years ahead while it
    is not watched.

    Raises:
        StartProblem: the settings are impossible.
    """
    from cli.demo.stage import DemoStage
    from server import supervisor
    from server.settings import load

    given = load()
    home = _home(given.home)
    settings = load(home=home, clock_speed=SPEED, log_level="error", database_url=None, demo_network=True)
    try:
        return supervisor.run(settings, DemoStage(seconds).play)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _home(home: Path) -> Path:
    base = home.with_name(".demo") if home.name == ".baton" else home / "demo"
    return base / datetime.now().astimezone().strftime("%m%d-%H%M%S")
