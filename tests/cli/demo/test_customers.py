"""The generator makes people whom Baton can take in, and the odd ones that it has to deal with."""

from __future__ import annotations

from itertools import islice

from pydantic import TypeAdapter

from api.leads.submission import SubmissionBody
from cli.demo.customers import Customers, Submission
from domain import cleaning
from domain.cleaning import read_phone

SUBMISSIONS = TypeAdapter(list[SubmissionBody])


def stream(count: int, seed: int = 1) -> list[Submission]:
    return list(islice(Customers(seed).stream(), count))


def test_every_submission_is_one_that_the_api_takes():
    assert len(SUBMISSIONS.validate_python(stream(400))) == 400


def test_the_same_seed_makes_the_same_people_and_another_one_others():
    assert stream(50) == stream(50) != stream(50, seed=2)


def test_the_stream_has_clear_vague_repeated_dirty_and_test_leads():
    leads = stream(400)
    phones = [lead["phone"] for lead in leads]

    assert sum("budget" in lead and "purchase_time" in lead for lead in leads) > 200
    assert any("budget" not in lead for lead in leads)
    assert len(set(phones)) < len(phones)
    assert any(phone.startswith("+86 ") for phone in phones)
    assert any("测试" in lead["name"] or lead["name"] == "test" for lead in leads)


def test_made_up_numbers_are_mobile_numbers_that_no_two_people_share():
    customers = Customers(3)
    numbers = [customers.phone() for _ in range(500)]

    assert len(set(numbers)) == 500
    assert all(read_phone(number).kind == "mobile" for number in numbers)


def test_a_clear_customer_needs_no_call_and_a_patient_one_has_time():
    customers = Customers(4)
    soon, later = customers.clear(), customers.patient()

    assert cleaning.read_budget(soon["budget"]) is not None
    assert soon["purchase_time"] != later["purchase_time"]
    assert {"budget", "purchase_time", "model"}.isdisjoint(customers.vague())
