"""How a process reaches the store: by local activities, tried until the store answers.

Steps of the diagram may fail for good, which the host makes visible; those that the host itself
needs must not.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

from cases.contracts import Advanced, Settlement, Step, Variables, WakeUp, Withdrawal

START_TO_CLOSE: Final = timedelta(seconds=20)
PATIENCE: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=3)
)
"""An activity is retried until the store answers; only errors that no retry mends come back (as
non-retryable). The longest interval is what a lead still stands still when the store is back."""


class InfrastructureBroken(Exception):
    """A step that the host itself needs failed for good; fails the workflow *task*, so it is
    retried and seen."""


async def perform(activity: str, step: Step, summary: str) -> Variables:
    """Executes a step of the process. Raises ``FailureError`` when it failed for good; see
    ``meaning``."""
    result: Variables = await workflow.execute_local_activity(
        activity,
        step,
        result_type=dict,
        start_to_close_timeout=START_TO_CLOSE,
        retry_policy=PATIENCE,
        summary=summary,
    )
    return result


async def note(activity: str, step: Step, summary: str) -> None:
    """Executes a step that the host itself needs. Raises ``InfrastructureBroken``."""
    try:
        await perform(activity, step, summary)
    except FailureError as failure:
        raise InfrastructureBroken(activity) from failure


async def ask(activity: str, argument: Settlement | Withdrawal, summary: str) -> bool:
    """Tells or asks the store something of the host's own. Raises ``InfrastructureBroken``."""
    try:
        return await workflow.execute_local_activity(
            activity,
            argument,
            result_type=bool,
            start_to_close_timeout=START_TO_CLOSE,
            retry_policy=PATIENCE,
            summary=summary,
        )
    except FailureError as failure:
        raise InfrastructureBroken(activity) from failure


async def advance(wake: WakeUp, summary: str) -> Advanced:
    """Has the store's side go on until the process only waits. Raises ``InfrastructureBroken``."""
    try:
        return await workflow.execute_local_activity(
            "advance",
            wake,
            result_type=Advanced,
            start_to_close_timeout=START_TO_CLOSE,
            retry_policy=PATIENCE,
            summary=summary,
        )
    except FailureError as failure:
        raise InfrastructureBroken("advance") from failure


def meaning(failure: FailureError) -> tuple[str, str]:
    """The type of a local activity's failure and, for a BPMN error, its code; a cancelled workflow
    stays cancelled.

    The failure of a local activity comes as itself or wrapped, depending on how it was retried.
    """
    if is_cancelled_exception(failure):
        raise failure
    cause = failure.cause if isinstance(failure, ActivityError) else failure
    if not isinstance(cause, ApplicationError):
        return type(cause).__name__, ""
    return cause.type or "ApplicationError", str(cause.details[0]) if cause.details else ""
