"""The frame of every change: lock, check, write, record, announce, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import feed, permissions
from complaints.errors import Conflict, Invalid, Missing
from complaints.lifecycle import ENDED, MOVES, State, is_possible
from complaints.models import ActorKind, Case, Event, User, Viewer


@dataclass(slots=True)
class Change:
    """A change under way: set what the event shall say; the frame writes it at the end."""

    case: Case
    reason: str = ""
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@contextmanager
def change(viewer: Viewer, number: str, verb: str, version: int | None = None) -> Iterator[Change]:
    """Make one move on a case. Raises Missing, Forbidden or Conflict before anything is written.

    version: the version that the caller saw; None for additions that cannot collide (note, supplement, attach).
    """
    with transaction.atomic():
        visible = Case.objects.visible_to(viewer).select_for_update(no_key=True, of=("self",))
        case = visible.filter(number=number).first()
        if case is None:
            raise Missing("no_such_case", _("There is no such case, or you may not see it."))
        permissions.require(viewer, verb, case)
        if not is_possible(verb, case.state):
            raise Conflict(
                "wrong_state",
                _("The case is “%(state)s” now; this step no longer fits.") % {"state": State(case.state).label},
            )
        if version is not None and version != case.version:
            raise Conflict("stale_version", _("Somebody changed the case meanwhile. Look at it again."))
        doing = Change(case)
        yield doing
        write(doing, verb, viewer)


def write(doing: Change, verb: str, viewer: Viewer | None) -> Event:
    """Save the case with its new state and version, append the event, announce it. viewer None: the system."""
    case, move = doing.case, MOVES[verb]
    before = case.state
    case.state = move.target or case.state
    case.version += 1
    case.save()
    if case.state in ENDED:
        case.assignments.filter(active=True).update(active=False)
    staff = viewer if isinstance(viewer, User) else None
    kind = ActorKind.STAFF if staff else ActorKind.SYSTEM if viewer is None else ActorKind.CITIZEN
    event = Event.objects.create(
        case=case,
        version=case.version,
        kind=verb,
        actor_kind=kind,
        actor=staff,
        unit_id=staff.unit_id if staff else None,
        from_state=before if case.version > 1 else "",
        to_state=case.state,
        public=move.public,
        reason=doing.reason,
        note=doing.note,
        data=doing.data,
    )
    feed.announce(event, case)
    return event


def required_text(value: str, field_name: str) -> str:
    """The text without outer blanks; Invalid at the field when nothing is left."""
    text = value.strip()
    if not text:
        message = _("This field may not be empty.")
        raise Invalid("empty", message, {field_name: message})
    return text
