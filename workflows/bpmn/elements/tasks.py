"""Tasks (BPMN 2.0.2, 10.3.3; 13.3.2): what machines, people and messages do."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from rules.feel import handed_on
from rules.feel.times import iso
from workflows.bpmn.elements.base import Behaviour
from workflows.bpmn.elements.catches import Catch
from workflows.bpmn.lifecycle import Stuck
from workflows.bpmn.model import Data, Element
from workflows.bpmn.protocol import OpenTask, RunActivity, SendMessage
from workflows.bpmn.timing import instant

if TYPE_CHECKING:
    from workflows.bpmn.model import Template
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class PassTask(Behaviour):
    """Plain and manual task: nothing for the engine to do; the token passes through."""


class ServiceTask(Behaviour):
    """Runs an activity; its data are the input mappings only."""

    waits = "activity"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        self.again(run, execution, element)
        return None

    def again(self, run: Run, execution: Execution, element: Element) -> bool:
        data = self.data(run, execution, element)
        run.commands.append(RunActivity(execution.id, element.id, element.name, element.work.activity, data))
        return True

    def data(self, run: Run, execution: Execution, element: Element) -> Data:
        """What the activity is given."""
        return run.assigned(element.inputs, run.variables(execution)) if element.inputs else {}

    def withdraw(self, run: Run, execution: Execution, element: Element) -> None:
        run.take_back_activity(execution)


class BusinessRuleTask(ServiceTask):
    """A service task that names a decision; ``baton:result`` keeps the whole result under one
    name."""

    def data(self, run: Run, execution: Execution, element: Element) -> Data:
        return {**super().data(run, execution, element), "decision": element.work.decision}

    def write(self, run: Run, execution: Execution, element: Element, variables: Data) -> Data:
        if element.work.result:
            return {element.work.result: execution.data or {}}
        return super().write(run, execution, element, variables)


class UserTask(Behaviour):
    """A person does it; kind, role, due, why and about are worked out when the task opens."""

    waits = "task"

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        variables, work = run.variables(execution), element.work
        kind, role = _text(run, work.kind, variables), _text(run, work.role, variables)
        due = _due(run, work.due, variables)
        why, about = _said(run, "why", work.why, variables), _said(run, "about", work.about, variables)
        if due is not None:
            run.show_due(execution, due)
        shown = None if due is None else iso(due, in_utc=True)
        run.commands.append(OpenTask(execution.id, element.id, element.name, kind, role, shown, why, about))
        return None

    def withdraw(self, run: Run, execution: Execution, element: Element) -> None:
        run.take_back_task(execution)


class ScriptTask(Behaviour):
    """An S-FEEL expression; a context as result is merged into the variables, anything else needs
    ``baton:result``."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        assert element.work.script is not None
        variables = run.variables(execution)
        seen = {**variables, **run.assigned(element.inputs, variables)} if element.inputs else variables
        result = handed_on(run.evaluated(element.work.script, seen))
        if element.work.result:
            return {element.work.result: result}
        if isinstance(result, dict):
            return cast(Data, result)
        raise Stuck("condition_failed", "the script's result is no context; name it with baton:result")


class SendTask(Behaviour):
    """Sends a message and goes on; nobody waits for an answer."""

    def enter(self, run: Run, execution: Execution, element: Element) -> Data | None:
        assert element.trigger is not None and element.trigger.ref is not None
        data = run.assigned(element.inputs, run.variables(execution))
        run.commands.append(SendMessage(execution.id, element.id, element.name, element.trigger.ref, data))
        return {}


class ReceiveTask(Catch):
    """Waits for a message, as a message catch event does, and can have boundary events."""


def _text(run: Run, template: Template | None, variables: Data) -> str:
    value = None if template is None else run.value(template, variables)
    if isinstance(value, str):
        return value
    raise Stuck("condition_failed", "kind and role of a user task have to be texts")


def _due(run: Run, template: Template | None, variables: Data) -> datetime | None:
    value = None if template is None else run.value(template, variables)
    if value is None or value == "":
        return None
    if isinstance(value, str | date):
        return instant(value)
    raise Stuck("condition_failed", "due has to be a date and time")


def _said(run: Run, name: str, template: Template | None, variables: Data) -> str | None:
    value = None if template is None else run.value(template, variables)
    if value is None or isinstance(value, str):
        return value or None
    raise Stuck("condition_failed", f"{name} has to be a text")
