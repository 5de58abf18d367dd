"""From filing to the officer's screen: POST sent -> push received -> the case fetched, beside SELECT 1 in the same run.

`make bench` or `python -m bench.live [cases] [cases per second] [open sockets]`. Issue's goal: p95 < 1 s.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from websockets import Origin
from websockets.asyncio.client import ClientConnection, connect

from bench.system import Connection, milliseconds, record, served
from deploy.demo_accounts import PASSWORD

TEXT = "今天在超市买的牛奶已经过期三天，孩子喝了拉肚子，要求赔偿"


async def log_in(port: int, username: str = "xihu_samr") -> str:
    """The Cookie header of a demo account."""
    connection = Connection(port)
    await connection.open()
    body = {"username": username, "password": PASSWORD}
    cookies = await _cookies(connection, "GET", "/api/v1/session/", None, "")
    token = cookies["csrftoken"]
    header = f"Cookie: csrftoken={token}\r\nX-CSRFToken: {token}\r\n"
    cookies |= await _cookies(connection, "POST", "/api/v1/session/", body, header)
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


async def _cookies(connection: Connection, method: str, path: str, body: object, headers: str) -> dict[str, str]:
    data = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{connection.port}\r\nContent-Length: {len(data)}\r\n"
    connection.writer.write((head + "Content-Type: application/json\r\n" + headers + "\r\n").encode() + data)
    answer = (await connection.reader.readuntil(b"\r\n\r\n")).decode()
    length = next(int(line[15:]) for line in answer.splitlines() if line.lower().startswith("content-length:"))
    await connection.reader.readexactly(length)
    lines = [line[11:].strip() for line in answer.splitlines() if line.lower().startswith("set-cookie:")]
    return dict(line.split(";")[0].split("=", 1) for line in lines)


async def measure(port: int, cases: int, per_second: float, sockets: int) -> tuple[list[float], list[float]]:
    """Seconds from POST to push, and to the fetched case."""
    cookie = await log_in(port)
    opened: list[ClientConnection] = [
        await connect(
            f"ws://127.0.0.1:{port}/ws/feed/",
            additional_headers={"Cookie": cookie},
            origin=Origin(f"http://127.0.0.1:{port}"),
        )
        for _ in range(sockets)
    ]
    filed: dict[str, float] = {}
    pushed_at: dict[str, float] = {}
    shown_at: dict[str, float] = {}
    fetcher = Connection(port)
    await fetcher.open()

    async def watch(socket: ClientConnection, first: bool) -> None:
        async for message in socket:
            event = json.loads(message)
            if first and event["type"] == "event" and event["kind"] == "route":
                number = event["number"]
                pushed_at[number] = time.monotonic()
                status, _ = await fetcher.call("GET", f"/api/v1/cases/{number}/", headers=f"Cookie: {cookie}\r\n")
                assert status == 200
                shown_at[number] = time.monotonic()

    watchers = [asyncio.create_task(watch(socket, n == 0)) for n, socket in enumerate(opened)]
    filer = Connection(port)
    await filer.open()
    for _ in range(cases):
        begun = time.monotonic()
        status, answer = await filer.call("POST", "/api/v1/cases/", {"text": TEXT, "region": "330106"})
        assert status == 201, answer
        filed[json.loads(answer)["number"]] = begun
        await asyncio.sleep(max(0.0, begun + 1 / per_second - time.monotonic()))
    async with asyncio.timeout(60):
        while not filed.keys() <= shown_at.keys():  # noqa: ASYNC110 (a set is waited for, not an event)
            await asyncio.sleep(0.05)
    for task in watchers:
        task.cancel()
    return [pushed_at[number] - begun for number, begun in filed.items()], [
        shown_at[number] - begun for number, begun in filed.items()
    ]


def main() -> None:
    cases, per_second, sockets = (int(word) for word in (sys.argv[1:] + ["150", "5", "50"][len(sys.argv) - 1 :]))
    with served(demo=True) as port:
        pushed, shown = asyncio.run(measure(port, cases, per_second, sockets))
    record(
        "live",
        {
            "command": f"python -m bench.live {cases} {per_second} {sockets}",
            "cases": cases,
            "per_second": per_second,
            "open_sockets": sockets,
            "filed_to_push": milliseconds(pushed),
            "filed_to_screen": milliseconds(shown),
        },
    )


if __name__ == "__main__":
    main()
