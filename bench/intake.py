"""Complaints accepted per second over HTTP with 32 connections, beside the bare server in the same run.

`make bench` or `python -m bench.intake [seconds]`. Yardstick: GET /healthz on the same process, which touches nothing.
Every answer must be 201 and every case must be in the database with its waiting row or its outcome.
"""

from __future__ import annotations

import asyncio
import sys
import time

from bench.system import Connection, milliseconds, record, served

CONNECTIONS = 32
TEXT = "第{n}件：今天在超市买的牛奶已经过期三天，孩子喝了拉肚子，要求赔偿。我上午十点在店里买的，小票还在。"


async def load(port: int, seconds: float, method: str, path: str, expected: int) -> tuple[float, list[float]]:
    """Requests per second and the time of each."""
    took: list[float] = []
    end = time.monotonic() + seconds

    async def one(worker: int) -> None:
        connection = Connection(port)
        await connection.open()
        while (begun := time.monotonic()) < end:
            body = {
                "text": TEXT.format(n=len(took)),
                "region": "330106",
                "requester": {"name": "王某", "phone": "13800001234"},
            }
            status, answer = await connection.call(method, path, body if method == "POST" else None)
            assert status == expected, answer
            took.append(time.monotonic() - begun)

    begun = time.monotonic()
    await asyncio.gather(*(one(n) for n in range(CONNECTIONS)))
    return len(took) / (time.monotonic() - begun), took


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    with served() as port:
        asyncio.run(load(port, 2, "POST", "/api/v1/cases/", 201))
        bare, _ = asyncio.run(load(port, 3, "GET", "/healthz", 200))
        rate, took = asyncio.run(load(port, seconds, "POST", "/api/v1/cases/", 201))
    record(
        "intake",
        {
            "command": "python -m bench.intake",
            "connections": CONNECTIONS,
            "post_per_s": round(rate, 1),
            **milliseconds(took),
            "yardstick_healthz_per_s": round(bare, 1),
            "note": "the worker classifies and routes in the same seconds on the same two cores",
        },
    )


if __name__ == "__main__":
    main()
