"""What is asked of every address that reads, so that none is forgotten: a path of the OpenAPI
document and a query parameter of a list have to stand here.

Names in braces are subjects: things that are there, another each time (``about``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs

_SORTS = ("created", "updated", "assigned", "due")
_ORDERS = tuple(f"sort={sign}{name}" for name in _SORTS for sign in ("", "-"))
_INBOX = tuple(f"sort={sign}{name}" for name in ("due", "opened", "updated") for sign in ("", "-"))

ASKED: Final[Mapping[str, Sequence[str]]] = {
    "/api/v1/leads": (
        "",
        "total=true",
        *_ORDERS,
        *("status=working", "status=won", "status=archived&sort=created", "status=working&status=pool&sort=due"),
        *("stage=invited", "grade=H", "lamp=red", "lamp=red&sort=created", "badge=claimed", "channel={channel}"),
        *("channel={channel}&sort=created", "model={model}", "model={model}&status=working&sort=due"),
        *("region={region}", "region={region}&sort=created", "region={region}&status=working&sort=due"),
        *("region={region}&status=working&total=true", "region={region}&overdue=true"),
        *(
            "dealer={dealer}",
            "dealer={dealer}&sort=due",
            "dealer={dealer}&status=working",
            "dealer={dealer}&total=true",
        ),
        *("dealer={dealer}&status=working&sort=due", "dealer={dealer}&grade=H", "dealer={dealer}&sort=-updated"),
        *("dealer={dealer}&sort=-assigned", "dealer={dealer}&overdue=true&sort=due", "dealer={dealer}&stage=invited"),
        *(
            "owner={owner}",
            "owner={owner}&sort=due",
            "owner={owner}&status=working&sort=due",
            "owner={owner}&total=true",
        ),
        *("reason=price", "reason=wrong_number", "campaign={campaign}", "campaign={campaign}&sort=due"),
        *("external_id={external}", "customer={customer}", "overdue=true", "overdue=true&sort=due", "overdue=false"),
        *("overdue=true&total=true", "grade=N&stage=test_drive&sort=created", "status=nurture&grade=H&sort=-updated"),
        *("created_since={recent}", "created_since={past}&created_until={later}", "created_since={past}&sort=created"),
        *("updated_since={recent}&sort=updated", "updated_until={past}&sort=-updated"),
        *("assigned_since={recent}", "assigned_since={past}&assigned_until={later}&sort=assigned"),
        *("due_since={recent}", "due_until={recent}&sort=due", "due_since={recent}&due_until={ahead}&total=true"),
        *("q={phone}", "q={name}", "q=wang", "q={lead}", "q=王&status=working", "q={name}&total=true"),
    ),
    "/api/v1/leads/{lead}": ("",),
    "/api/v1/leads/{lead}/timeline": ("", "after=1"),
    "/api/v1/leads/{lead}/decisions": ("",),
    "/api/v1/leads/{lead}/place": ("",),
    "/api/v1/leads/{lead}/customer": ("",),
    "/api/v1/leads/{lead}/follow-ups": ("",),
    "/api/v1/leads/{lead}/submissions": ("",),
    "/api/v1/leads/{lead}/contracts": ("",),
    "/api/v1/leads/{lead}/edits": ("",),
    "/api/v1/leads/{lead}/closings": ("",),
    "/api/v1/leads/{lead}/notifications": ("",),
    "/api/v1/submissions": (
        *("", "total=true", "sort=received", "verdict=rejected", "verdict=duplicate", "verdict=created&sort=received"),
        *("channel={channel}", "reason=unreadable", "external_id={external}", "campaign={campaign}", "lead={lead}"),
        *("received_since={recent}", "received_since={past}&received_until={later}&total=true"),
    ),
    "/api/v1/tasks": (
        *("", "total=true", *_INBOX),
        *(
            "owner={owner}",
            "owner={owner}&sort=due",
            "owner={owner}&overdue=true",
            "owner={owner}&status=done&sort=-opened",
        ),
        *("role=consultant", "role=call_centre", "role=dealer_manager&dealer={dealer}", "dealer={dealer}"),
        *(
            "dealer={dealer}&overdue=true",
            "dealer={dealer}&total=true",
            "region={region}",
            "region={region}&overdue=true",
        ),
        *("kind=first_follow_up", "kind=confirm_closing", "case_kind=ticket", "grade=H", "lamp=red", "model={model}"),
        *("channel={channel}", "lead={lead}", "case={lead}", "overdue=true", "overdue=false", "status=done"),
        *("overdue=true&total=true", "status=done&sort=-updated", "status=done&dealer={dealer}&sort=-updated"),
        *("status=done&owner={owner}&closed_since={recent}", "status=done&closed_since={recent}&closed_until={ahead}"),
        *("opened_since={recent}", "opened_since={past}&opened_until={later}&status=done&sort=opened"),
        *("due_since={recent}&due_until={ahead}", "updated_since={recent}&status=done&sort=updated"),
        "updated_until={past}&status=done&sort=-updated",
    ),
    "/api/v1/tasks/{task}": ("",),
    "/api/v1/tickets": (
        *("", "total=true", "kind=complaint", "kind=report", "severity=red", "status=working", "dealer={dealer}"),
        *("owner={owner}", "region={region}", "about={lead}", "customer={customer}", "vin=JF1SH95F1AG000123"),
        *("open=true", "open=true&dealer={dealer}", "open=true&total=true"),
    ),
    "/api/v1/tickets/{ticket}": ("",),
    "/api/v1/tickets/{ticket}/timeline": ("",),
    "/api/v1/dealers": ("", "region={region}", "total=true"),
    "/api/v1/staff": ("", "dealer={dealer}", "role=consultant", "total=true"),
    "/api/v1/staff/{owner}/contact-points": ("",),
    "/api/v1/staff/{owner}": ("",),
    "/api/v1/network/staff/{owner}/absences": ("",),
    "/api/v1/network/changes": ("", "kind=staff", "code={owner}", "by=system", "total=true"),
    "/api/v1/regions": ("",),
    "/api/v1/regions/{region}": ("",),
    "/api/v1/cities": ("",),
    "/api/v1/models": ("",),
    "/api/v1/models/{model}": ("",),
    "/api/v1/channels": ("",),
    "/api/v1/channels/{channel}": ("",),
    "/api/v1/dealers/{dealer}": ("",),
    "/api/v1/places": ("",),
    "/api/v1/absences": ("",),
    "/api/v1/contact-points": ("",),
    "/api/v1/closures": ("",),
    "/api/v1/hours": ("",),
    "/api/v1/calendar-days": ("",),
    "/api/v1/notices": ("", "state=given_up", "total=true"),
    "/api/v1/notifications": (
        *("", "total=true", "lead={lead}", "code=task_reminder", "code=case_opened", "since={recent}"),
        "since={past}&until={later}",
    ),
    "/api/v1/incidents": ("", "open=true", "open=false", "lead={lead}", "total=true"),
    "/api/v1/instances": (
        *(
            "",
            "total=true",
            "state=running",
            "state=ended",
            "state=incident",
            "process=chase",
            "process=chase&version=1",
        ),
        *(
            "element=work",
            "process=chase&element=work",
            "process=chase&version=7",
            "lead={lead}",
            "state=running&total=true",
        ),
        "process=chase&state=running&element=work",
    ),
    "/api/v1/instances/{lead}": ("", "life=1"),
    "/api/v1/instances/{lead}/path": ("", "life=1&after=1"),
    "/api/v1/processes": ("",),
    "/api/v1/processes/lead/versions": ("",),
    "/api/v1/processes/lead/1.bpmn": ("",),
    "/api/v1/processes/chase/1/heat": ("", "from={recent}&to={ahead}"),
    "/api/v1/decisions/{decision}": ("",),
    "/api/v1/tables": ("",),
    "/api/v1/tables/grade": ("",),
    "/api/v1/tables/grade/1.dmn": ("",),
    "/api/v1/tables/grade/history": ("",),
    "/api/v1/tables/grade/drafts": ("", "open=true"),
    "/api/v1/tables/grade/shadows": ("",),
    "/api/v1/tables/grade/backtests": ("",),
    "/api/v1/rounds": ("",),
    "/api/v1/rounds/expired_shadows": ("",),
    "/api/v1/rounds/expired_shadows/runs": ("",),
    "/api/v1/rounds/expired_shadows/timeline": ("",),
    "/api/v1/texts": ("",),
}
"""By path, with subjects or what is shipped in the places of its parameters: the queries."""

NOT_ASKED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("/health/live", "/health/ready", "/metrics"), "no screen"),
    **dict.fromkeys(
        (
            *("/api/v1/cities/{code}", "/api/v1/places/{code}", "/api/v1/absences/{code}", "/api/v1/hours/{code}"),
            *("/api/v1/contact-points/{code}", "/api/v1/closures/{code}", "/api/v1/calendar-days/{code}"),
        ),
        "one row by its code; regions, dealers and people are asked in the same way",
    ),
    **dict.fromkeys(
        (
            *("/api/v1/processes/{key}/difference", "/api/v1/tables/{key}/difference"),
            *(f"/api/v1/tables/{{key}}/drafts/{{draft_id}}{end}" for end in ("", ".dmn", "/difference", "/comments")),
        ),
        "computes over one file or two, whatever there is beside",
    ),
    **dict.fromkeys(
        (
            *("/api/v1/incidents/retries/{batch_id}", "/api/v1/migrations/{batch_id}", "/api/v1/shadows/{shadow_id}"),
            *("/api/v1/shadows/{shadow_id}/lines", "/api/v1/backtests/{backtest_id}"),
            *("/api/v1/backtests/{backtest_id}/lines", "/api/v1/backtests/{backtest_id}/lines.csv"),
        ),
        "what came of one statement: read by its id and the number of a line",
    ),
}
"""Addresses that are left out, and why."""

_PAGING = frozenset({"cursor", "limit"})
_ALWAYS = _PAGING | {"total", "Baton-Actor", "If-None-Match"}


def forgotten(document: Mapping[str, Any]) -> Iterator[str]:
    """Addresses and query parameters of an OpenAPI document that nothing is asked about."""
    for path, operations in document["paths"].items():
        if "get" not in operations or path in NOT_ASKED:
            continue
        queries = [query for asked, found in ASKED.items() if _same(path, asked) for query in found]
        if not queries:
            yield path
            continue
        named = {name for query in queries for name in parse_qs(query, keep_blank_values=True)}
        for parameter in operations["get"].get("parameters", ()):
            if parameter["in"] == "query" and parameter["name"] not in named | _ALWAYS | _BESIDES.get(path, set()):
                yield f"{path}?{parameter['name']}="


_BESIDES: Final[Mapping[str, set[str]]] = {
    "/api/v1/decisions/{decision_id}": {"candidate"},
    "/api/v1/texts": {"language"},
}
"""Parameters that choose what of one row is shown."""


def _same(path: str, asked: str) -> bool:
    """Whether what is asked is an address of this path."""
    ours, theirs = asked.split("/"), path.split("/")
    return len(ours) == len(theirs) and all(
        their == our or ("{" in their and _fits(their, our)) for our, their in zip(ours, theirs, strict=True)
    )


def _fits(their: str, our: str) -> bool:
    head, tail = their[: their.index("{")], their[their.rindex("}") + 1 :]
    return our.startswith(head) and our.endswith(tail) and len(our) > len(head + tail)
