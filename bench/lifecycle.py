"""Whole lives of cases over the HTTP API, per second: empty, and with a great past, in one run by the same commands.

`make bench-lifecycle` or `python -m bench.lifecycle [cases of the past] [lives] [rounds]`; with rounds, bench.queue
on the same past, too. A life: filed, classified and routed by the worker, opened, confirmed by the dispatcher, signed
for, begun, answered, closed, and found by its words. The clients are one process with several connections, on the
same cores; for the steps they ask nothing back (Prefer: return=minimal), as a program would. Goal: 15 a second on two
cores at 1,000,000 cases, and not below 70 % of the empty figure. One officer and one dispatcher act, so that all of
them work in one busy queue.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
import time
from collections import defaultdict
from typing import Any
from urllib.parse import quote

from bench import queue
from bench.system import Connection, milliseconds, record, system
from deploy.demo_accounts import PASSWORD

FILERS, OFFICERS = 4, 8  # connections
LOOK = 0.5  # seconds between two looks at the queue
API = "/api/v1/cases/"
TEXT = "今天在超市买的牛奶已经过期三天，孩子喝了拉肚子，要求赔偿。小票号{mark}，我上午十点在店里买的。"


async def measure(port: int, lives: int) -> dict[str, Any]:  # noqa: PLR0915 (one life, told in order)
    """Lives per second, and the time of each request."""
    took: dict[str, list[float]] = defaultdict(list)
    waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    marks = iter(range(lives))
    sessions: dict[str, str] = {}
    logging_in = asyncio.Lock()
    ended = 0
    stamp = f"{time.time_ns() // 1_000_000:x}"  # in the text of each case

    async def timed(what: str, asked: Any) -> Any:
        begun = time.perf_counter()
        answer = await asked
        took[what].append(time.perf_counter() - begun)
        return answer

    async def file() -> None:
        citizen = Connection(port)
        await citizen.open()
        for mark in marks:
            body = {"text": TEXT.format(mark=f"{stamp}{mark:05d}"), "region": "330106", "place": f"文三路{mark + 1}号",
                    "requester": {"name": "王某某", "phone": f"138{int(stamp[-3:], 16):04d}{mark:04d}"}}  # fmt: skip
            await timed("file", citizen.post(API, body, 201))

    async def look() -> None:
        """Hand every case that the worker routed to the officers, once; opening it first, as they would."""
        officer = await person("xihu_samr")
        seen: set[str] = set()
        while len(seen) < lives:
            page = await timed("queue", officer.get(f"{API}?queue=mine&state=dispatched"))
            for row in page["results"]:
                if row["number"] not in seen and stamp in row["summary"]:  # not one of the past
                    seen.add(row["number"])
                    case = await timed("case", officer.get(f"{API}{row['number']}/"))
                    waiting.put_nowait(case)
            await asyncio.sleep(LOOK)

    async def person(username: str) -> Connection:
        """A further connection of somebody who is logged in; the server limits how often one may log in."""
        made = Connection(port)
        await made.open()
        async with logging_in:
            if username not in sessions:
                await made.log_in(username, PASSWORD)
                sessions[username] = made.session
        made.session = sessions[username]
        return made

    async def handle() -> None:
        nonlocal ended
        officer, dispatcher = await person("xihu_samr"), await person("dispatcher")
        while True:
            case = await waiting.get()
            at = f"{API}{case['number']}/"
            body = {"version": case["version"], "lead": case["lead"]["id"], "topic": "P01", "reason": "职责明确"}
            version = await timed("dispatch", dispatcher.step(f"{at}dispatch/", body))
            for verb, more in (
                ("sign", {}), ("start", {}), ("reply", {"text": "已责令商家退款赔偿，款项到账。"}),
                ("close", {"reason": "答复完毕", "solved": "yes"}),
            ):  # fmt: skip
                version = await timed(verb, officer.step(f"{at}{verb}/", {"version": version, **more}))
            mark = case["text"].partition("小票号")[2].partition("，")[0]
            found = await timed("search", officer.get(f"{API}?q={quote(mark)}"))
            assert [(hit["number"], hit["state"]) for hit in found["results"]] == [(case["number"], "closed")], found
            ended += 1

    handlers = [asyncio.create_task(handle()) for _ in range(OFFICERS)]
    begun = time.perf_counter()
    everything = asyncio.gather(look(), *(file() for _ in range(FILERS)))
    while ended < lives:
        await asyncio.sleep(0.02)
        for task in handlers:
            if task.done():
                task.result()
    seconds = time.perf_counter() - begun
    await everything
    for task in handlers:
        task.cancel()
    return {"lives_per_s": round(lives / seconds, 2), **{name: milliseconds(times) for name, times in took.items()}}


def _client(port: int, lives: int, said: Any) -> None:
    said.put(asyncio.run(measure(port, lives)))


def in_a_process(port: int, lives: int) -> dict[str, Any]:
    """The clients are a process of their own, as they would be on other machines."""
    context = multiprocessing.get_context("spawn")
    said = context.Queue()
    client = context.Process(target=_client, args=(port, lives, said))
    client.start()
    while client.is_alive() and said.empty():
        client.join(0.2)
    assert not said.empty(), "the clients failed; their error stands above"
    figures: dict[str, Any] = said.get()
    client.join()
    return figures


def lives_per_second(port: int, lives: int) -> dict[str, Any]:
    """The figures of a system as it stands, warm."""
    in_a_process(port, 40)
    return in_a_process(port, lives)


def main() -> None:
    past, lives, rounds = (int(word) for word in (sys.argv[1:] + ["1000000", "600", "0"][len(sys.argv) - 1 :]))
    with system() as served:
        served.run("-m", "bench.people")
        empty = lives_per_second(served.port, lives)
        print("empty:", json.dumps(empty, ensure_ascii=False), file=sys.stderr)
        served.stop()
        seconds = round(served.seed(past), 1)
        served.start()
        command = f"python -m bench.lifecycle {past} {lives} {rounds}"
        if rounds:
            record("queue", {"command": command, "cases": past, "seeding_s": seconds, **queue.pages(served, rounds)})
        full = lives_per_second(served.port, lives)
    record(
        "lifecycle",
        {
            "command": command,
            "lives": lives,
            "connections": FILERS + 2 * OFFICERS + 1,
            "empty": empty,
            "past_cases": past,
            "seeding_s": seconds,
            "with_past": full,
            "ratio": round(full["lives_per_s"] / empty["lives_per_s"], 3),
        },
    )


if __name__ == "__main__":
    main()
