"""Hints while typing: draft sent -> hint received, beside a bare websocket round trip in the same run.

`python -m bench.hints [drafts] [seats typing at once]`. The yardstick is the websocket's answer to a message that it
does not know: same socket, same framing, no thread, no model. Goal: p95 < 300 ms,
the page's rest of 250 ms not counted.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from websockets import Origin
from websockets.asyncio.client import ClientConnection, connect

from bench.live import log_in
from bench.system import milliseconds, record, served

TEXT = (
    "我在西湖区文三路的健身房办了两年的卡，上个月店突然关门了，卡里的钱不退，老板电话也打不通，"
    "后来听说同一个老板又在城西开了新店，我们十几个会员都找不到人，要求退还预付卡余额并查处。"
)
WARM_UP = 10


async def ask(socket: ClientConnection, message: dict[str, object], wanted: str) -> float:
    """Seconds until the answer of that type; pushes that come between are passed over."""
    begun = time.perf_counter()
    await socket.send(json.dumps(message))
    while json.loads(await socket.recv())["type"] != wanted:
        pass
    return time.perf_counter() - begun


async def type_on(socket: ClientConnection, drafts: int) -> list[float]:
    """One seat: the text grows, as it does under a hand; the next draft follows the answer."""
    taken = []
    for n in range(drafts + WARM_UP):
        text = TEXT[: 8 + n % (len(TEXT) - 8)]
        draft = {"type": "draft", "id": n + 1, "text": text, "region": "330106", "place": "", "answers": {}}
        taken.append(await ask(socket, draft, "hint"))
    return taken[WARM_UP:]


async def measure(port: int, drafts: int, seats: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds of the bare round trip, of hints for one seat, and for all seats at once."""
    cookie = await log_in(port, "calltaker")
    sockets = [
        await connect(
            f"ws://127.0.0.1:{port}/ws/feed/",
            additional_headers={"Cookie": cookie},
            origin=Origin(f"http://127.0.0.1:{port}"),
        )
        for _ in range(seats)
    ]
    bare = [await ask(sockets[0], {"type": "nothing"}, "error") for _ in range(drafts + WARM_UP)][WARM_UP:]
    alone = await type_on(sockets[0], drafts)
    together = await asyncio.gather(*(type_on(socket, drafts) for socket in sockets))
    for socket in sockets:
        await socket.close()
    return bare, alone, [seconds for seat in together for seconds in seat]


def main() -> None:
    drafts, seats = (int(word) for word in (sys.argv[1:] + ["150", "5"][len(sys.argv) - 1 :]))
    with served(demo=True) as port:
        bare, alone, together = asyncio.run(measure(port, drafts, seats))
    record(
        "hints",
        {
            "command": f"python -m bench.hints {drafts} {seats}",
            "drafts": drafts,
            "seats": seats,
            "bare_round_trip": milliseconds(bare),
            "one_seat": milliseconds(alone),
            "all_seats": milliseconds(together),
        },
    )


if __name__ == "__main__":
    main()
