"""The websocket: subscriptions are checked on the server, pushes are hints, the log fills the gaps."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Final, cast

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from redis.exceptions import RedisError

from complaints import actions, feed, permissions
from complaints.actions import presence
from complaints.errors import DomainError, Forbidden
from complaints.lifecycle import MOVES
from complaints.models import Case, CaseKey, User, Viewer
from complaints.serializers.calls import CallIn, CallOut, DraftIn, HintOut

logger = logging.getLogger(__name__)
TICK: Final = 15.0  # seconds between looks at the log's final position
MAX_WATCHED: Final = 20
MAX_LOOKED_AT: Final = 5  # cases that one browser tab shows at once
UNAVAILABLE: Final = 4503  # close code: try again later, with jitter


@dataclass(slots=True)
class _Look:
    """A case on this screen. told: who else was at it when the browser last heard."""

    case: int
    verb: str = ""
    told: list[presence.Colleague] | None = None


class FeedConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """Staff hear of everything they may see; anyone may watch one case with its number and code.

    Cursors given to the browser are one tick old on purpose: what they cover has long been pushed.
    """

    async def connect(self) -> None:
        self.viewer: Viewer = self.scope.get("user") or AnonymousUser()
        self.watched: dict[str, CaseKey | None] = {}
        self.looking: dict[str, _Look] = {}  # by number
        self.sent: deque[int] = deque(maxlen=512)
        self.ticker: asyncio.Task[None] | None = None
        self.draft: dict[str, Any] | None = None
        self.hinting: asyncio.Task[None] | None = None
        await self.accept()
        try:
            for group in self._own_groups():
                await self.channel_layer.group_add(group, self.channel_name)
            self.cursor = self.next_cursor = await database_sync_to_async(feed.final_cursor)()
        except (RedisError, OSError, DatabaseError):
            logger.warning("a websocket was turned away: channel layer or database is down")
            await self.close(code=UNAVAILABLE)
            return
        await self.send_json({"type": "ready", "cursor": self.cursor})
        self.ticker = asyncio.create_task(self._tick())

    async def disconnect(self, code: int) -> None:
        for task in (self.ticker, self.hinting):
            if task:
                task.cancel()
        for number in list(self.looking):
            await self._leave(number)
        try:
            for group in [*self._own_groups(), *self.watched]:
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
        elif kind == "draft":
            self._hint(content)
        elif kind == "call":
            await self.send_json(await database_sync_to_async(_reported)(self.viewer, content))
        elif kind in ("look", "typing"):
            await self._look(str(content.get("number", ""))[:40], str(content.get("verb", "") or ""))
        elif kind == "leave":
            await self._leave(str(content.get("number", ""))[:40])
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

    async def _look(self, number: str, verb: str) -> None:
        """Somebody of the staff shows the case on screen; verb: the form that they have open."""
        look = self.looking.get(number)
        if verb and verb not in MOVES:
            await self.send_json({"type": "error", "code": "unknown_verb"})
            return
        if look is None:
            case = await self._case_on_screen(number) if len(self.looking) < MAX_LOOKED_AT else None
            if case is None:
                await self.send_json({"type": "refused", "number": number})
                return
            look = self.looking[number] = _Look(case)
            await self._in_layer(self.channel_layer.group_add(presence.group(case), self.channel_name))
        look.verb = verb
        await presence.note(look.case, self.channel_name, cast(User, self.viewer), verb)
        await self._in_layer(self.channel_layer.group_send(presence.group(look.case), {"type": "presence"}))

    async def _leave(self, number: str) -> None:
        look = self.looking.pop(number, None)
        if look is None:
            return
        await presence.forget(look.case, self.channel_name)
        await self._in_layer(self.channel_layer.group_discard(presence.group(look.case), self.channel_name))
        await self._in_layer(self.channel_layer.group_send(presence.group(look.case), {"type": "presence"}))

    async def _case_on_screen(self, number: str) -> int | None:
        """The case, if this is staff who may see it; citizens and partner systems never learn who works on one."""
        if not permissions.works_here(self.viewer):
            return None
        case: int | None = (
            await Case.objects.visible_to(self.viewer).filter(number=number).values_list("pk", flat=True).afirst()
        )
        return case

    async def presence(self, message: dict[str, Any]) -> None:
        """Handler of the channel layer: somebody came to, or left, a case that is on this screen."""
        for number, look in list(self.looking.items()):
            people = await presence.colleagues(look.case, cast(User, self.viewer))
            if people != look.told:
                look.told = people
                await self.send_json({"type": "presence", "number": number, "people": people})

    async def _stay(self) -> None:
        """Renew what this socket looks at, as long as the case is still theirs to see, and notice who faded away."""
        for number, look in list(self.looking.items()):
            if await self._case_on_screen(number) is None:
                await self._leave(number)
                await self.send_json({"type": "refused", "number": number})
            else:
                await presence.note(look.case, self.channel_name, cast(User, self.viewer), look.verb)
        await self.presence({})

    @staticmethod
    async def _in_layer(step: Awaitable[None]) -> None:
        try:
            await step
        except (RedisError, OSError):
            logger.debug("channel layer is down; nobody hears who looks at a case")

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

    def _own_groups(self) -> list[str]:
        return [group for group in (*feed.groups_of_viewer(self.viewer), feed.agent_group(self.viewer)) if group]

    def _hint(self, content: dict[str, Any]) -> None:
        """Only the newest draft of a browser counts: one is looked at, one may wait, what lay between is dropped."""
        self.draft = content
        if self.hinting is None or self.hinting.done():
            self.hinting = asyncio.create_task(self._hints())

    async def _hints(self) -> None:
        """In a thread of its own: the model takes tens of milliseconds, and others want the loop meanwhile."""
        while self.draft is not None:
            draft, self.draft = self.draft, None
            answer = await database_sync_to_async(_hint_for, thread_sensitive=False)(self.viewer, draft)
            await self.send_json({**answer, "id": draft.get("id")})

    async def ring(self, message: dict[str, Any]) -> None:
        """Handler of the channel layer: a call of this call-taker changed."""
        await self.send_json({"type": "call", **message["call"]})

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
                await self._stay()
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


def _reported(viewer: Viewer, content: dict[str, Any]) -> dict[str, Any]:
    """What an exchange says of a call, as `POST /calls/` takes it: the call as it is now, or why it was not taken."""
    answer: dict[str, Any] = {"type": "error", "cti_id": str(content.get("cti_id", ""))[:64]}
    try:
        # the account as it is now: a socket outlasts a right
        now = User.objects.filter(pk=viewer.pk).first() if isinstance(viewer, User) else None
        reporter = permissions.require_switch(now or AnonymousUser())
        given = CallIn(data=content)
        if not given.is_valid():
            return answer | {"code": "invalid", "errors": given.errors}
        reported = actions.report_call(reporter, **given.validated_data)
    except DomainError as refused:
        errors = {name: [words] for name, words in refused.fields.items()}
        return answer | {"code": refused.code, "message": refused.message, "errors": errors}
    except DatabaseError:
        logger.exception("a call was not taken in")
        return answer | {"code": "unavailable"}
    return answer | {"type": "reported", "created": reported.created, "call": CallOut(reported.call).data}


def _hint_for(viewer: Viewer, content: dict[str, Any]) -> dict[str, Any]:
    """The answer to one draft: a hint, or why there is none. Bad input and a failing model never end the socket."""
    try:
        permissions.require_call_taker(viewer)
        given = DraftIn(data=content)
        if not given.is_valid():
            return {"type": "error", "code": "bad_draft"}
        return {"type": "hint", "hint": HintOut(actions.hint(actions.Draft(**given.validated_data))).data}
    except Forbidden as refused:
        return {"type": "error", "code": refused.code}
    except Exception:
        logger.exception("no hint for a draft")
        return {"type": "error", "code": "no_hint"}
