"""Logging in: who guesses a password is stopped, who sits behind the same address is not."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache

from complaints.views.session import AddressThrottle, LoginThrottle
from tests import make

pytestmark = pytest.mark.django_db
LOGIN = "/api/v1/session/"
PASSWORD = "correct-horse-9"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    rates = {"login": "3/min", "login_address": "6/min"}
    for throttle in (LoginThrottle, AddressThrottle):
        monkeypatch.setattr(throttle, "THROTTLE_RATES", rates)


@pytest.fixture
def names() -> list[str]:
    users = [make.officer(), make.officer()]
    for user in users:
        user.set_password(PASSWORD)
        user.save()
    return [user.username for user in users]


def attempt(username: object, password: str = PASSWORD):
    body = json.dumps({"username": username, "password": password})
    return make.client().post(LOGIN, body, content_type="application/json")


def test_guesses_at_one_account_end_and_its_colleague_still_gets_in(names):
    assert [attempt(names[0], f"guess-{n}").status_code for n in range(3)] == [400, 400, 400]
    refused = attempt(names[0])
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert "sessionid" not in refused.cookies
    assert attempt(names[1]).status_code == 200


def test_one_address_may_not_try_account_after_account(names):
    assert [attempt(f"nobody-{n}").status_code for n in range(6)] == [400] * 6
    assert attempt(names[1]).status_code == 429


@pytest.mark.parametrize("name", [None, ["a"], {"a": 1}, "\udfff", "\0", ""])
def test_a_name_that_is_none_is_refused_and_counted(name):
    assert [attempt(name).status_code for _ in range(4)] == [400, 400, 400, 429]
