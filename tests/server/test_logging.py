"""A canary goes in by every way that a log line can be made, and comes out by none."""

from __future__ import annotations

import json
import logging as stdlib
import sys
from collections.abc import Iterator

import pytest
import structlog

from cases.errors import Conflict
from server import logging

NAME, PHONE = "金丝雀", "13912345678"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = stdlib.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    sys.excepthook = hook
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_says_what_where_when_and_which_part(capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure("worker", form="json")
    structlog.get_logger("relay").info("delivered", lead="018f", count=3)
    (line,) = lines(capsys)
    assert line["event"] == "delivered" and line["part"] == "worker" and line["logger"] == "relay"
    assert line["lead"] == "018f" and line["count"] == 3 and str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_way_of_logging_shows_a_customer(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure("api", form=form)
    ours, theirs = structlog.get_logger("x"), stdlib.getLogger("temporalio.activity")

    # when a customer is logged as a field, nested, in an exception, in its cause, and in somebody
    # else's text
    ours.info("seen", name=NAME, phone=PHONE, data={"customer": {"name": NAME}, "rows": [{"mobile": PHONE}]})
    try:
        try:
            raise ValueError(f"bad row {NAME} {PHONE}")
        except ValueError as cause:
            raise RuntimeError(NAME) from cause
    except RuntimeError:
        ours.exception("failed")
        theirs.warning("Completing activity as failed", exc_info=True, extra={"name_of": NAME})
    theirs.error("could not parse %s", f"+86 {PHONE}")
    ours.warning("number 139 1234 5678 refused")

    # then nothing of it is written
    written = capsys.readouterr().err
    assert NAME not in written
    assert PHONE not in written and "139 1234 5678" not in written
    assert "RuntimeError" in written and "ValueError" in written and "test_logging.py" in written


def test_our_own_errors_keep_their_code(capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure("api", form="json")
    try:
        raise Conflict("task_not_open")
    except Conflict:
        structlog.get_logger().exception("refused")
    (line,) = lines(capsys)
    assert "task_not_open" in str(line["exception"])


def test_an_id_is_not_taken_for_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure("api", form="json")
    lead = "01893912-3456-7813-8912-345678139123"
    structlog.get_logger().info("seen", lead=lead, workflow=f"lead-{lead}")
    (line,) = lines(capsys)
    assert line["lead"] == lead and line["workflow"] == f"lead-{lead}"


def test_requests_are_not_logged_with_their_query() -> None:
    logging.configure("api", form="json")
    assert stdlib.getLogger("uvicorn.access").disabled


def test_a_crash_is_a_line_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logging.configure("worker", form="json")
    error = KeyError(NAME)
    sys.excepthook(type(error), error, None)
    (line,) = lines(capsys)
    assert line["event"] == "crashed" and line["exception"] == "KeyError"
