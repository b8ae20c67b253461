"""Customers, their leads, and everything people stated about them (A3–A8, A13, A14, A16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, column, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, synonym

from cases.lead_facts import PLAIN
from cases.states import CaseKind
from store.models.base import (
    NEVER,
    Base,
    CaseId,
    Code,
    Codes,
    Id,
    Instant,
    JsonList,
    JsonObject,
    LeadId,
    plain_column,
)
from store.models.case import Case


class Customer(Base):
    """潜客: the person behind one or more leads. With submissions and texts the only place of
    personal data."""

    __tablename__ = "customers"
    __table_args__ = (
        Index("ix_customers_head", "phone", postgresql_ops={"phone": "text_pattern_ops"}),
        Index(
            "ix_customers_tail",
            func.reverse(func.split_part(column("phone"), ";", 1)).label("tail"),
            postgresql_ops={"tail": "text_pattern_ops"},
        ),
        Index(
            "ix_customers_wechat_head",
            func.lower(column("wechat")).label("head"),
            postgresql_ops={"head": "text_pattern_ops"},
        ),
        Index("ix_customers_further", "further", postgresql_using="gin"),
    )
    id: Mapped[Id]
    name: Mapped[str | None]
    phone: Mapped[str | None]  # E.164
    wechat: Mapped[str | None] = mapped_column(index=True)
    city: Mapped[str | None]
    email: Mapped[str | None]
    gender: Mapped[str | None]  # male | female
    company: Mapped[str | None]
    further: Mapped[Codes]  # what else they gave: phone:…, wechat:… (proven), email:…, name:…, company:…
    do_not_call: Mapped[bool] = mapped_column(default=False)
    call_hours: Mapped[Codes]  # when to be called, if at all (cases.contact)
    call_said_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    call_said: Mapped[str | None]  # in the customer's words, or a person's reason
    labels: Mapped[Codes]
    created_at: Mapped[Instant]
    erased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Lead(Case):
    """线索: one interest in a car. Facts as cleaned, and of its state what no other kind of case has.

    An attribute of ``Case`` is a column of ``cases``; ``grade`` is what a lead calls its level,
    ``created_at`` the instant at which Baton accepted it (locked). The view ``whole_leads`` has all
    of it under these names.
    """

    __tablename__ = "leads"
    __table_args__ = (
        Index("ix_leads_assigned", text(f"coalesce(assigned_at, {NEVER})"), "id"),
        Index("ix_leads_attached_to", "attached_to", postgresql_where=text("attached_to IS NOT NULL")),
        Index("ix_leads_campaign", "campaign", postgresql_where=text("campaign IS NOT NULL")),
        Index("ix_leads_external_id", "external_id", postgresql_where=text("external_id IS NOT NULL")),
        Index(
            "ix_leads_closing_reason",
            text("(closing ->> 'reason')"),
            postgresql_where=text("(closing ->> 'reason') IS NOT NULL"),
        ),
    )
    __mapper_args__ = {"polymorphic_identity": CaseKind.LEAD}  # noqa: RUF012 (the name that SQLAlchemy reads)
    id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    grade = synonym("level")
    created_at = synonym("opened_at")
    channel: Mapped[str] = mapped_column(ForeignKey("channels.code"), index=True)  # locked
    stated_at: Mapped[Instant]  # when the customer left it with the channel (留资时间); locked

    # facts as cleaned
    model: Mapped[str | None] = mapped_column(ForeignKey("car_models.code"))
    budget_min: Mapped[int | None]  # yuan
    budget_max: Mapped[int | None]
    horizon_days: Mapped[int | None]  # days until the intended purchase
    province: Mapped[str | None]  # this and the next two as read, short; as typed while place_code is null
    city: Mapped[str | None]
    district: Mapped[str | None]
    place_code: Mapped[Code | None]  # of domain.cleaning.gazetteer
    campaign: Mapped[str | None]  # by name or tag, as the channel gave it
    external_id: Mapped[str | None]  # the channel's own id of the submission that made the lead
    utm: Mapped[JsonObject]  # source, medium, campaign, term, content
    consents: Mapped[JsonList]  # [{given, purposes, at, version, channel}], the newest last
    raw: Mapped[JsonObject]  # what the channel sent, personal data included
    unread: Mapped[JsonList]  # [{field, code}]: said, but not to be read; the outbound call asks
    suspects: Mapped[JsonList]  # ids of leads of another customer with one of the contacts named here

    # state
    grade_reason: Mapped[str | None]
    graded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    badges: Mapped[Codes]
    assigned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # locked
    clock_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # first contact owed since, if earlier
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))  # the person who entered it
    home_dealer_id: Mapped[UUID | None] = mapped_column(ForeignKey("dealers.id"))  # whose own lead it is
    first_choice_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))  # who is asked first there
    progress_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # the grade is valid from then
    best_grade: Mapped[Code | None]  # this and the next: since the last progress
    best_stage: Mapped[Code | None]
    closing: Mapped[JsonObject]  # outcome, reason, by: stated and waiting for confirmation, or final
    attached_to: Mapped[UUID | None] = mapped_column(ForeignKey("leads.id"))


for _fact in PLAIN:
    # Columns of facts that are declared (cases.lead_facts): nothing here names them.
    setattr(Lead, _fact.column, plain_column(_fact.reads))


class CustomerEdit(Base):
    """One field of a customer, or of a lead of theirs, that was changed. Personal data: erased with
    the customer.

    The database writes it by itself, whoever changes the field; ``at`` is the wall's time unless
    ``store.leads.edits.dated``.
    """

    __tablename__ = "customer_edits"
    __table_args__ = (Index("ix_customer_edits_of_customer", "customer_id", "number"),)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("leads.id"))
    at: Mapped[Instant]
    by: Mapped[str]  # actor
    field: Mapped[Code]
    before: Mapped[Any] = mapped_column(JSONB)
    after: Mapped[Any] = mapped_column(JSONB)


class Submission(Base):
    """Every inbound record with its verdict: net leads = submissions − duplicates − rejected (E1,
    A4)."""

    __tablename__ = "submissions"
    __table_args__ = (
        Index("ix_submissions_received", "received_at", "id"),
        Index("ix_submissions_external_id", "external_id", postgresql_where=text("external_id IS NOT NULL")),
        Index(
            "ix_submissions_campaign", "campaign", "received_at", "id", postgresql_where=text("campaign IS NOT NULL")
        ),
        Index(
            "ix_submissions_fingerprint",
            "fingerprint",
            postgresql_using="hash",  # a third of the bytes, and nobody asks for an order
            postgresql_where=text("fingerprint IS NOT NULL"),
        ),
        # A refused one may come again under its id; one that is there already keeps no id of its
        # own.
        Index(
            "ix_submissions_external",
            "external_id",
            "channel",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL AND lead_id IS NOT NULL"),
        ),
        Index("ix_submissions_rejected", "received_at", "id", postgresql_where=text("verdict = 'rejected'")),
        Index(
            "ix_submissions_refused_kept",
            "received_at",
            postgresql_where=text("verdict = 'rejected' AND raw <> '{}'::jsonb"),
        ),
    )
    id: Mapped[Id]
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("leads.id"), index=True)
    channel: Mapped[str | None]
    received_at: Mapped[Instant]
    verdict: Mapped[Code]
    reasons: Mapped[JsonList]  # [{field, code}]
    stated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # if the channel said when
    fingerprint: Mapped[str | None]  # of contact and content as read
    campaign: Mapped[str | None]
    external_id: Mapped[str | None]  # the channel's own; whoever has it is the same submission
    raw: Mapped[JsonObject]
    trace: Mapped[Code | None]  # of a refused one: its texts in plain signs, where erasure looks


class Assignment(Base):
    """Who got the lead, when, from whom, by which hand and why (A6, A11)."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "ix_assignments_dispatched",
            "dealer_id",
            "at",
            postgresql_where=text("kind IN ('dispatch', 'redistribute')"),
        ),
        Index("ix_assignments_given", "staff_id", "at", postgresql_where=text("staff_id IS NOT NULL")),
    )
    id: Mapped[Id]
    lead_id: Mapped[LeadId]
    at: Mapped[Instant]
    kind: Mapped[Code]  # store.leads.assignments.AssignmentKind
    dealer_id: Mapped[UUID | None] = mapped_column(ForeignKey("dealers.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    previous_dealer_id: Mapped[UUID | None]
    previous_staff_id: Mapped[UUID | None]
    by: Mapped[str]  # actor, e.g. "staff:<id>" or "process"
    reason: Mapped[Code] = mapped_column(default="")
    decision_id: Mapped[UUID | None]
    insisted: Mapped[bool] = mapped_column(default=False, server_default="false")  # stands whatever the calendar says


class FollowUp(Base):
    """跟进记录: one contact with the customer (A8). What was said stands in ``case_words``."""

    __tablename__ = "follow_ups"
    id: Mapped[Id]
    lead_id: Mapped[LeadId]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[Instant]
    channel: Mapped[Code]  # phone | mail | sms | visit | test_drive | wechat
    outcome: Mapped[Code]
    stage: Mapped[Code | None]
    grade: Mapped[Code | None]
    next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    late: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[Code] = mapped_column(server_default="yes")  # yes | attempt | no (table follow-up-rules)


class Contract(Base):
    """A won lead's contract: deposit or full payment, or an agreed later purchase date (A13). Money
    in yuan.

    A sale that was undone stays, with the instant; its number may then be used again.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        Index("uq_contracts_number", "number", unique=True, postgresql_where=text("cancelled_at IS NULL")),
    )
    id: Mapped[Id]
    lead_id: Mapped[LeadId]
    number: Mapped[str]
    model: Mapped[str]
    price: Mapped[int]
    payment: Mapped[Code]  # deposit | full | later
    deposit: Mapped[int] = mapped_column(default=0)
    purchase_on: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    firmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # the agreed purchase holds
    signed_at: Mapped[Instant]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    price_tier: Mapped[Code | None]
    incentive: Mapped[int | None]
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_as: Mapped[Code | None]  # cancel_order | wrong_win
    cancel_reason: Mapped[Code | None]


class IncentiveEntry(Base):
    """What a consultant gets for a sale, and its counter entry when the sale is undone. Never
    changed. Yuan."""

    __tablename__ = "incentive_entries"
    __table_args__ = (Index("uq_incentive_entries_once", "contract_id", "kind", unique=True),)
    id: Mapped[Id]
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contracts.id"))
    lead_id: Mapped[LeadId]
    kind: Mapped[Code]  # accrued | reversed
    amount: Mapped[int]
    at: Mapped[Instant]


class TimelineEntry(Base):
    """What happened to a lead, in business words: ``code`` keys the zh/en catalogue, ``data`` fills
    it."""

    __tablename__ = "timeline"
    __table_args__ = (CheckConstraint("NOT data ? 'words'", name="no_words"),)  # they stand in case_words
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 (nobody reads the number back: no RETURNING)
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(BigInteger, Identity())  # order of writing
    case_id: Mapped[CaseId]
    at: Mapped[Instant]
    actor: Mapped[str]
    code: Mapped[Code]
    element: Mapped[str | None]
    data: Mapped[JsonObject]
