"""/healthz touches nothing; /readyz tells which part is well, and is 503 only when nothing can be accepted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from complaints.models import TriageTask
from deploy import health
from tests import make


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    """No answer of an earlier test, and none left for a later one."""
    health.forget()
    yield
    health.forget()


@pytest.fixture
def database(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """The test database as another process sees it: each statement is committed at once."""
    to = connection.settings_dict
    with psycopg.connect(
        dbname=to["NAME"], user=to["USER"], password=to["PASSWORD"], host=to["HOST"], port=to["PORT"], autocommit=True
    ) as opened:
        yield opened


def asked() -> tuple[int, dict[str, dict[str, str]], str]:
    """The status code, the parts, and the overall word of /readyz, answered anew."""
    health.forget()
    answer = Client().get("/readyz")
    body = answer.json()
    return answer.status_code, {name: part for name, part in body.items() if name != "status"}, body["status"]


def test_alive_without_asking_anybody() -> None:
    answer = Client().get("/healthz")  # pytest-django refuses any use of the database here
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_all_parts_answer_and_no_worker_is_a_worry_not_an_outage(database: psycopg.Connection[Any]) -> None:
    code, parts, overall = asked()
    version = database.info.server_version
    assert (code, overall) == (200, "degraded")
    assert set(parts) == {"database", "migrations", "worker", "waiting", "rules", "valkey", "classifier"}
    assert parts["database"] == {"status": "ok", "detail": f"PostgreSQL {version // 10000}.{version % 10000}"}
    assert [parts[name]["status"] for name in ("migrations", "waiting", "rules", "valkey")] == ["ok"] * 4
    assert parts["worker"]["status"] == "down"
    assert parts["classifier"]["status"] in {"ok", "degraded"}
    assert parts["classifier"]["detail"]


def test_a_worker_that_reports_counts_and_a_silent_one_does_not(database: psycopg.Connection[Any]) -> None:
    database.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
    try:
        assert asked()[1]["worker"]["status"] == "down"
        database.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
        assert asked()[1]["worker"]["status"] == "ok"
    finally:
        database.execute("DELETE FROM procrastinate_workers")


def test_broken_rules_are_named_and_complaints_are_still_accepted(database: psycopg.Connection[Any]) -> None:
    database.execute("UPDATE routing_routingrule SET error = 'x' WHERE code = 'P01'")
    try:
        code, parts, overall = asked()
        assert (code, overall, parts["rules"]["status"]) == (200, "degraded", "degraded")
        assert "P01" in parts["rules"]["detail"]
    finally:
        database.execute("UPDATE routing_routingrule SET error = ''")


def test_a_missing_migration_takes_it_out_of_service(database: psycopg.Connection[Any]) -> None:
    database.execute("DELETE FROM django_migrations WHERE app = 'complaints' AND name = '0001_initial'")
    try:
        code, parts, overall = asked()
    finally:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('complaints', '0001_initial', now())"
        )
    assert (code, overall, parts["migrations"]["status"]) == (503, "down", "down")
    assert "1" in parts["migrations"]["detail"]
    assert parts["database"]["status"] == "ok"
    assert asked()[0] == 200


@pytest.mark.django_db
def test_a_case_that_waits_long_is_seen() -> None:
    make.case()
    connection.ensure_connection()
    fresh = health.waiting(connection.connection)
    assert (fresh.status, fresh.detail.startswith("1 ")) == ("ok", True)
    TriageTask.objects.update(created_at=timezone.now() - health.LONG_WAIT - timedelta(minutes=1))
    assert health.waiting(connection.connection).status == "degraded"


def test_a_dead_valkey_is_a_worry_not_an_outage(
    database: psycopg.Connection[Any], settings: Settings, tmp_path: Path
) -> None:
    settings.REDIS_URL = f"unix://:secret@{tmp_path}/no-valkey.sock"
    code, parts, overall = asked()
    assert (code, overall, parts["valkey"]["status"]) == (200, "degraded", "degraded")
    assert not [word for word in ("secret", "no-valkey") if word in str(parts)]


def test_a_dead_database_is_an_outage_told_without_secrets(
    django_db_setup: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", str(tmp_path))
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "secret")
    code, parts, overall = asked()
    assert (code, overall, parts["database"]["status"]) == (503, "down", "down")
    assert parts["valkey"]["status"] == "ok"
    assert not [word for word in (str(tmp_path), connection.settings_dict["USER"], "secret") if word in str(parts)]
    assert Client().get("/healthz").status_code == 200


def test_an_answer_is_reused_for_a_moment(database: psycopg.Connection[Any]) -> None:
    assert health.recent_report()["worker"].status == "down"
    database.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    try:
        assert health.recent_report()["worker"].status == "down"
        health.forget()
        assert health.recent_report()["worker"].status == "ok"
    finally:
        database.execute("DELETE FROM procrastinate_workers")
