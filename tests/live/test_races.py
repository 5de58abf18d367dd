"""Several at once: a resent form, two officers on one case."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.live.people import Person, one
from tests.make import MILK
from tests.stack import Stack
from tests.waiting import until


def test_eight_resends_at_once_make_one_case(stack: Stack):
    def send(_: int) -> tuple[int, str]:
        answer = Person(stack).post("/cases/", {"Idempotency-Key": "race-1"}, text=MILK, region="330106")
        return answer.status_code, answer.json()["number"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert sorted(status for status, _ in answers) == [200] * 7 + [201]
    numbers = {number for _, number in answers}
    assert len(numbers) == 1
    assert one(stack, "SELECT count(*) FROM complaints_event e JOIN complaints_case c ON c.id = e.case_id "
               "WHERE c.number = %s AND e.kind = 'register'", numbers.pop()) == 1  # fmt: skip


def test_a_case_is_signed_for_once(stack: Stack):
    officers = [Person(stack, "xihu_samr") for _ in range(6)]
    number = Person(stack).file(MILK)["number"]
    until(lambda: officers[0].http.get(f"/api/v1/cases/{number}/").status_code == 200)
    version = officers[0].case(number)["version"]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda officer: officer.post(f"/cases/{number}/sign/", version=version), officers))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert all(problem["code"] in ("wrong_state", "stale_version") for problem in refused)
    assert officers[0].case(number)["version"] == version + 1
