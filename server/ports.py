"""Is a port free? Asked before anything starts, so that a busy one costs one line and leaves
nothing behind."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from server.problems import StartProblem
from server.settings import Settings


def wanted(settings: Settings, *, temporal: bool) -> tuple[tuple[str, str, int], ...]:
    """(what for, host, port) of everything that ``baton up`` will listen on; the setting's name is
    in the cure."""
    own = (
        ("the API (BATON_PORT)", settings.host, settings.port),
        ("the worker's metrics (BATON_METRICS_PORT)", settings.metrics_host, settings.metrics_port),
    )
    if not temporal:
        return own
    return (
        *own,
        ("Temporal (BATON_TEMPORAL_PORT)", "127.0.0.1", settings.temporal_port),
        ("Temporal's UI (BATON_TEMPORAL_UI_PORT)", "127.0.0.1", settings.temporal_ui_port),
    )


def check(ports: Iterable[tuple[str, str, int]]) -> None:
    """Raises StartProblem naming every port that is taken."""
    busy = [f"port {port} for {purpose}" for purpose, host, port in ports if not free(host, port)]
    if busy:
        *others, last = busy
        named = f"{', '.join(others)} and {last} are" if others else f"{last} is"
        raise StartProblem(
            f"{named} in use",
            "stop what listens there, or set the variable in brackets to another port",
        )


def free(host: str, port: int) -> bool:
    """Whether ``port`` can be bound. A connection in TIME_WAIT does not count, as for the servers
    themselves."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
