"""Logs: one line an event, JSON for machines or coloured for people, and never a customer's data.

Three nets hold personal data back: known personal fields are dropped, an exception that is not ours
is logged by type and place without its text (drivers and parsers quote values), and a mobile number
in any text is blacked out.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

from cases.errors import BatonError

PERSONAL = frozenset(
    {"name", "phone", "mobile", "wechat", "email", "address", "text", "note", "content", "answer", "body", "payload"}
    | {"customer", "contact", "person", "plate", "birthday", "params", "parameters", "row"}
)
"""Field names that an event may not carry; the field stays, its value goes."""

_SPEAKING = (BatonError,)
"""Exceptions whose text is ours and free of personal data."""

_NUMBER = re.compile(r"(?<![0-9A-Fa-f-])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![0-9A-Fa-f-])")
_GONE = "···"
_FOREIGN = ("temporalio", "uvicorn", "sqlalchemy", "alembic", "asyncio", "apscheduler", "httpx", "py.warnings")

_Event = MutableMapping[str, Any]


def configure(part: str, level: str = "info", form: str = "auto") -> None:
    """Send every log of this process, structlog's and the standard library's, to stderr in one
    form.

    ``part`` names the process in each line; ``form`` is ``json``, ``console`` or ``auto`` (console
    on a terminal).
    """
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _PartOf(part),
        hide_personal,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, hide_exception, black_out, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    sys.excepthook = _crashed  # Python's own would print the exception's text
    for name in _FOREIGN:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # Uvicorn's access log writes query strings, and people search by phone number.
    logging.getLogger("uvicorn.access").disabled = True
    # Libraries at INFO tell their own story, not Baton's.
    for name in ("alembic", "sqlalchemy", "httpx", "faker", "uvicorn", "temporalio.worker"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("runtime").critical("crashed", exc_info=(kind, error, trace))


def hide_personal(logger: Any, method: str, event: _Event) -> _Event:
    """Net one: personal fields lose their value, at any depth."""
    return {key: _GONE if key.lower() in PERSONAL else _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _GONE if str(k).lower() in PERSONAL else _clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(_clean(item) for item in value) if type(value) in (list, tuple) else value
    return value


def hide_exception(logger: Any, method: str, event: _Event) -> _Event:
    """Net two: an exception is where it happened and what type it has; its words only if they are
    ours."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[1] is not None:
        event["exception"] = "\n".join(_told(info[1]))
    return event


def _told(error: BaseException, seen: frozenset[int] = frozenset()) -> list[str]:
    lines = _frames(error.__traceback__)
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    lines.append(f"{kind}: {error}" if isinstance(error, _SPEAKING) else kind)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        lines = [*_told(cause, seen | {id(error)}), "which led to", *lines]
    return lines


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]


def black_out(logger: Any, method: str, event: _Event) -> _Event:
    """Net three: a mobile number in a text that somebody else wrote."""
    return {key: _NUMBER.sub(_GONE, value) if isinstance(value, str) else value for key, value in event.items()}


class _PartOf:
    """Names the process in every line."""

    def __init__(self, part: str) -> None:
        self._part = part

    def __call__(self, logger: Any, method: str, event: _Event) -> _Event:
        event.setdefault("part", self._part)
        return event
