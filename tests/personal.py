"""Every column of the schema that can hold words, and what is in it: the one list that tests of
privacy go by.

A new column has to be put into one of the sets; ``tests/api/test_erasure.py`` holds them to what is
really written.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ARRAY, String
from sqlalchemy.dialects.postgresql import JSONB

from cases.lead_facts import PLAIN, Reads
from store.models import Base

NO_WORDS = (Reads.FLAG, Reads.NUMBER)

PERSONAL = {
    *("customers.name", "customers.phone", "customers.wechat", "customers.city", "customers.labels"),
    *("customers.email", "customers.company", "customers.gender", "customers.further", "customers.call_said"),
    *("customer_keys.keys", "customer_edits.before", "customer_edits.after"),
    *("leads.raw", "leads.province", "leads.city", "leads.district", "leads.campaign", "leads.external_id"),
    *("leads.utm", "leads.consents"),
    *(f"leads.{fact.column}" for fact in PLAIN if fact.personal and fact.reads not in NO_WORDS),
    *("submissions.raw", "submissions.campaign", "submissions.external_id", "submissions.fingerprint"),
    "submissions.trace",
    *("case_words.text", "vehicles.vin", "vehicles.plate"),
}
"""A customer's words or words about them: erasure blanks these columns."""

RECORDS = {"contracts.number"}
"""A person's word that stays: the number under which the sale is in the books."""

OF_STAFF = {
    *("staff.name", "contact_points.address", "network_changes.before", "network_changes.after", "absences.reason"),
    *("closures.reason", "deliveries.last_error", "dealers.name", "regions.name", "cities.name", "dealers.city"),
}
"""About the network and those who work in it."""

OF_POLICY = {
    *("batches.reason", "batches.orders", "decision_tables.name", "decision_tables.comment"),
    *("process_definitions.name", "process_definitions.comment", "table_drafts.name", "table_drafts.reason"),
    *("table_events.reason", "table_events.data", "shadows.reason", "table_draft_comments.text"),
    *("table_draft_comments.row", "table_draft_comments.column", "table_draft_revisions.note", "backtests.problem"),
    *("car_models.name", "car_models.aliases", "channels.name", "calendar_days.name", "shadow_lines.problem"),
}
"""What people write about processes, tables and lists."""

ANSWERS = {"idempotency_keys.key", "idempotency_keys.body", "incidents.message", "batch_items.message"}
"""Made by Baton or a caller's program, of codes and ids: nothing that a customer typed gets
there."""

CODES: Mapping[str, str] = {
    "absences": "code",
    "assignments": "by kind reason",
    "backtest_lines": "kind new old",
    "backtest_parts": "totals",
    "backtests": "asked_by key sha256 state totals",
    "batch_items": "key reasons result",
    "batches": "actor kind",
    "candidate_parts": "said",
    "car_models": "certificate code",
    "channels": "code parent side",
    "cities": "region",
    "case_words": "by field",
    "closures": "code",
    "cases": "facts kind lamp level number outcome place process_key process_sha256 region stage status",
    "contact_points": "channel code",
    "contracts": "cancel_reason cancelled_as model payment price_tier",
    "customer_edits": "by field",
    "customers": "call_hours",
    "dealers": "certificates code models region",
    "decision_tables": "key published_by sha256 withdrawn_by",
    "decided": "candidates key",
    "decision_contents": "element inputs key matched result",
    "deliveries": "channel leased_by",
    "departure_leads": "became",
    "departures": "by why",
    "executed_steps": "element key result",
    "wake_ups": "run cause ran",
    "follow_ups": "channel counts grade outcome stage",
    "idempotency_keys": "request_sha256",
    "incentive_entries": "kind",
    "incidents": "element key kind resolved_by",
    "bundles": "called runs",
    "instances": "outcome place process_key process_sha256 snapshot",
    "leads": " ".join(fact.column for fact in PLAIN if not fact.personal and fact.reads not in NO_WORDS)
    + " badges best_grade best_stage channel closing grade_reason model place_code suspects unread",
    "materials": "channel code",
    "network_changes": "by code kind",
    "notice_channels": "channel",
    "notifications": "code data to_role",
    "outbox": "data kind last_error",
    "process_definitions": "calls deployed_by key sha256",
    "region_places": "place region",
    "regions": "code",
    "round_runs": "asked_by period position round",
    "shadow_lines": "changes new old",
    "shadows": "key sha256 started_by stopped_by",
    "sla_clocks": "about counting grade kind lamp paused_why",
    "snapshots": "content kind",
    "sounds": "sign sounds",
    "staff": "certificates code language region rest_days role skills",
    "submissions": "channel reasons verdict",
    "table_draft_comments": "by",
    "table_draft_revisions": "by sha256",
    "table_drafts": "closed_by created_by edited_by key state",
    "table_events": "actor code key",
    "task_results": "fields outcome",
    "tasks": "case_kind closed_because element kind outcome role status why",
    "timeline": "actor code element data",
    "vehicles": "model",
    "stands": "marks",
    "stays": "element execution how process via",
    "ways": "steps",
    "working_hours": "code hours region team",
}
"""Codes, ids, instants and numbers that Baton writes, by table."""

DECLARED = (
    PERSONAL,
    RECORDS,
    OF_STAFF,
    OF_POLICY,
    ANSWERS,
    {f"{table}.{column}" for table, columns in CODES.items() for column in columns.split()},
)
"""All of them; a column is in one."""


def words_of_schema() -> set[str]:
    """Every column of text, JSON or lists of texts, as ``table.column``."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSONB | ARRAY)
    }
