"""What all features declare, in one place: a further feature is a line here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cases.contact import MATERIAL
from cases.messages import Language
from cases.task_kind import TaskKindDeclared
from domain.leads import tasks as of_leads

_TASKS: tuple[Iterable[TaskKindDeclared], ...] = (of_leads.TASKS,)


def task_kinds() -> Mapping[str, TaskKindDeclared]:
    """Every kind of task, by its code, in the order of the features. Raises ``ValueError`` where two declare one."""
    found: dict[str, TaskKindDeclared] = {}
    for feature in _TASKS:
        for one in feature:
            if found.setdefault(one.kind, one) is not one:
                raise ValueError(f"two features declare the kind of task {one.kind}")
    return found


def outcomes() -> tuple[str, ...]:
    """The codes of all outcomes of all kinds, each once."""
    return tuple(dict.fromkeys(code for kind in task_kinds().values() for code in kind.codes()))


def spared() -> dict[str, str]:
    """Kinds of tasks that reach a customer, with the outcome where that customer must not be called."""
    return {kind.kind: kind.spared for kind in task_kinds().values() if kind.spared is not None}


def purposes() -> tuple[str, ...]:
    """What customers are reached for: tasks that reach one, and what is sent to a nurtured customer."""
    return (*spared(), MATERIAL)


def said(names: Mapping[str, str], language: Language) -> dict[str, str]:
    """What kinds of tasks and outcomes are called, beside other names for codes and ids that a sentence may hold."""
    found: dict[str, str] = {}
    for kind in task_kinds().values():
        for code, words in ((kind.kind, kind.words), *((one.code, one.words) for one in kind.outcomes)):
            found.setdefault(code, words.zh if language == "zh" else words.en)
    return found | dict(names)
