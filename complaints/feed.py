"""What is pushed, to whom, and how a browser catches up. A push is a hint; the event log is the truth.

Groups mirror `Case.objects.visible_to`: tests hold the two together. Cursors are "txid.id"; everything below
pg_snapshot_xmin is final, so a cursor handed out never lies beyond it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypedDict

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import connection, transaction
from redis.exceptions import RedisError

from complaints import permissions
from complaints.lifecycle import DESK_ONLY
from complaints.models import Case, CaseKey, Event, Role, User, Viewer
from complaints.models.case import NOWHERE
from routing.models.places import scope_prefix

logger = logging.getLogger(__name__)
REPLAY_LIMIT = 500
PUSH_TIMEOUT = 2.0  # seconds


class Push(TypedDict):
    """One event as it travels: no words, no personal data."""

    type: str
    id: int
    number: str
    kind: str
    state: str
    version: int


def groups_of_viewer(viewer: Viewer) -> list[str]:
    """The groups whose events a viewer may see; the counterpart of visible_to."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return []
    if viewer.is_superuser:
        return ["all"]
    match viewer.role:
        case Role.OFFICER:
            return [f"unit.{viewer.unit_id}"]
        case Role.CALL_TAKER:
            return [f"taken.{viewer.pk}"] + ([f"desk.{viewer.unit_id}"] if viewer.unit_id else [])
        case Role.DISPATCHER | Role.SUPERVISOR:
            return [f"region.{scope_prefix(viewer.region_id or NOWHERE)}", "region.unknown"]
        case Role.PARTNER:
            return [f"taken.{viewer.pk}"]
    return []


def groups_of_case(case: Case, units: Iterable[int]) -> list[str]:
    """The groups that hear of a change to the case; units: ids of every unit that is or was at work on it."""
    region = case.region_id
    groups = ["all", f"case.{case.pk}", *(f"unit.{unit}" for unit in sorted(set(units)))]
    groups += [f"region.{region[:length]}" for length in (2, 4, 6)] if region else ["region.unknown"]
    if case.taken_by_id:
        groups.append(f"taken.{case.taken_by_id}")
    if case.taken_by_unit_id:
        groups.append(f"desk.{case.taken_by_unit_id}")
    return groups


def push_of(event: Event, number: str) -> Push:
    return {
        "type": "event",
        "id": event.pk,
        "number": number,
        "kind": event.kind,
        "state": event.to_state,
        "version": event.version,
    }


_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Nothing is announced: for a past that is written before anybody looks."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def announce(event: Event, case: Case) -> None:
    """Tell the browsers once the running transaction has committed. Never fails the change it tells of."""
    if _silent.get():
        return
    groups = groups_of_case(case, case.assignments.values_list("unit_id", flat=True))
    push = push_of(event, case.number)
    if event.kind in DESK_ONLY:
        groups = [group for group in groups if not group.startswith("unit.")]
    # citizens watch by case and must not learn of internal events
    if not event.public:
        groups = [group if group != f"case.{case.pk}" else f"case.{case.pk}.staff" for group in groups]
    else:
        groups.append(f"case.{case.pk}.staff")
    transaction.on_commit(lambda: async_to_sync(_send)(groups, push), robust=True)


def agent_group(viewer: Viewer) -> str:
    """The group that only this account hears; "" for who has none."""
    return f"agent.{viewer.pk}" if isinstance(viewer, User) and viewer.is_active else ""


def ring(agent_pk: int, call_pk: int, state: str) -> None:
    """Tell one call-taker that a call of theirs changed, after the commit; who calls, the browser asks for by HTTP."""
    message = {"type": "ring", "call": {"id": call_pk, "state": state}}
    transaction.on_commit(lambda: async_to_sync(_deliver)([f"agent.{agent_pk}"], message), robust=True)


async def _send(groups: list[str], push: Push) -> None:
    await _deliver(groups, {"type": "push", "push": push})


async def _deliver(groups: list[str], message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    try:
        async with asyncio.timeout(PUSH_TIMEOUT):
            await asyncio.gather(*(layer.group_send(group, message) for group in groups))
    except (RedisError, OSError, TimeoutError) as error:
        logger.warning("a %s was not sent (%s); browsers will refetch", message["type"], type(error).__name__)


def final_cursor() -> str:
    """The position below which no event can appear any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return f"{cursor.fetchone()[0]}.0"


def replay(viewer: Viewer, since: str) -> tuple[list[Push], str | None]:
    """What happened since a cursor to cases the viewer may see, oldest first, and the next cursor.

    Also gives committed events that lie above the final position (they may come again; the browser drops doubles by
    id). More than REPLAY_LIMIT: ([], None), the browser reloads its lists instead. Raises ValueError on a bad cursor.
    """
    txid, _, last = since.partition(".")
    position = (int(txid), int(last or 0))
    until = final_cursor()
    events = Event.objects.filter(case__in=Case.objects.visible_to(viewer)).extra(
        where=["(complaints_event.txid, complaints_event.id) > (%s, %s)"], params=position
    )
    if isinstance(viewer, CaseKey):
        events = events.filter(public=True)
    events = events.exclude(kind__in=permissions.unseen(viewer))
    found = list(events.select_related("case").order_by("txid", "id")[: REPLAY_LIMIT + 1])
    if len(found) > REPLAY_LIMIT:
        return [], None
    return [push_of(event, event.case.number) for event in found], until


def payload(push: Push, cursor: str) -> dict[str, Any]:
    """A push with the cursor from which the browser would replay after a drop."""
    return {**push, "cursor": cursor}
