"""The benchmarks by name: what each needs to run and what it is given of the size."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from bench import (
    api,
    backtests,
    calm,
    decisions,
    engine,
    growth,
    history,
    imports,
    instances,
    isolation,
    latency,
    leads,
    outage,
    overload,
    report,
    search,
    versions,
)
from bench.report import Machine, Result
from bench.screens import waits as screens
from bench.sizes import Size
from bench.stack import Stack, running


class What(StrEnum):
    """What can be measured, in the order in which it is."""

    ENGINE = "engine"
    DECISIONS = "decisions"
    HISTORY = "history"
    BACKTESTS = "backtests"
    OVERLOAD = "overload"
    ISOLATION = "isolation"
    SEARCH = "search"
    SCREENS = "screens"
    IMPORTS = "imports"
    INSTANCES = "instances"
    LEADS = "leads"
    LATENCY = "latency"
    API = "api"
    VERSIONS = "versions"
    OUTAGE = "outage"
    GROWTH = "growth"


LONG: Final = frozenset({What.SCREENS, What.OUTAGE, What.GROWTH})
"""Take half an hour or hours in full: measured when they are named, or quickly."""


def chosen(named: Sequence[What], *, quick: bool) -> tuple[What, ...]:
    """What is measured: what is named, or everything but what takes hours."""
    return tuple(named) or tuple(what for what in What if quick or what not in LONG)


Results = tuple[Result, ...]


@dataclass(frozen=True)
class Part:
    """One benchmark: by itself, or on a Baton of its own with these further settings."""

    what: What
    alone: Callable[[Size], Awaitable[Results]] | None = None
    on_a_stack: Callable[[Stack, Size], Awaitable[Results]] | None = None
    settings: Mapping[str, str] = field(default_factory=dict[str, str])


async def measured(part: Part, size: Size, about: Machine, *, busy_ok: bool) -> tuple[Results, Machine]:
    """Its results, marked with what others did to the machine meanwhile, and the machine with what
    is known of its servers by now.

    Raises:
        TooBusy: others used so much of the machine that the results mean nothing.
    """
    before = calm.read()
    if part.alone is not None:
        found = await part.alone(size)
    else:
        assert part.on_a_stack is not None
        kept = {} if size.cache is None else {"worker_cache": str(size.cache)}
        async with running(**part.settings, **kept) as stack:
            about = replace(about, **await report.servers(stack))
            found = await part.on_a_stack(stack, size)
    load = calm.between(before, calm.read())
    busy = calm.insist(load, busy_ok=busy_ok)
    return tuple(replace(result, load=load, busy=busy) for result in found), about


async def _engine(size: Size) -> Results:
    return (engine.measure(instances=10 * size.instances, rounds=size.rounds),)


async def _decisions(size: Size) -> Results:
    return await decisions.measure(count=size.decisions, rounds=size.rounds)


async def _history(stack: Stack, size: Size) -> Results:
    return (await history.measure(stack),)


async def _backtests(stack: Stack, size: Size) -> Results:
    return (await backtests.measure(stack, count=size.past),)


async def _overload(stack: Stack, size: Size) -> Results:
    return await overload.measure(stack, first=0, leads=size.sent, seconds=size.storm)


async def _isolation(stack: Stack, size: Size) -> Results:
    return (await isolation.measure(stack, most=size.cases),)


async def _search(stack: Stack, size: Size) -> Results:
    return (await search.measure(stack, customers=size.customers, rounds=10 * size.rounds),)


async def _screens(stack: Stack, size: Size) -> Results:
    return await screens.measure(stack, leads=size.many, rounds=10 * size.rounds)


async def _imports(stack: Stack, size: Size) -> Results:
    return (await imports.measure(stack, sizes=size.files, long=size.long_files),)


async def _instances(stack: Stack, size: Size) -> Results:
    return (await instances.compare(stack, count=size.instances, rounds=size.rounds),)


async def _leads(stack: Stack, size: Size) -> Results:
    return (await leads.compare(stack, first=0, count=size.leads, rounds=size.rounds),)


async def _latency(stack: Stack, size: Size) -> Results:
    return (await latency.measure(stack, first=0, seconds=size.steady, rounds=size.rounds),)


async def _growth(stack: Stack, size: Size) -> Results:
    return await growth.measure(stack, sizes=size.sleepers, idle=size.idle)


async def _outage(stack: Stack, size: Size) -> Results:
    return (await outage.compare(stack, count=size.deadlines, rounds=size.outages, outage=size.outage),)


async def _api(stack: Stack, size: Size) -> Results:
    return await api.measure(stack, first=0, leads=size.sent, rounds=size.rounds)


async def _versions(stack: Stack, size: Size) -> Results:
    return (await versions.measure(stack, rounds=size.rounds),)


PARTS: Final = (
    Part(What.ENGINE, alone=_engine),
    Part(What.DECISIONS, alone=_decisions),
    Part(What.HISTORY, on_a_stack=_history, settings={"clock_speed": str(history.SPEED)}),
    Part(What.BACKTESTS, on_a_stack=_backtests),
    Part(What.OVERLOAD, on_a_stack=_overload),
    Part(What.ISOLATION, on_a_stack=_isolation),
    Part(What.SEARCH, on_a_stack=_search),
    Part(What.SCREENS, on_a_stack=_screens),
    Part(What.IMPORTS, on_a_stack=_imports),
    Part(What.INSTANCES, on_a_stack=_instances),
    Part(What.LEADS, on_a_stack=_leads),
    Part(What.LATENCY, on_a_stack=_latency),
    Part(What.API, on_a_stack=_api),
    Part(What.VERSIONS, on_a_stack=_versions),
    Part(What.OUTAGE, on_a_stack=_outage),
    Part(What.GROWTH, on_a_stack=_growth),
)
"""One after the other, each on a Baton of its own: what one leaves behind slows no other."""
