"""What the API counts (``/metrics``), labelled by route template so that ids never become
labels."""

from __future__ import annotations

import time

from prometheus_client import Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import route_template

REQUESTS = Counter("baton_http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "baton_http_request_seconds",
    "Time to the answer's first byte",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
ASIDE_BUSY = Gauge("baton_heavy_busy", "Processes for heavy work that have something to do")
ASIDE_WAITING = Gauge("baton_heavy_waiting", "Requests that wait for such a process")
ASIDE_SECONDS = Histogram(
    "baton_heavy_seconds",
    "Time of one piece of heavy work",
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
ASIDE_ENDED = Counter("baton_heavy_ended_total", "Heavy work that was ended or not begun, by reason", ["reason"])

WAITING = Gauge("baton_http_waiting", "Requests that wait for a slot of their class", ["kind"])
WORKING = Gauge("baton_http_working", "Requests that hold a slot of their class", ["kind"])
SHED = Counter("baton_http_shed_total", "Requests refused for lack of time, by class and reason", ["kind", "reason"])
WAITED = Histogram(
    "baton_http_waiting_seconds",
    "Time in the queue of admitted requests",
    ["kind"],
    buckets=(0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"})


class RequestMetrics:
    """Counts each request once, when its answer starts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = time.perf_counter()
        # An invented method would otherwise become a label of its own, without bound.
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = route_template(scope)
                REQUESTS.labels(method, route, str(message["status"])).inc()
                SECONDS.labels(method, route).observe(time.perf_counter() - started)
            await send(message)

        await self.app(scope, receive, counted)
