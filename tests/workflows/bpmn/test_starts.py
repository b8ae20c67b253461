"""How a process begins: by one of its start events, by what awaits an event, or by all that no flow
leads to (13.2)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import T0, Play
from workflows.bpmn import NoSuchStart, SignalArrived, begin, step

SEVERAL = """
    by_hand:start -> a:user -> end
    by_message:start(message m) -> b:user -> end2
    by_signal:start(signal s) -> c:user -> end3
    by_timer:start(timer R/P1D) -> d:user -> end4
    by_condition:start(conditional n > 1) -> e:user -> end5
    by_any:start(any message o, signal r, timer P1D) -> g:user -> end6
    """


def test_each_start_by_its_own_event() -> None:
    play = Play(SEVERAL)
    assert play.places == ["a"]
    assert play.due == {}, "other starts begin other instances"
    assert Play(SEVERAL, message="m").places == ["b"]
    assert Play(SEVERAL, signal="s").places == ["c"]
    assert Play(SEVERAL, message="o").places == ["g"]
    assert Play(SEVERAL, signal="r").places == ["g"]


@pytest.mark.parametrize(
    ("start", "place"),
    [
        ("by_hand", "a"),
        ("by_message", "b"),
        ("by_signal", "c"),
        ("by_timer", "d"),
        ("by_condition", "e"),
        ("by_any", "g"),
    ],
)
def test_each_start_by_its_id(start: str, place: str) -> None:
    assert Play(SEVERAL, start=start).places == [place]


@pytest.mark.parametrize(
    "asked", [{"message": "s"}, {"signal": "m"}, {"start": "a"}, {"start": "nowhere"}, {"message": "unheard_of"}]
)
def test_what_is_no_start_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(NoSuchStart, match=next(iter(asked.values()))):
        begin(Play(SEVERAL).program, "p", {}, T0, **asked)  # pyright: ignore[reportArgumentType]


def test_with_several_plain_starts_one_has_to_be_named() -> None:
    text = "one:start -> a:user -> end\ntwo:start -> b:user -> end2"
    with pytest.raises(NoSuchStart, match="one, two"):
        Play(text)
    assert Play(text, start="two").places == ["b"]


def test_a_running_instance_does_not_hear_what_begins_another() -> None:
    play = Play(SEVERAL)
    assert play.signal("s").places == ["a"]
    assert play.send("m").refused == "unknown_message"


def test_a_process_with_message_starts_only_has_no_plain_start() -> None:
    text = "one:start(message m) -> a:user -> end\ntwo:start(message n) -> b:user -> end2"
    with pytest.raises(NoSuchStart, match="a plain start"):
        Play(text)
    assert Play(text, message="n").places == ["b"]


# -- nothing that says where ---------------------------------------------------------------------


def test_without_a_start_event_it_begins_at_all_that_no_flow_leads_to() -> None:
    play = Play("a:user -> j:and -> z:user -> end\nb:user -> j")
    assert play.places == ["a", "b"]
    assert play.do("a").do("b").places == ["z"]
    with pytest.raises(NoSuchStart):
        Play("a:user -> end", message="m")


def test_so_do_sub_processes_and_called_processes() -> None:
    inside = "a:user -> a2:user\nb:user"
    assert Play(f"start -> s:sub -> z:user -> end\ns {{\n{inside}\n}}").places == ["a", "b"]
    play = Play(f"start -> c:call(other) -> z:user -> end\n=== other\n{inside}")
    assert play.places == ["a", "b"]
    assert play.do("b").do("a").do("a2").places == ["z"]


def test_what_begins_by_itself_is_no_boundary_event_handler_or_event_sub_process() -> None:
    play = Play(
        """
        a:user -> t:throw(compensate) -> end
        a!late:timer PT1H -> b:user -> end2
        a ~> revoke:user
        h:on {
            go:start(message m) -> c:user -> end3
        }
        """
    )
    assert play.places == ["a"]
    assert play.do("a").places == ["revoke"]


# -- a catch that instantiates -------------------------------------------------------------------


def test_a_receive_task_that_instantiates() -> None:
    play = Play('r:receive(m) -> a:user -> end\nr.set instantiate="true"', {"n": 1}, message="m")
    assert play.places == ["a"]
    assert play.variables == {"n": 1}


def test_an_event_based_gateway_that_instantiates_begins_at_what_occurred() -> None:
    text = """
        r:race -> m:receive(m) -> a:user -> end
        r -> s:catch(signal s) -> b:user -> end2
        r.set instantiate="true"
        """
    assert Play(text, message="m").places == ["a"]
    assert Play(text, signal="s").places == ["b"]
    assert Play(text, start="s").places == ["b"]
    with pytest.raises(NoSuchStart):
        Play(text)


def test_begin_is_pure() -> None:
    play = Play(SEVERAL)
    given: dict[str, object] = {"n": 1}
    state, _ = begin(play.program, "p", given, T0, signal="s")
    step(play.program, state, SignalArrived("s", {"n": 2}), T0)
    assert given == {"n": 1}
