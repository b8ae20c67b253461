"""The application: resources, errors, limits and figures put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline
from starlette.routing import BaseRoute

from api import admission, health, network, notices, problems, tasks
from api.admission import Admission, Bound, RequestClass
from api.aside import Pool
from api.backtests import resource as backtests
from api.context import Services
from api.decisions import resource as decisions
from api.incidents import resource as incidents
from api.instances import resource as instances
from api.language import InWhichLanguage
from api.leads import hands, records, show, submissions, submit, work
from api.limits import BodyLimit
from api.media import OtherForms
from api.metrics import RequestMetrics
from api.migrations import resource as migrations
from api.network import contact, entries, imports, presence
from api.notices import told
from api.processes import resource as processes
from api.repairs import resource as repairs
from api.rounds import resource as rounds
from api.shadows import resource as shadows
from api.tables import resource as tables
from api.tasks import holding
from api.texts import resource as texts
from api.tickets import resource as tickets
from cases.clock import Clock, SystemClock
from store.session import Database

VERSION = "0.1.0"

CONNECTIONS = 10
"""Database connections that requests share unless the caller says otherwise."""

DESCRIPTION = """
Every lead lives as a durable process. Channels send leads; people state what they did; screens read.

* Statements of people name their maker: `Baton-Actor: <staff code>`.
* Any POST, PUT, PATCH or DELETE may carry an `Idempotency-Key`: repeated, it gets the same answer again.
* `ETag` names what was read; `If-Match` refuses a change to what has changed since, and says what did.
* Every list answers `{"items": […], "next": cursor or null}`; the next page is asked for with `cursor`.
* Too much at once is answered 503 with `Retry-After`, before anything was done.
* Errors are `application/problem+json` with a stable `code` and texts in Chinese or English (`Accept-Language`).
* `GET /texts` gives what every code is called; `Content-Language` says in which language an answer is.
* Instants are ISO 8601; money is in yuan.
"""


def create_app(
    database: Database,
    clock: Clock | None = None,
    *,
    temporal: Callable[[], Awaitable[bool]] | None = None,
    aside: Pool | None = None,
    bounds: Mapping[RequestClass, Bound] | None = None,
) -> FastAPI:
    """The API over a database and a clock.

    ``temporal`` answers whether Temporal can be reached (told by ``/health/ready`` for
    information); ``aside`` is where heavy work is done: the app's lifespan starts those processes
    and ends them; where a server runs the app without its lifespan, they start when first needed.
    ``bounds`` say how much is worked on at a time, by class of requests (those of a pool of ten
    connections, if not given).
    """
    pool = aside or Pool()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield

    app = FastAPIOffline(  # its pages come with it: the plain ones are blank on a machine without the internet
        title="Baton",
        version=VERSION,
        description=DESCRIPTION,
        docs_url="/docs",
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
        redirect_slashes=False,
        routes=list(_routes()),
    )
    app.state.services = Services(database, clock or SystemClock(), pool, temporal)
    problems.install(app)
    app.add_middleware(InWhichLanguage)
    app.add_middleware(OtherForms)
    app.add_middleware(BodyLimit)
    app.add_middleware(Admission, bounds=bounds or admission.bounds(CONNECTIONS))
    app.add_middleware(RequestMetrics)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Every resource. They know nothing of an app and are shared: FastAPI needs half a second to
    examine them."""
    v1 = APIRouter(prefix=problems.PREFIX, generate_unique_id_function=_operation)
    for resource in (
        submit.router,
        submissions.router,
        records.router,
        show.router,
        work.router,
        hands.router,
        tasks.router,
        holding.router,
        tickets.router,
        network.router,
        contact.router,
        entries.router,
        imports.router,
        presence.router,
        notices.router,
        told.router,
        incidents.router,
        instances.router,
        repairs.router,
        migrations.router,
        processes.router,
        decisions.router,
        tables.router,
        shadows.router,
        rounds.router,
        backtests.router,
        texts.router,
    ):
        v1.include_router(resource)
    together = APIRouter(generate_unique_id_function=_operation)
    together.include_router(v1)
    together.include_router(health.router)
    return tuple(together.routes)


def _operation(route: APIRoute) -> str:
    """``listLeads`` of ``list_leads``: what generated clients call the operation."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)
