"""Random well-formed diagrams, played at random. After every event ``Play`` checks purity and the snapshot's future."""

from __future__ import annotations

from itertools import count, cycle
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.bpmn.play import Play, fresh
from workflows.bpmn import ActivityDone, Event, MessageArrived, TaskDone, TimerFired

Block: TypeAlias = "str | tuple[str, list[Block]]"

LEAVES = st.sampled_from(["user", "service", "script", "manual", "timer", "message", "race"])


def _composite(blocks: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    some = st.lists(blocks, min_size=1, max_size=3)
    return st.tuples(
        st.sampled_from(["seq", "and", "xor", "sub", "timeout", "remind", "stop", "handler", "call", "terminate"]), some
    )


BLOCKS: st.SearchStrategy[Block] = st.recursive(LEAVES, _composite, max_leaves=12)


class _Writer:
    """Writes a block as lines of text between two given ends."""

    def __init__(self) -> None:
        self.number = count(1)
        self.called: list[str] = []
        self.messages: list[str] = []

    def new(self, prefix: str) -> str:
        return f"{prefix}{next(self.number)}"

    def message(self) -> str:
        self.messages.append(self.new("m"))
        return self.messages[-1]

    def write(self, block: Block, before: str, after: str) -> list[str]:
        """Lines that lead from ``before`` through the block to ``after``; both are ids or first mentions."""
        if isinstance(block, str):
            return self.leaf(block, before, after)
        kind, parts = block
        match kind:
            case "seq":
                joints = [before, *(f"{self.new('j')}:manual" for _ in parts[1:]), after]
                lines: list[str] = []
                for part, start, end in zip(parts, joints, joints[1:], strict=False):
                    lines += self.write(part, start.split(":")[0] if lines else start, end)
                return lines
            case "and":
                fork, join = self.new("fork"), self.new("join")
                lines = [f"{before} -> {fork}:and", f"{join}:and -> {after}"]
                return lines + [line for part in [*parts, "manual"] for line in self.write(part, fork, join)]
            case "xor":
                split, merge = self.new("split"), self.new("merge")
                lines = [f"{before} -> {split}:xor", f"{merge}:xor -> {after}", f"{split} -[else]-> {merge}"]
                for number, part in enumerate(parts):
                    step = self.new("b")
                    lines.append(f"{split} -[n = {number}]-> {step}:manual")
                    lines += self.write(part, step, merge)
                return lines
            case "call":
                key = self.new("proc")
                start, end = self.new("start"), self.new("end")
                self.called += [f"=== {key}", *self.write(("seq", parts), start, end)]
                return [f"{before} -> {self.new('call')}:call({key}) -> {after}"]
            case _:
                return self.scope(kind, parts, before, after)

    def scope(self, kind: str, parts: list[Block], before: str, after: str) -> list[str]:
        name, merge, start, end = self.new("s"), self.new("merge"), self.new("start"), self.new("end")
        around, inside = [f"{before} -> {name}:sub -> {merge}:xor -> {after}"], self.write(("seq", parts), start, end)
        match kind:
            case "timeout":
                around.append(f"{name}!{self.new('t')}:timer PT5H -> {self.new('u')}:user -> {merge}")
            case "remind":
                around.append(f"{name}+{self.new('t')}:timer R2/PT1H -> {self.new('u')}:user -> {self.new('end')}")
            case "stop":
                message = f"message {self.message()}"
                around.append(f"{name}!{self.new('c')}:{message} -> {self.new('u')}:user -> {merge}")
            case "terminate":
                fork = self.new("fork")
                inside = [f"{start} -> {fork}:and -> {self.new('u')}:user -> {self.new('end')}:end(terminate)"]
                inside += self.write(("seq", parts), fork, end)
            case "handler":
                soft = "+" if len(parts) > 1 else ""
                event = f"{self.new('e')}:start{soft}(message {self.message()})"
                handled = f"{event} -> {self.new('u')}:user -> {self.new('end')}"
                inside += [f"{self.new('h')}:on {{", handled, "}"]
            case _:
                pass
        return [*around, f"{name} {{", *inside, "}"]

    def leaf(self, kind: str, before: str, after: str) -> list[str]:
        name = self.new("n")
        match kind:
            case "timer":
                return [f"{before} -> {name}:catch(timer PT2H) -> {after}"]
            case "message":
                return [f"{before} -> {name}:catch(message {self.message()}) -> {after}"]
            case "script":
                return [f"{before} -> {name}:script({{n: 1}}) -> {after}"]
            case "race":
                merge = self.new("merge")
                return [
                    f"{before} -> {name}:race -> {self.new('c')}:catch(message {self.message()}) -> {merge}:xor",
                    f"{name} -> {self.new('c')}:catch(timer PT3H) -> {merge} -> {after}",
                ]
            case _:
                return [f"{before} -> {name}:{kind} -> {after}"]


def diagram(block: Block) -> tuple[str, list[str]]:
    """The text of a process around the block, and the messages that it knows.

    ``halt`` ends everything at any moment.
    """
    writer = _Writer()
    inside = writer.write(block, "start0", "end0")
    lines = ["start -> all:sub -> end", "all!cut:message halt -> rest:user -> endcut", "all {", *inside, "}"]
    return "\n".join([*lines, *writer.called]), writer.messages


def possible(play: Play, messages: list[str]) -> list[Event]:
    """What can happen to the instance now."""
    waiting = play.state.executions.values()
    events: list[Event] = [TaskDone(e.id, {"n": 2}) for e in waiting if e.waits == "task"]
    events += [ActivityDone(e.id, {"n": 0}) for e in waiting if e.waits == "activity"]
    events += [TimerFired(timer.timer) for timer in play.state.timers()[:1]]
    return events + [MessageArrived(name, {"said": name}) for name in messages]


def tell(play: Play, event: Event) -> None:
    if isinstance(event, TimerFired):
        play.now = max(play.now, play.state.timers()[0].due)
    play.tell(event)
    assert play.state.ended or play.state.place(), "a token was lost"
    assert not any("incident" in word for word in fresh(play))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS, st.data())
def test_every_diagram_can_be_played_to_its_end_and_leaves_nothing(block: Block, data: st.DataObject) -> None:
    text, messages = diagram(block)
    play = Play(text, {"n": 0})
    for _ in range(data.draw(st.integers(0, 12))):
        if play.state.ended:
            break
        tell(play, data.draw(st.sampled_from(possible(play, messages))))

    turn = cycle(messages)
    for _ in range(400):  # now let everything finish that can, and send a message only when nothing else can happen
        if play.state.ended:
            return
        events = possible(play, [])
        tell(play, events[0] if events else MessageArrived(next(turn)))
    raise AssertionError("the process does not come to an end")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS, st.data())
def test_a_cancelled_scope_leaves_no_task_timer_or_token(block: Block, data: st.DataObject) -> None:
    text, messages = diagram(block)
    play = Play(text, {"n": 0})
    for _ in range(data.draw(st.integers(0, 8))):
        if play.state.ended:
            return
        tell(play, data.draw(st.sampled_from(possible(play, messages) or [MessageArrived("halt")])))
    if play.state.ended or play.places == ["rest"]:
        return
    open_before = {e.id for e in play.state.executions.values() if e.waits == "task"}

    tell(play, MessageArrived("halt"))

    assert play.places == ["rest"]
    assert play.due == {}
    assert not open_before & set(play.opened), "a task was not withdrawn"
    assert len(play.state.instances) == 1
