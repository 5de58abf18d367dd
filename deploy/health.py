"""Is the process alive (/healthz), and can the system do its work (/readyz)?

Each part is "ok", "degraded" or "down" with a word of detail; details name no host, account or key. /readyz is 503 only
where complaints cannot be accepted: no database, or one of another version. A dead Valkey, worker or model delays
things, and the system goes on accepting. Both addresses are public: an answer is reused for a second.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Literal

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django.models import ProcrastinateWorker
from psycopg import sql
from redis.backoff import NoBackoff
from redis.retry import Retry

import classifier
from complaints.models import TriageTask
from routing.models import EscalationRule, RoutingRule, RuleSet

logger = logging.getLogger(__name__)

PROBE_SECONDS = 2
WORKER_SILENT_SECONDS = 30  # Procrastinate's workers report every ten
LONG_WAIT = timedelta(minutes=2)  # a case is normally classified within a second
REUSE_SECONDS = 1.0
RULES_NAMED = 5
NEEDED = ("database", "migrations")  # without these nothing can be accepted


@dataclass(frozen=True, slots=True)
class Check:
    status: Literal["ok", "degraded", "down"]
    detail: str


Connection = psycopg.Connection[tuple[Any, ...]]


def healthz(request: HttpRequest) -> JsonResponse:
    """Touches nothing: the process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """{"status": the worst, or "down" only when complaints cannot be accepted, <part>: {"status", "detail"}, ...}"""
    checks = recent_report()
    down = any(checks[name].status == "down" for name in NEEDED)
    well = all(check.status == "ok" for check in checks.values())
    body: dict[str, Any] = {"status": "down" if down else "ok" if well else "degraded"}
    body |= {name: asdict(check) for name, check in checks.items()}
    response = JsonResponse(body, status=503 if down else 200, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


_last: tuple[float, dict[str, Check]] = (0.0, {})


def recent_report() -> dict[str, Check]:
    global _last  # noqa: PLW0603 (a cache of one)
    made, checks = _last
    if not checks or time.monotonic() - made > REUSE_SECONDS:
        checks = report()
        _last = (time.monotonic(), checks)
    return checks


def forget() -> None:
    """Makes the next answer a new one."""
    global _last  # noqa: PLW0603
    _last = (0.0, {})


def report() -> dict[str, Check]:
    """Asks every part now. Never raises; waits at most a few seconds for each."""
    return {**_database_checks(), "valkey": valkey(), "classifier": model()}


def _database_checks() -> dict[str, Check]:
    """What only PostgreSQL knows, over a connection of its own: the pool may be what is in trouble."""
    probes: dict[str, Callable[[Connection], Check]] = {
        "database": database,
        "migrations": migrations,
        "worker": worker,
        "waiting": waiting,
        "rules": rules,
    }
    try:
        with _connect() as open_connection:
            return {name: _asked(name, probe, open_connection) for name, probe in probes.items()}
    except psycopg.Error as error:
        logger.warning("readiness: no connection to the database: %s", error)
        unknown = Check("down", _("unknown, no connection to the database"))
        return dict.fromkeys(probes, unknown) | {"database": Check("down", _("no connection to the database"))}


def _connect() -> Connection:
    to = connection.settings_dict
    return psycopg.connect(
        dbname=to["NAME"],
        user=to["USER"] or None,
        password=to["PASSWORD"] or None,
        host=to["HOST"] or None,
        port=to["PORT"] or None,
        autocommit=True,
        connect_timeout=PROBE_SECONDS,
        options=f"-c statement_timeout={PROBE_SECONDS}s",
        **{name: value for name, value in to["OPTIONS"].items() if name.startswith("ssl")},
    )


def _asked(name: str, probe: Callable[[Connection], Check], open_connection: Connection) -> Check:
    try:
        return probe(open_connection)
    except psycopg.Error as error:
        logger.warning("readiness: %s: %s", name, error)
        return Check("down", type(error).__name__)


def database(open_connection: Connection) -> Check:
    open_connection.execute("SELECT 1")
    version = open_connection.info.server_version
    return Check("ok", f"PostgreSQL {version // 10000}.{version % 10000}")


def migrations(open_connection: Connection) -> Check:
    table = sql.Identifier(MigrationRecorder.Migration._meta.db_table)
    try:
        rows = open_connection.execute(sql.SQL("SELECT app, name FROM {}").format(table)).fetchall()
    except psycopg.errors.UndefinedTable:
        rows = []
    missing = _known_migrations() - {(app, name) for app, name in rows}
    if missing:
        text = ngettext("%(count)d migration is not applied", "%(count)d migrations are not applied", len(missing))
        return Check("down", text % {"count": len(missing)})
    return Check("ok", _("all applied"))


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def worker(open_connection: Connection) -> Check:
    query = "SELECT count(*) FROM {} WHERE last_heartbeat > now() - make_interval(secs => %s)"
    table = sql.Identifier(ProcrastinateWorker._meta.db_table)
    row = open_connection.execute(sql.SQL(query).format(table), [WORKER_SILENT_SECONDS]).fetchone()
    count = row[0] if row else 0
    if not count:
        return Check("down", _("no worker has reported lately; complaints are accepted and wait"))
    return Check("ok", ngettext("%(count)d worker", "%(count)d workers", count) % {"count": count})


def waiting(open_connection: Connection) -> Check:
    query = "SELECT count(*), coalesce(now() - min(created_at), interval '0') FROM {}"
    table = sql.Identifier(TriageTask._meta.db_table)
    row = open_connection.execute(sql.SQL(query).format(table)).fetchone()
    count, age = row if row else (0, timedelta())
    if not count:
        return Check("ok", _("no complaint waits"))
    text = _("%(count)d complaints wait, the oldest for %(seconds)d s")
    detail = text % {"count": count, "seconds": age.total_seconds()}
    return Check("degraded" if age > LONG_WAIT else "ok", detail)


def rules(open_connection: Connection) -> Check:
    """Rules of active sets that `routing.rulesets.check` found broken: their cases go to dispatchers."""
    query = (
        "SELECT code FROM {rules} r JOIN {sets} s ON s.number = r.ruleset_id WHERE s.state = 'active' AND r.error <> ''"
        " UNION ALL SELECT code FROM {escalations} e JOIN {sets} s ON s.number = e.ruleset_id"
        " WHERE s.state = 'active' AND e.error <> '' ORDER BY 1"
    )
    tables = {"rules": RoutingRule, "escalations": EscalationRule, "sets": RuleSet}
    names = {name: sql.Identifier(model._meta.db_table) for name, model in tables.items()}
    broken = [code for (code,) in open_connection.execute(sql.SQL(query).format(**names)).fetchall()]
    if not broken:
        return Check("ok", _("none is broken"))
    text = ngettext("%(count)d rule is broken: %(codes)s", "%(count)d rules are broken: %(codes)s", len(broken))
    return Check("degraded", text % {"count": len(broken), "codes": "、".join(broken[:RULES_NAMED])})


def valkey() -> Check:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=PROBE_SECONDS,
            socket_connect_timeout=PROBE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        logger.warning("readiness: Valkey: %s", error)
        return Check("degraded", _("not reachable; pages refresh by asking, nothing is lost"))
    return Check("ok", _("answers"))


def model() -> Check:
    status, version, detail = classifier.status()
    return Check(status, " ".join(word for word in (version, detail) if word))
