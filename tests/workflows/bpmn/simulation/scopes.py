"""Writes blocks that are activities: with events around or in them, done again and again, undone,
cancelled."""

from __future__ import annotations

from collections.abc import Callable

from tests.workflows.bpmn.simulation.blocks import TASKS, Block
from tests.workflows.bpmn.simulation.writer import COMPOSITES, Piece, Writer

GUARDS = ("message", "timer", "cycle", "signal", "conditional", "error", "escalation", "any", "all", "all true", "late")
LOOPS = (
    ("loop loopCounter < 3",),
    ("loop before loopCounter < 2",),
    ("max 2",),
    ("loop n = 0", "max 2"),
    ("each x in [1, 2]", "collect xs = x * 2"),
    ("each sequential x in [1, 2]", "collect xs = loopCounter"),
    ("times 3", "until numberOfCompletedInstances >= 2"),
    ("times sequential 3", "until n = 2"),
    ("each x in [1, 2, 3]", "until n = 1", "collect xs = n"),
    ("times 0",),
    ("each x in {cure}",),
)


def activity(writer: Writer, variant: int, parts: list[Block], inside: tuple[str, ...] = ()) -> Piece:
    """The parts as one activity: a task, or a scope in which there may be more."""
    if not inside and len(parts) == 1 and parts[0] in TASKS:
        return writer.write(parts[0])
    return scope(writer, ("sub", "tx", "call", "sub")[variant % 4], parts, inside)


def scope(writer: Writer, kind: str, parts: list[Block], inside: tuple[str, ...] = ()) -> Piece:
    """The parts in a sub-process, a transaction or a called process."""
    name, body = writer.new("a"), writer.body(parts)
    if kind == "call":
        key = writer.new("proc")
        writer.called += [f"=== {key}", *body, *inside]
        given = [f"{name}.in {variable} = ={variable}" for variable in ("n", *writer.names.cures)]
        return Piece(name, name, [f"{name}:call({key})", *given])
    own = [f"{name}.in n = =n", f"{name}.out n = =n"] if len(name) % 2 else []  # variables of its own
    return Piece(name, name, [f"{name}:{kind}", *own, f"{name} {{", *body, *inside, "}"])


def _plain(kind: str) -> Callable[[Writer, int, list[Block]], Piece]:
    return lambda writer, variant, parts: scope(writer, kind, parts)


def _guard(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    """An event at the boundary of an activity, interrupting or not."""
    kind, soft = GUARDS[variant % len(GUARDS)], variant // len(GUARDS) % 2 and variant % len(GUARDS) != 5
    trigger = writer.trigger(kind)
    inside = _thrower(writer, kind, trigger)
    host = activity(writer, variant // 2, parts, inside)
    merge, event = writer.new("merge"), writer.new("b")
    after = f"{writer.new('end')}" if soft else merge
    if kind in ("error", "escalation") and variant % 3 == 0:
        trigger = kind  # whatever the code
    lines = [*host.lines, f"{host.last} -> {merge}:xor", f"{host.first}{'+' if soft else '!'}{event}:{trigger}"]
    lines += _again(writer, host.first, variant // 3) if variant % 3 == 0 else []
    return Piece(host.first, merge, [*lines, f"{event} -> {writer.new('u')}:user -> {after}"])


def _thrower(writer: Writer, kind: str, trigger: str) -> tuple[str, ...]:
    """A second thread in a scope, begun by a message, that throws what its boundary or another
    handler catches."""
    if kind not in ("error", "escalation", "signal"):
        return ()
    go, code, way = writer.message(), trigger.split()[-1], writer.new("on")
    begun = f"{writer.new('start')}:start+(message {go})"
    return (f"{way}:on {{", f"{begun} -> {writer.new('end')}:end({kind} {code})", "}")


def _handler(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    """An event sub-process in a scope, interrupting or not."""
    kind, soft = GUARDS[variant % len(GUARDS)], variant // len(GUARDS) % 2 and variant % len(GUARDS) != 5
    trigger = writer.trigger(kind)
    thrown = _thrower(writer, kind, trigger)
    way, start = writer.new("on"), f"{writer.new('start')}:start{'+' if soft else ''}({trigger})"
    last = parts[-1:] if len(parts) > 1 else ["user"]
    row = writer.row(last)
    handler = (f"{way}:on {{", *row.lines, f"{start} -> {row.first}", f"{row.last} -> {writer.new('end')}", "}")
    host = activity(writer, variant, parts[:2], (*thrown, *handler))
    return Piece(*host[:2], [*host.lines, *(_again(writer, host.first, variant // 3) if variant % 3 == 1 else [])])


def _loop(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    host = activity(writer, variant // len(LOOPS), parts)
    return Piece(*host[:2], [*host.lines, *_again(writer, host.first, variant)])


def _again(writer: Writer, name: str, variant: int) -> list[str]:
    """An activity becomes a loop."""
    said = LOOPS[variant % len(LOOPS)]
    return [f"{name}.{one.format(cure=writer.cure([1, 2])) if 'cure' in one else one}" for one in said]


def _each(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    host = activity(writer, variant, parts)
    return Piece(*host[:2], [*host.lines, f"{host.first}.each x in [1, 2]"])


def _undo(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    """An activity that is done and then undone, by a throw or by the end of its scope."""
    done = activity(writer, variant, parts[:1])
    by = ("service", "user", "script({undone: true})")[variant % 3]
    handler = writer.new("undo")
    lines = [*done.lines, f"{done.first} ~> {handler}:{by}"]
    writer.undoes.append((done.first, handler))
    if variant % 5 == 0:
        lines += [f"{done.first}.times 2"]
    ref = f" {done.first}" if variant % 2 else ""
    rest = writer.row([*parts[1:], "manual"])
    scope, start, end = writer.new("s"), writer.new("start"), writer.new("end")
    lines += [*rest.lines, f"{start} -> {done.first}", f"{done.last} -> {rest.first}"]
    throw = f":throw(compensate{ref}) -> {end}" if variant % 4 else f":end(compensate{ref})"
    lines.append(f"{rest.last} -> {writer.new('end' if ':end' in throw else 't')}{throw}")
    return Piece(scope, scope, [f"{scope}:{('sub', 'tx')[variant % 2]}", f"{scope} {{", *lines, "}"])


def _parts_undone(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    """A sub-process that is compensated by its own event sub-process, or part by part."""
    undone, inner = writer.new("s"), writer.new("a")
    way = f"{writer.new('on')}:on"
    by = f"{writer.new('start')}:start(compensate) -> {writer.new('u')}:user -> {writer.new('end')}"
    row = writer.row(parts)
    lines = [f"{undone}:sub", f"{undone} {{", f"{writer.new('start')} -> {inner}:service"]
    handler = writer.new("undo")
    if not variant % 2:
        writer.undoes.append((inner, handler))
    lines += [f"{inner} ~> {handler}:service", *row.lines, f"{inner} -> {row.first}"]
    lines += [f"{row.last} -> {writer.new('end')}", *([f"{way} {{", by, "}"] if variant % 2 else []), "}"]
    if variant % 3 == 0:
        lines.append(f"{undone}.each x in [1, 2]")
    throw = writer.new("t")
    return Piece(undone, throw, [*lines, f"{undone} -> {throw}:throw(compensate {undone})"])


def _cancel(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    """A transaction that is cancelled by one of its ends, beside what else may run in it."""
    name, event, merge, first = writer.new("a"), writer.new("b"), writer.new("merge"), writer.new("n")
    choice, fork, row = writer.new("split"), writer.new("fork"), writer.row(parts)
    lines = [*row.lines, f"{writer.new('start')} -> {first}:service -> {fork}:and -> {row.first}"]
    lines += [f"{first} ~> {writer.new('undo')}:{('user', 'service')[variant % 2]}"]
    lines += [f"{row.last} -> {writer.new('end')}", f"{fork} -> {writer.new('n')}:user -> {choice}:xor"]
    lines += [f"{choice} -[n = 1]-> {writer.new('end')}:end(cancel)", f"{choice} -[else]-> {writer.new('end')}"]
    around = [f"{name}:tx -> {merge}:xor", f"{name}!{event}:cancel -> {writer.new('u')}:user -> {merge}"]
    if variant % 5 == 0:
        around += _again(writer, name, variant // 5)
    if variant % 3 == 0:
        around.append(f"{name}!{writer.new('b')}:timer PT5H -> {merge}")
    if variant % 4 == 0:
        begun = f"{writer.new('start')}:start+(timer R2/PT1H) -> {writer.new('end')}"
        lines += [f"{writer.new('on')}:on {{", begun, "}"]
    return Piece(name, merge, [*around, f"{name} {{", *lines, "}"])


def _terminate(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    name, fork, row = writer.new("s"), writer.new("fork"), writer.row(parts)
    lines = [*row.lines, f"{writer.new('start')} -> {fork}:and -> {row.first}", f"{row.last} -> {writer.new('end')}"]
    lines.append(f"{fork} -> {writer.new('u')}:user -> {writer.new('end')}:end(terminate)")
    return Piece(name, name, [f"{name}:sub", f"{name} {{", *lines, "}"])


def _implicit(writer: Writer, variant: int, parts: list[Block]) -> Piece:
    """A sub-process without start events: it begins wherever no flow leads to."""
    name = writer.new("s")
    ends = (
        f"end(message {writer.new('out')})",
        f"end(signal {writer.new('sig')})",
        f"end(escalation {writer.new('up')})",
    )
    last = (*ends, f"end(any message {writer.new('out')}, signal {writer.new('sig')})", "end")[variant % 5]
    beside = f"{writer.new('n')}:user -> {writer.new('end')}:{last}" if last != "end" else f"{writer.new('n')}:user"
    return Piece(name, name, [f"{name}:sub", f"{name} {{", *writer.body(parts, begins=False), beside, "}"])


COMPOSITES.update(
    {
        **{kind: _plain(kind) for kind in ("sub", "tx", "call")},
        "guard": _guard,
        "handler": _handler,
        "loop": _loop,
        "each": _each,
        "undo": _undo,
        "parts undone": _parts_undone,
        "cancel": _cancel,
        "terminate": _terminate,
        "implicit": _implicit,
    }
)
