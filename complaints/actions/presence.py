"""Who looks at a case right now, and who is filling in which form of it. Kept in Valkey only, for seconds.

One hash a case: a field for each socket. A socket renews its field while it is open; what was not renewed for FRESH
seconds counts as gone, so that a killed server leaves nobody behind. Valkey away: nobody is shown, nothing fails.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable
from typing import Any, Final, TypedDict, cast
from weakref import WeakKeyDictionary

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from complaints import permissions
from complaints.models import User

logger = logging.getLogger(__name__)
FRESH: Final = 35.0  # seconds; sockets renew every 15
_PREFIX: Final = cast(Any, settings.CHANNEL_LAYERS)["default"]["CONFIG"]["prefix"]
_valkeys: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()


class Colleague(TypedDict):
    """Somebody else at the case. verb: the form that they have open, "" while they only look."""

    name: str
    role: str
    verb: str


def group(case: int) -> str:
    """The group of the channel layer that hears who comes and goes."""
    return f"presence.{case}"


async def note(case: int, socket: str, who: User, verb: str) -> None:
    """This socket looks at the case, or fills in that form, now."""
    entry = {"pk": who.pk, "name": str(who), "role": who.role or "supervisor", "verb": verb, "at": time.time()}
    pipe = _valkey().pipeline()
    pipe.hset(_key(case), socket, json.dumps(entry, ensure_ascii=False))
    pipe.expire(_key(case), int(2 * FRESH))
    await _quietly(pipe.execute())


async def forget(case: int, socket: str) -> None:
    """This socket has left the case."""
    await _quietly(cast(Awaitable[Any], _valkey().hdel(_key(case), socket)))


async def colleagues(case: int, viewer: User) -> list[Colleague]:
    """The others at the case, each account once; who fills in a form comes first.

    A step that is kept from the viewer in the log (permissions.unseen) is not told here either: they only look.
    """
    hidden = permissions.unseen(viewer)
    stored = await _quietly(cast(Awaitable[Any], _valkey().hgetall(_key(case)))) or {}
    found: dict[int, Colleague] = {}
    for entry in map(json.loads, stored.values()):
        if entry["pk"] != viewer.pk and time.time() - entry["at"] <= FRESH:
            known = found.get(entry["pk"])
            verb = "" if entry["verb"] in hidden else entry["verb"]
            if known is None or not known["verb"]:
                found[entry["pk"]] = {"name": entry["name"], "role": entry["role"], "verb": verb}
    return sorted(found.values(), key=lambda one: (not one["verb"], one["name"]))


def _key(case: int) -> str:
    return f"{_PREFIX}.presence.{case}"


def _valkey() -> Redis:
    """One client an event loop: its connections belong to the loop that opened them."""
    loop = asyncio.get_running_loop()
    if loop not in _valkeys:
        _valkeys[loop] = Redis.from_url(settings.REDIS_URL, decode_responses=True, socket_timeout=2)
    return _valkeys[loop]


async def _quietly(answer: Awaitable[Any]) -> Any:
    try:
        return await answer
    except (RedisError, OSError) as error:
        logger.debug("presence is not kept (%s)", type(error).__name__)
        return None
