"""People say where they are told things, or head office does for them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.conftest import Desk, headers

PATH = "/api/v1/staff/BJ01-M1/contact-points"
MAIL = {"language": "en", "addresses": {"mail": "manager@example.com"}}


async def put(desk: Desk, body: Any, by: str | None = "HQ-01", **more: Any) -> httpx.Response:
    return await desk.http.put(PATH, json=body, headers=headers(by, **more))


async def shown(desk: Desk, by: str = "HQ-01") -> Any:
    return (await desk.http.get(PATH, headers=headers(by))).json()


@pytest.mark.parametrize("by", ["HQ-01", "BJ01-M1"])
async def test_they_are_what_was_put_last(desk: Desk, by: str) -> None:
    assert await shown(desk, by) == {"staff": "BJ01-M1", "language": "zh", "addresses": {}}
    saved = await put(desk, MAIL, by)
    assert saved.json() == {"staff": "BJ01-M1", "language": "en", "channels": ["mail"]}
    assert await shown(desk, by) == {"staff": "BJ01-M1"} | MAIL
    await put(desk, MAIL | {"addresses": {"mail": "other@example.com"}}, by)
    assert (await shown(desk, by))["addresses"] == {"mail": "other@example.com"}
    await put(desk, {"language": "zh", "addresses": {}}, by)
    assert await shown(desk, by) == {"staff": "BJ01-M1", "language": "zh", "addresses": {}}


async def test_no_address_is_kept_with_a_key(desk: Desk) -> None:
    first, again = [await put(desk, MAIL, key="k") for _ in range(2)]
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "example.com" not in str(await desk.rows("SELECT body FROM idempotency_keys"))


@pytest.mark.parametrize("by", ["BJ01-C1", "SH01-M1", "RM-NORTH", None])
async def test_they_are_nobody_elses_business(desk: Desk, by: str | None) -> None:
    code = "another_person" if by else "actor_required"
    for answer in (await put(desk, MAIL, by), await desk.http.get(PATH, headers=headers(by))):
        assert (answer.status_code, answer.json()["code"]) == (403, code)


async def test_a_person_has_to_be_there(desk: Desk) -> None:
    for method in ("GET", "PUT"):
        answer = await desk.http.request(
            method, "/api/v1/staff/NOBODY/contact-points", json=MAIL, headers=headers("HQ-01")
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "staff_not_found")


@pytest.mark.parametrize(
    "mail",
    [
        "nobody", "@example.com", "a@", "a b@example.com", "a@b@example.com", "a@example.com, b@example.com",
        "A <a@example.com>", "a@exa mple.com", "a(b)@example.com", "a@example.com;", "王@example.com",
        "a@例子.中国", "a\n@example.com", f"{'a' * 250}@example.com", "", 7,
    ],
)  # fmt: skip
async def test_what_is_no_address_is_refused_without_repeating_it(desk: Desk, mail: Any) -> None:
    answer = await put(desk, {"language": "zh", "addresses": {"mail": mail}})
    assert answer.status_code == 422, answer.text
    (problem,) = answer.json()["problems"]
    assert problem["field"] == "addresses/mail"
    assert problem["message"] and problem["cure"]
    assert not isinstance(mail, str) or len(mail) < 5 or f'"{mail}' not in answer.text


@pytest.mark.parametrize("mail", ["a@b", "first.last+baton@mail.example.com", "o'neil@example.com"])
async def test_what_is_an_address_is_taken(desk: Desk, mail: str) -> None:
    assert (await put(desk, {"language": "zh", "addresses": {"mail": mail}})).status_code == 200
    assert (await shown(desk))["addresses"] == {"mail": mail}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (MAIL | {"language": "fr"}, "language"),
        ({"language": "zh"}, "addresses"),
        ({"addresses": {}}, "language"),
        ({"language": "zh", "addresses": {"fax": "1"}}, "addresses/fax"),
        (MAIL | {"more": 1}, "more"),
    ],
)
async def test_a_field_that_is_wrong_is_named(desk: Desk, body: Any, field: str) -> None:
    answer = await put(desk, body)
    assert (answer.status_code, [one["field"] for one in answer.json()["problems"]]) == (422, [field])
