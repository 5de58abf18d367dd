"""Kill -9 of the worker amid a batch loses and doubles nothing; what keeps failing goes to a person."""

from __future__ import annotations

import pytest

from tests.live.people import Person, database, one
from tests.make import MILK
from tests.stack import Stack
from tests.waiting import until

COUNT = 40


def waiting(stack: Stack) -> int:
    return int(one(stack, "SELECT count(*) FROM complaints_triagetask"))


def test_a_worker_killed_in_the_middle_of_a_batch(stack: Stack):
    citizen = Person(stack)
    stack.worker.kill()
    numbers = [citizen.file(f"{MILK}（第{n}件）")["number"] for n in range(COUNT)]
    assert waiting(stack) == COUNT
    with database(stack) as blocker:
        # the batch gets stuck on one case, claimed and half settled: the surest middle there is
        blocker.autocommit = False
        blocker.execute("SELECT 1 FROM complaints_case WHERE number = %s FOR UPDATE", [numbers[COUNT // 2]])
        stack.worker.start()
        until(lambda: 0 < waiting(stack) < COUNT)
        until(lambda: one(stack, "SELECT count(*) FROM complaints_triagetask WHERE token IS NOT NULL"))
        stack.worker.kill()
        blocker.rollback()
    left = waiting(stack)
    assert 0 < left < COUNT
    # nobody waits a minute in a test: the dead worker's leases are made to have run out
    with database(stack) as connection:
        connection.execute("UPDATE complaints_triagetask SET lease_until = now() - interval '1 second'")
    stack.worker.start()
    until(lambda: waiting(stack) == 0, seconds=60)
    with database(stack) as connection:
        rows = connection.execute(
            "SELECT c.number, c.state, c.version, count(*) FILTER (WHERE e.kind IN ('route', 'hold')), count(*), "
            "(SELECT count(*) FROM complaints_prediction p WHERE p.case_id = c.id), "
            "(SELECT count(*) FROM complaints_assignment a WHERE a.case_id = c.id AND a.part = 'lead') "
            "FROM complaints_case c JOIN complaints_event e ON e.case_id = c.id WHERE c.number = ANY(%s) GROUP BY c.id",
            [numbers],
        ).fetchall()
    assert {row[0] for row in rows} == set(numbers)
    assert {row[1:] for row in rows} == {("dispatched", 2, 1, 2, 1, 1)}


@pytest.fixture
def broken_routing(stack: Stack):
    """The routing tables are out of reach, as after a botched migration."""
    with database(stack) as connection:
        connection.execute("ALTER TABLE routing_routingrule RENAME TO routing_routingrule_away")
        yield
        connection.execute("ALTER TABLE IF EXISTS routing_routingrule_away RENAME TO routing_routingrule")


def test_what_fails_five_times_goes_to_a_person_with_the_error(stack: Stack, broken_routing):
    citizen = Person(stack)
    receipt = citizen.file(MILK)
    number = receipt["number"]
    task = "FROM complaints_triagetask t JOIN complaints_case c ON c.id = t.case_id WHERE c.number = %s"
    until(lambda: one(stack, f"SELECT t.last_error {task}", number))
    assert one(stack, f"SELECT t.attempts {task}", number) == 1
    with database(stack) as connection:
        connection.execute("UPDATE complaints_triagetask SET attempts = 4, due_at = now()")
    until(lambda: one(stack, "SELECT state FROM complaints_case WHERE number = %s", number) == "needs_triage")
    event = one(
        stack,
        "SELECT e.data FROM complaints_event e JOIN complaints_case c ON c.id = e.case_id "
        "WHERE c.number = %s AND e.kind = 'hold'",
        number,
    )
    assert event["attempts"] == 5
    assert "routing_routingrule" in event["error"]
    assert one(stack, f"SELECT count(*) {task}", number) == 0
    queue = Person(stack, "dispatcher").get("/cases/", queue="triage")["results"]
    assert number in [row["number"] for row in queue]
