"""A stand-in for the lead's workflow that only remembers what it was told: the relay is under test,
not the lead."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from cases.contracts import WORKFLOW, CaseInput, Message


@workflow.defn(name=WORKFLOW)
class Listener:
    """Applies nothing, ends when it is told ``erased``."""

    @workflow.init
    def __init__(self, start: CaseInput) -> None:
        self._start = start
        self._told: dict[int, str] = {start.first.seq: start.first.kind}

    @workflow.run
    async def run(self, start: CaseInput) -> list[str]:
        await workflow.wait_condition(lambda: "erased" in self._told.values())
        return list(self._told.values())

    @workflow.signal
    def tell(self, message: Message) -> None:
        self._told.setdefault(message.seq, message.kind)

    @workflow.query
    def told(self) -> list[str]:
        return [self._told[seq] for seq in sorted(self._told)]

    @workflow.query
    def start(self) -> CaseInput:
        return self._start
