"""Timers that can never fire, fire at once, or repeat in vain; beside each the nearest timer that
makes sense."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.workflows.bpmn.checks.finding import codes, drawn, flows

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "timer",
    ["2026-05-01T11:59:59Z", "2026-05-01T13:30:00+02:00", "R2/2026-04-01T00:00:00Z/P1D"],
)
def test_a_time_that_is_past_when_it_is_deployed(timer: str) -> None:
    text = f"start -> h:user -> end\nh+a:timer {timer} -> end2"
    assert codes(text, NOW)[-1] == ("a", "past_timer")


@pytest.mark.parametrize(
    "timer",
    [
        "2026-05-01T12:00:01Z",
        "date =when",
        "PT1H",
        "R2/PT1H",
        "R/2026-04-01T00:00:00Z/P1D",
        "R99/2026-04-01T00:00:00Z/P1D",
    ],
)
def test_a_time_that_is_still_to_come_or_is_worked_out_later(timer: str) -> None:
    assert ("a", "past_timer") not in codes(f"start -> h:user -> end\nh+a:timer {timer} -> end2", NOW)


def test_without_an_instant_of_deployment_no_date_is_past() -> None:
    assert codes("start -> a:catch(timer 2001-01-01T00:00:00Z) -> end") == []


def test_a_start_timer_in_the_past() -> None:
    assert codes("start:start(timer 2001-01-01T00:00:00Z) -> end", NOW) == [("start", "past_timer")]


@pytest.mark.parametrize(
    ("host", "never"),
    [
        ("task", True),
        ("manual", True),
        ("script({n: 1})", True),
        ("send(m)", True),
        ("user", False),
        ("service(ship)", False),
        ("rule(grade)", False),
        ("receive(m)", False),
        ("call(other)", False),
    ],
)
def test_a_timer_at_something_that_never_waits(host: str, never: bool) -> None:
    found = codes(f"start -> a:{host} -> end\na!late:timer PT1H -> end2")
    assert found == ([("late", "timer_never")] if never else [])


@pytest.mark.parametrize(("inside", "never"), [("task", True), ("user", False)])
def test_a_timer_at_a_sub_process(inside: str, never: bool) -> None:
    nested = f"s {{\nstart3 -> t:sub -> end3\nt {{\nstart4 -> a:{inside} -> end4\n}}\n}}"
    text = f"start -> s:sub -> end\ns!late:timer PT1H -> end2\n{nested}"
    assert codes(text) == ([("late", "timer_never")] if never else [])


@pytest.mark.parametrize(("inside", "never"), [("task", True), ("user", False)])
def test_a_timer_that_starts_an_event_sub_process(inside: str, never: bool) -> None:
    text = f"start -> a:{inside} -> end\nh:on {{\nlate:start(timer PT1H) -> b:user -> end2\n}}"
    assert codes(text) == ([("late", "timer_never")] if never else [])


def test_a_timer_of_an_event_sub_process_waits_with_another_that_an_error_starts() -> None:
    text = """
        start -> a:task -> end
        h:on {
        late:start(timer PT1H) -> end2
        }
        g:on {
        wrong:start(error E) -> b:user -> end3
        }
        """
    assert codes(text) == []


@pytest.mark.parametrize(("condition", "never"), [("true", True), ("n = 1", False)])
def test_a_timer_beside_a_condition(condition: str, never: bool) -> None:
    catch = f"<conditionalEventDefinition><condition>{condition}</condition></conditionalEventDefinition>"
    xml = drawn(
        '<startEvent id="start"/><eventBasedGateway id="r"/><endEvent id="end"/><endEvent id="end2"/>'
        f'<intermediateCatchEvent id="c">{catch}</intermediateCatchEvent><intermediateCatchEvent id="t">'
        "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>"
        + flows("start r", "r c", "r t", "c end", "t end2")
    )
    assert codes(xml) == ([("t", "timer_never")] if never else [])


@pytest.mark.parametrize("duration", ["PT0S", "-PT1H", "P0D"])
def test_a_duration_of_nothing(duration: str) -> None:
    assert codes(f"start -> a:catch(timer duration {duration}) -> end") == [("a", "zero_timer")]


@pytest.mark.parametrize("duration", ["PT1S", "=wait"])
def test_a_duration_of_something(duration: str) -> None:
    assert codes(f"start -> a:catch(timer duration {duration}) -> end") == []


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("start -> a:user -> end\na!late:timer R/PT1H -> end2", "late"),
        ("start -> a:user -> end\nh:on {\nlate:start(timer R3/PT1H) -> end2\n}", "late"),
    ],
)
def test_a_cycle_of_which_only_the_first_time_counts(text: str, element: str) -> None:
    assert codes(text) == [(element, "cycle_once")]


@pytest.mark.parametrize(
    "text",
    [
        "start -> a:user -> end\na+late:timer R/PT1H -> end2",
        "start -> a:user -> end\nh:on {\nlate:start+(timer R3/PT1H) -> end2\n}",
        "start:start(timer R/P1D) -> end",
    ],
)
def test_a_cycle_that_repeats(text: str) -> None:
    assert codes(text) == []
