"""A world of instances: messages and signals reach the others, time passes for all, what is
cancelled is not run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cli.conformance.translation import translated
from cli.conformance.world import Endless, World
from tests.cli.conformance.models import flows, model, process, script
from workflows.bpmn import read

START, END = '<startEvent id="start"/>', '<endEvent id="end"/>'
MESSAGE, SIGNAL = '<message id="m" name="hello"/>', '<signal id="s" name="all"/>'
CALLS = '<messageEventDefinition messageRef="m"/>'
SHOUTS = '<signalEventDefinition signalRef="s"/>'
SENDER = process("p", START, f'<endEvent id="send">{CALLS}</endEvent>', flows("start send"))
SHOUTER = process("p", START, f'<endEvent id="shout">{SHOUTS}</endEvent>', flows("start shout"))


def world(*processes: str, declared: str = "") -> World:
    text = model(*processes, declared=declared)
    return World(read(translated(text.encode())).processes, datetime(2026, 1, 1, tzinfo=UTC))


def waits(key: str, definition: str) -> str:
    """A process that catches an event on its way and then leaves its name as a mark."""
    catch = f'<intermediateCatchEvent id="c">{definition}</intermediateCatchEvent>'
    return process(key, START, catch, script("a", f"SCRIPT_{key}"), END, flows("start c a end"))


def begins(key: str, definition: str) -> str:
    """A process that an event starts and that leaves its name as a mark."""
    start = f'<startEvent id="start">{definition}</startEvent>'
    return process(key, start, script("a", f"SCRIPT_{key}"), END, flows("start a end"))


def marks(world: World) -> list[str]:
    return sorted(world.marks.elements())


def test_a_message_goes_to_the_one_that_waits_for_it() -> None:
    run = world(SENDER, waits("q", CALLS), begins("r", CALLS), declared=MESSAGE)

    run.start("q", {})
    run.start("p", {})

    assert marks(run) == ["q"]


def test_a_message_that_nobody_waits_for_begins_a_process() -> None:
    run = world(SENDER, waits("q", CALLS), begins("r", CALLS), declared=MESSAGE)

    run.start("p", {})

    assert marks(run) == ["r"]


def test_a_message_that_comes_early_is_kept() -> None:
    timer = "<timerEventDefinition><timeDuration>PT5S</timeDuration></timerEventDefinition>"
    later = process(
        "q",
        START,
        f'<intermediateCatchEvent id="t">{timer}</intermediateCatchEvent>',
        f'<intermediateCatchEvent id="c">{CALLS}</intermediateCatchEvent>',
        script("a", "SCRIPT_q"),
        END,
        flows("start t c a end"),
    )
    run = world(SENDER, later, declared=MESSAGE)

    run.start("q", {})
    run.start("p", {})
    assert marks(run) == []
    run.pass_time(timedelta(seconds=5))

    assert marks(run) == ["q"]


def test_a_signal_goes_to_all_that_wait_and_begins_all_that_it_starts() -> None:
    run = world(SHOUTER, waits("q", SHOUTS), begins("r", SHOUTS), declared=SIGNAL)

    run.start("q", {})
    run.start("q", {})
    run.start("p", {})

    assert marks(run) == ["q", "q", "r"]


def test_timers_fire_in_the_order_of_their_instants_over_all_instances() -> None:
    def after(seconds: int) -> str:
        return f"<timerEventDefinition><timeDuration>PT{seconds}S</timeDuration></timerEventDefinition>"

    race = '<eventBasedGateway id="race"/>'
    late, told = (f'<intermediateCatchEvent id="{key}">{{}}</intermediateCatchEvent>' for key in ("late", "told"))
    q = process(
        "q",
        *(START, race, late.format(after(4)), told.format(SHOUTS), END),
        *(script("a", "SCRIPT_late"), script("b", "SCRIPT_told")),
        flows("start race late a end", "race told b end"),
    )
    catch = f'<intermediateCatchEvent id="c">{after(2)}</intermediateCatchEvent>'
    p = process("p", START, catch, f'<endEvent id="shout">{SHOUTS}</endEvent>', flows("start c shout"))
    run = world(p, q, declared=SIGNAL)

    run.start("q", {})
    run.start("p", {})
    run.pass_time(timedelta(seconds=5))

    assert marks(run) == ["told"]


def test_an_activity_that_is_cancelled_before_its_turn_leaves_no_mark() -> None:
    stop = '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
    split = '<parallelGateway id="split"/>'
    run = world(
        process("p", START, split, script("a", "SCRIPT_a"), END, stop, flows("start split a end", "split stop"))
    )

    run.start("p", {})

    assert marks(run) == []


def test_every_increment_counts_even_of_activities_that_were_asked_for_together() -> None:
    split, join = '<parallelGateway id="split"/>', '<parallelGateway id="join"/>'
    choice = '<exclusiveGateway id="x" default="x_end"/>'
    run = world(
        process(
            "p",
            *(START, split, join, choice, END),
            *(script(key, "INCREMENT_INTEGER_VARIABLE_AND_LOG") for key in ("a", "b")),
            script("c", "SCRIPT_two"),
            flows("start split a join x c[integerVariable==2] end", "split b join", "x end"),
        )
    )

    run.start("p", {"integerVariable": 0})

    assert marks(run) == ["increment", "increment", "two"]


def test_a_run_without_end_is_cut() -> None:
    merge, choice = '<exclusiveGateway id="m"/>', '<exclusiveGateway id="x" default="x_m"/>'
    run = world(
        process("p", START, merge, script("a", "SCRIPT_a"), choice, END, flows("start m a x end[false]", "x m"))
    )

    with pytest.raises(Endless):
        run.start("p", {})
