"""The websocket: subscriptions are checked on the server, pushes are hints, the log fills the gaps."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Any, Final

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from redis.exceptions import RedisError

from complaints import feed
from complaints.models import Case, CaseKey, User, Viewer

logger = logging.getLogger(__name__)
TICK: Final = 15.0  # seconds between looks at the log's final position
MAX_WATCHED: Final = 20
UNAVAILABLE: Final = 4503  # close code: try again later, with jitter


class FeedConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Staff hear of everything they may see; anyone may watch one case with its number and code.

    Cursors given to the browser are one tick old on purpose: what they cover has long been pushed.
    """

    async def connect(self) -> None:
        self.viewer: Viewer = self.scope.get("user") or AnonymousUser()
        self.watched: dict[str, CaseKey | None] = {}
        self.sent: deque[int] = deque(maxlen=512)
        self.ticker: asyncio.Task[None] | None = None
        await self.accept()
        try:
            for group in feed.groups_of_viewer(self.viewer):
                await self.channel_layer.group_add(group, self.channel_name)
            self.cursor = self.next_cursor = await database_sync_to_async(feed.final_cursor)()
        except (RedisError, OSError, DatabaseError):
            logger.warning("a websocket was turned away: channel layer or database is down")
            await self.close(code=UNAVAILABLE)
            return
        await self.send_json({"type": "ready", "cursor": self.cursor})
        self.ticker = asyncio.create_task(self._tick())

    async def disconnect(self, code: int) -> None:
        if self.ticker:
            self.ticker.cancel()
        try:
            for group in [*feed.groups_of_viewer(self.viewer), *self.watched]:
                await self.channel_layer.group_discard(group, self.channel_name)
        except (RedisError, OSError):
            logger.debug("channel layer is down; the groups go with it")

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        try:
            return await super().decode_json(text_data)
        except ValueError:
            return None

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        kind = content.get("type") if isinstance(content, dict) else None
        if kind == "watch":
            await self._watch(str(content.get("number", ""))[:40], str(content.get("code", ""))[:20])
        elif kind == "replay":
            await self._replay(str(content.get("since", ""))[:60])
        else:
            await self.send_json({"type": "error", "code": "unknown_message"})

    async def _watch(self, number: str, code: str) -> None:
        key = CaseKey.check(number, code) if code else None
        viewer = key or self.viewer
        case = await database_sync_to_async(
            lambda: Case.objects.visible_to(viewer).filter(number=key.number if key else number).first()
        )()
        if case is None or len(self.watched) >= MAX_WATCHED:
            await self.send_json({"type": "refused", "number": number})
            return
        group = f"case.{case.pk}" if key else f"case.{case.pk}.staff"
        self.watched[group] = key
        await self.channel_layer.group_add(group, self.channel_name)
        await self.send_json({"type": "watching", "number": case.number})

    async def _replay(self, since: str) -> None:
        viewers: list[Viewer] = [key for key in self.watched.values() if key]
        if isinstance(self.viewer, User):
            viewers.insert(0, self.viewer)
        try:
            until: str | None = self.cursor
            for viewer in viewers:
                missed, until = await database_sync_to_async(feed.replay)(viewer, since)
                if until is None:
                    break
                for push in missed:
                    await self._push(push)
        except ValueError:
            until = None
        if until is None:
            await self.send_json({"type": "reload", "cursor": self.cursor})
        else:
            await self.send_json({"type": "live", "cursor": self.cursor})

    async def push(self, message: dict[str, Any]) -> None:
        """Handler of the channel layer."""
        await self._push(message["push"])

    async def _push(self, push: feed.Push) -> None:
        if push["id"] in self.sent:
            return
        self.sent.append(push["id"])
        await self.send_json(feed.payload(push, self.cursor))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            try:
                final = await database_sync_to_async(feed.final_cursor)()
                if not await self._still_welcome():
                    await self.close(code=4401)
                    return
            except DatabaseError:
                continue
            self.cursor, self.next_cursor = self.next_cursor, final
            await self.send_json({"type": "cursor", "cursor": self.cursor})

    async def _still_welcome(self) -> bool:
        """A changed role, unit or region, or a locked account, ends the socket: the browser connects anew."""
        if not isinstance(self.viewer, User):
            return True
        now = await User.objects.filter(pk=self.viewer.pk).afirst()
        return now is not None and feed.groups_of_viewer(now) == feed.groups_of_viewer(self.viewer)
