"""Ways to make the same decisions: Baton's door, durable-rules' own ``post``, GoRules zen, the
plain evaluator.

``post`` gets what Baton has to work out first: messages of the right types under an id of their
own. It answers which rule fired and nothing else. zen gets the table as a decision table of its own
format, in its fast form: a loader that returns content which was read before.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import zen

import rules
from rules import reference
from rules.compiler import Plan, compile_table
from rules.model import Decision, Table

Inputs = Mapping[str, Any]
Decide = Callable[[int], object]
"""Makes so many decisions."""


@dataclass(frozen=True)
class Timed:
    """Decisions a second of CPU and of wall time."""

    cpu: float
    wall: float


def timed(decide: Decide, count: int) -> Timed:
    """One measurement; clocks that stand still count as a microsecond."""
    wall, cpu = time.perf_counter(), time.process_time()
    decide(count)
    return Timed(count / max(time.process_time() - cpu, 1e-6), count / max(time.perf_counter() - wall, 1e-6))


def ours(decision: Decision, asked: Sequence[Inputs]) -> Decide:
    """The public API."""
    return cycled(lambda inputs: rules.decide(decision, inputs), asked)


def plain(decision: Decision, asked: Sequence[Inputs]) -> Decide:
    """The reference evaluator."""
    return cycled(lambda inputs: reference.decide(decision, inputs), asked)


def gorules(decision: Decision, asked: Sequence[Inputs]) -> Decide:
    """zen, after it has given the same outputs for all that is asked.

    Raises:
        RuntimeError: it has not.
    """
    evaluate = zen_of(decision)
    for inputs in asked:
        expected, got = rules.decide(decision, inputs).outputs, evaluate(inputs)["result"]
        if got != _said(expected):
            raise RuntimeError(f"zen says {got} instead of {expected} for {inputs}")
    return cycled(evaluate, asked)


def _said(outputs: Any) -> Any:
    """Outputs as zen gives them, which leaves out those that are null."""
    if isinstance(outputs, Mapping):
        return {name: value for name, value in outputs.items() if value is not None}
    return outputs


def zen_of(decision: Decision) -> Callable[[Inputs], dict[str, Any]]:
    """The table as zen reads it. Its cells mean the same to both as long as they are values, lists
    and ranges."""
    table = table_of(decision)
    columns = [(f"i{place}", column.expression.text) for place, column in enumerate(table.columns)]
    outputs = [(f"o{place}", output.name or decision.variable) for place, output in enumerate(table.outputs)]
    content = {
        "hitPolicy": "first" if table.policy.single else "collect",
        "inputs": [{"id": key, "name": name, "field": name} for key, name in columns],
        "outputs": [{"id": key, "name": name, "field": name} for key, name in outputs],
        "rules": [
            {
                "_id": rule.id,
                **{
                    key: cell.text if cell.node.tests else ""
                    for (key, _), cell in zip(columns, rule.cells, strict=True)
                },
                **{key: output.text for (key, _), output in zip(outputs, rule.outputs, strict=True)},
            }
            for rule in table.rules
        ],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in (("in", "table"), ("table", "out"))
    ]
    read = zen.ZenDecisionContent(json.dumps({"nodes": nodes, "edges": edges}))
    held: Any = zen.ZenEngine({"loader": lambda _: read})
    return lambda inputs: held.evaluate("table", inputs)


def post(name: str, decision: Decision, asked: Sequence[Inputs]) -> Decide:
    """durable-rules as its authors offer it, with the rules that Baton compiles the table to."""
    from durable.engine import Host  # pyright: ignore[reportMissingTypeStubs]

    class Quiet(Host):
        def _run(self) -> None:
            """No background threads: they would crash beside a second ruleset."""

    fired = [0]

    def act(_: object) -> None:
        fired[0] += 1

    plan = compile_table(table_of(decision))
    definition = {rule: {**body, "run": act} for rule, body in json.loads(plan.definition).items()}
    host = Quiet({name: definition})
    ids = itertools.count(1)
    messages = [_without_id(message_of(plan, decision, inputs)) for inputs in asked]

    def run(count: int) -> None:
        before = fired[0]
        for message in itertools.islice(itertools.cycle(messages), count):
            host.post(name, {**message, "id": next(ids)})
        assert fired[0] - before == count, "a rule did not fire"

    return run


def native(decision: Decision, asked: Sequence[Inputs]) -> Decide:
    """durable-rules' C part alone, as Baton drives it: a fact in, the rules that fire, the fact
    out."""
    import durable_rules_engine as module  # pyright: ignore[reportMissingImports, reportMissingTypeStubs]

    c: Any = module
    plan = compile_table(table_of(decision))
    handle = c.create_ruleset(f"native-{decision.key}-{id(plan)}", plan.definition)

    def decide(message: str) -> None:
        code, state = c.assert_fact(handle, message)
        if code == 0:
            fired = c.start_action_for_state(handle, state)[1]
            while fired:
                fired = c.complete_and_start_action(handle, state)
        c.retract_fact(handle, message)

    return cycled(decide, [message_of(plan, decision, inputs) for inputs in asked])


def cycled(decide: Callable[[Any], object], asked: Sequence[Any]) -> Decide:
    """The same cases, over and over."""

    def run(count: int) -> None:
        for inputs in itertools.islice(itertools.cycle(asked), count):
            decide(inputs)

    return run


def table_of(decision: Decision) -> Table:
    """The decision's table, which it must have."""
    assert isinstance(decision.logic, Table)
    return decision.logic


def message_of(plan: Plan, decision: Decision, inputs: Inputs) -> str:
    """The message that Baton makes of these inputs."""
    values = tuple(column.expression.run(dict(inputs)) for column in table_of(decision).columns)
    return plan.message % plan.positions(values)


def _without_id(message: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(message).items() if name != "id"}
