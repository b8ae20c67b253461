"""What a worker counts besides its relay, and the port where all of it can be read."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import Counter, Gauge, start_http_server

from server.problems import StartProblem

WORKER_UP = Gauge("baton_worker_up", "1 while this worker takes work from Temporal")
DEFINITIONS = Gauge("baton_worker_definitions", "Process versions in this worker's memory")
DEFINITIONS_MISSING = Gauge(
    "baton_worker_definitions_missing", "Process versions that leads run on and that are deployed nowhere"
)
NOTIFICATIONS = Counter("baton_notifications", "Notices delivered", ["channel", "code"])
NOTIFICATION_FAILURES = Counter("baton_notification_failures", "Failed attempts to deliver", ["channel", "error"])
NOTIFICATIONS_GIVEN_UP = Counter("baton_notifications_given_up", "Notices given up", ["channel"])
NOTIFICATIONS_PENDING = Gauge("baton_notifications_pending", "Notices that wait for delivery", ["channel"])
NOTIFICATIONS_OLDEST = Gauge("baton_notifications_oldest_seconds", "Age of the oldest waiting notice", ["channel"])
LOOP_FAILURES = Counter("baton_loop_failures", "Rounds of a worker's loop that failed", ["loop", "error"])
LOOP_AGE = Gauge("baton_loop_last_success_seconds", "Seconds since a loop's last round that did not fail", ["loop"])
BACKTESTS_RUNNING = Gauge("baton_backtests_running", "Back-tests that have not ended, of all workers")
BACKTEST_DECISIONS = Counter("baton_backtest_decisions", "Stored decisions that this worker's back-tests have tried")


def serve(host: str, port: int) -> Callable[[], None]:
    """Serve ``/metrics`` from a thread; returns what ends it.

    Raises:
        StartProblem: the port is taken.
    """
    try:
        server, thread = start_http_server(port, addr=host)
    except OSError as error:
        raise StartProblem(f"port {port} for the worker's metrics is in use", "set BATON_METRICS_PORT") from error

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join(1)

    return stop
