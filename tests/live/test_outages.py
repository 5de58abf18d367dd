"""A dead Valkey and a closed database: a clear Chinese answer or a durable case, never a 500, never a lost case."""

from __future__ import annotations

import httpx
import pytest

from tests.live.people import Person, one
from tests.make import MILK
from tests.stack import start_stack
from tests.waiting import until


@pytest.fixture(scope="module")
def fragile(servers):
    """A system of its own whose servers may be stopped."""
    stack = start_stack(servers, own_servers=True)
    yield stack
    stack.stop()


def test_without_valkey_everything_works_but_the_push(fragile):
    officer = Person(fragile, "xihu_samr")
    fragile.servers.valkey.stop()
    try:
        receipt = Person(fragile).file(MILK)
        until(lambda: officer.http.get(f"/api/v1/cases/{receipt['number']}/").status_code == 200)
        version = officer.case(receipt["number"])["version"]
        assert officer.post(f"/cases/{receipt['number']}/sign/", version=version).status_code == 200
        ready = httpx.get(f"{fragile.base_url}/readyz").json()
        assert ready["valkey"]["status"] == "degraded"
        assert ready["database"]["status"] == "ok"
    finally:
        fragile.servers.valkey.start()
    until(lambda: fragile.ready().get("valkey", {}).get("status") == "ok")


def test_without_a_database_the_answer_says_so_and_nothing_is_half_done(fragile):
    officer, citizen = Person(fragile, "xihu_samr"), Person(fragile)
    citizen.get("/session/")  # for the csrftoken of the log-in form
    before = one(fragile, "SELECT count(*) FROM complaints_case")
    fragile.servers.postgres.stop()
    try:
        answers = [
            citizen.post("/cases/", {"Idempotency-Key": "outage"}, text=MILK, region="330106"),
            officer.http.get("/api/v1/cases/"),
            officer.http.get("/api/v1/session/"),
            citizen.post("/session/", username="xihu_samr", password="x"),
        ]
        for answer in answers:
            assert answer.status_code == 503, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"].startswith("系统暂时无法处理")
        assert httpx.get(f"{fragile.base_url}/healthz").status_code == 200
        assert httpx.get(f"{fragile.base_url}/readyz").status_code == 503
    finally:
        fragile.servers.postgres.start()
    fragile.wait_until_ready()
    assert one(fragile, "SELECT count(*) FROM complaints_case") == before
    resent = until(
        lambda: (
            (a := citizen.post("/cases/", {"Idempotency-Key": "outage"}, text=MILK, region="330106")).status_code == 201
            and a
        )
    )
    number = resent.json()["number"]

    def dispatched() -> bool:
        if not fragile.worker.running:
            fragile.worker.start()  # a worker that lost its database ends; `make run` starts it again, too
        return bool(one(fragile, "SELECT state FROM complaints_case WHERE number = %s", number) == "dispatched")

    until(dispatched, seconds=60)
