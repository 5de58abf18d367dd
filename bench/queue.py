"""Pages of queues and searches over the HTTP API with a great past, beside a bare SELECT 1 in the same run.

`make bench-queue` or `python -m bench.queue [cases] [rounds]`. Goals at 1,000,000 cases: queue page p95 < 50 ms, search
p95 < 150 ms. One connection asks, one thing after the other, as an officer, the dispatcher of a city and the supervisor
of a province. A search by the supervisor that finds nothing fails the run.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from typing import Any
from urllib.parse import quote

import psycopg

from bench.system import Connection, System, milliseconds, record, system
from deploy.demo_accounts import PASSWORD
from deploy.embedded.environment import fill_in

API = "/api/v1/cases/"
VIEWERS = {"officer": "xihu_samr", "dispatcher": "dispatcher", "supervisor": "supervisor"}
QUEUES = {
    "officer": ["queue=mine", "queue=mine&order=due", "queue=all", "queue=all&state=closed"],
    "dispatcher": ["queue=triage&order=urgent", "queue=all", "queue=all&state=in_progress", "queue=all&topic=P01"],
    "supervisor": [
        "queue=all", "queue=all&order=due", "queue=all&due=overdue&order=due",
        "queue=all&domain=environment&urgency=U2", "queue=all&region=330106&state=closed",
        "queue=all&since=2026-03-01&until=2026-03-31",
    ],
}  # fmt: skip
# in nearly every second case; in many; two characters; two words; a beginning; few
WORDS = ["希望尽快处理", "赔偿", "牛奶", "物业 噪声", "过期食"]
NUMBERED = re.compile(r"单号([A-Z]\d{8})")


async def measure(port: int, rounds: int, environ: dict[str, str]) -> dict[str, Any]:
    people = {}
    for viewer, username in VIEWERS.items():
        people[viewer] = Connection(port)
        await people[viewer].open()
        await people[viewer].log_in(username, PASSWORD)
    took: dict[str, list[float]] = {}
    for viewer, connection in people.items():
        for query in QUEUES[viewer]:
            await _ask(connection, rounds, took, f"{viewer} {query}", query)
        rare = await _rare(connection)
        for words in [*WORDS, rare[0], rare[1]]:
            kind = {rare[0]: "rare", rare[1]: "number"}.get(words, words)
            await _ask(connection, rounds, took, f"search {viewer} {kind}", f"q={quote(words)}")
    queues = [time for name, times in took.items() if not name.startswith("search") for time in times]
    searches = [time for name, times in took.items() if name.startswith("search") for time in times]
    return {
        "queue_page": milliseconds(queues),
        "search": milliseconds(searches),
        "select_1": milliseconds(_select_1(environ, rounds * 10)),
        "each_p50_p95_ms": {
            name: [figures["p50_ms"], figures["p95_ms"]]
            for name, times in took.items()
            for figures in [milliseconds(times)]
        },
    }


async def _ask(connection: Connection, rounds: int, took: dict[str, list[float]], name: str, query: str) -> None:
    """The first page and the one after it, in turn."""
    times = took[name] = []
    cursor = ""
    for _ in range(rounds):
        begun = time.perf_counter()
        page = await connection.get(f"{API}?{query}{cursor}")
        times.append(time.perf_counter() - begun)
        assert page["results"] or cursor or not name.startswith("search supervisor"), name
        cursor = f"&cursor={page['next']}" if page["next"] and not cursor else ""


async def _rare(connection: Connection) -> tuple[str, str]:
    """A word of one case that the viewer sees, and that case's number."""
    page = await connection.get(f"{API}?limit=200")
    for row in page["results"]:
        case = await connection.get(f"{API}{row['number']}/")
        if found := NUMBERED.search(case["text"]):
            return found[1], row["number"]
    raise AssertionError("no case with a number of its own")


def _select_1(environ: dict[str, str], rounds: int) -> list[float]:
    known = dict(environ)
    fill_in(known)
    times = []
    with psycopg.connect(known.get("DATABASE_URL", ""), **_libpq(known)) as connection:
        for _ in range(rounds):
            begun = time.perf_counter()
            connection.execute("SELECT 1").fetchone()
            times.append(time.perf_counter() - begun)
    return times


def _libpq(environ: dict[str, str]) -> dict[str, Any]:
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname"}
    return {name: environ[key] for key, name in names.items() if environ.get(key)}


def pages(served: System, rounds: int) -> dict[str, Any]:
    """What `record` takes, of a system that runs with its past."""
    asyncio.run(measure(served.port, 4, served.environ))  # warm
    return asyncio.run(measure(served.port, rounds, served.environ))


def main() -> None:
    cases, rounds = (int(word) for word in (sys.argv[1:] + ["1000000", "60"][len(sys.argv) - 1 :]))
    with system() as served:
        served.run("-m", "bench.people")
        served.stop()
        seconds = served.seed(cases)
        served.start()
        figures = pages(served, rounds)
    command = f"python -m bench.queue {cases} {rounds}"
    record("queue", {"command": command, "cases": cases, "seeding_s": round(seconds, 1), **figures})


if __name__ == "__main__":
    main()
