"""The frame of every change: lock, check, write, record, announce, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import clocks, feed, permissions, search
from complaints.errors import Conflict, Invalid
from complaints.lifecycle import AT_WORK, BACK, ENDED, HELD, MOVES, State, is_possible
from complaints.models import ActorKind, Case, Event, Ground, User, Viewer


@dataclass(slots=True)
class Change:
    """A change under way: set what the event shall say; the frame writes it at the end.

    verb: another move than the one asked for, where the facts demand it.
    """

    case: Case
    verb: str = ""
    reason: str = ""
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    was: str = ""  # the state before the change

    def __post_init__(self) -> None:
        self.was = self.case.state


@contextmanager
def change(viewer: Viewer, number: str, verb: str, version: int | None = None) -> Iterator[Change]:
    """Make one move on a case. Raises Missing, Forbidden or Conflict before anything is written.

    version: the version that the caller saw; None for additions that cannot collide (note, supplement, attach).
    """
    with transaction.atomic():
        case = Case.objects.visible_to(viewer).select_for_update(no_key=True, of=("self",)).by_number(number)
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
        write(doing, doing.verb or verb, viewer)


def write(doing: Change, verb: str, viewer: Viewer | None) -> Event:
    """Save the case with its new state and version, append the event, announce it. viewer None: the system."""
    case, move = doing.case, MOVES[verb]
    before = doing.was
    if move.target == BACK:
        case.state, case.held_from = case.held_from or State.NEEDS_TRIAGE, ""
    elif move.target:
        case.state = move.target
    if case.state in HELD and case.state != before:
        case.held_from = before
    case.version += 1
    staff = viewer if isinstance(viewer, User) else None
    kind = ActorKind.STAFF if staff else ActorKind.SYSTEM if viewer is None else ActorKind.CITIZEN
    event = Event(
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
    if case.state == State.CLOSED != before:
        case.closed_at = event.at
    elif case.state in AT_WORK:
        case.closed_at = None
    clocks.follow(case, event)  # also sets case.due_at
    case.save()
    if case.state in ENDED:
        case.assignments.filter(active=True).update(active=False)
    event.save(force_insert=True)
    search.follow(case, event)
    feed.announce(event, case)
    return event


def ground(kind: str, code: str, received_on: date, field_name: str = "ground") -> Ground:
    """The coded reason in force for a case received on that day; Invalid at the field when there is none."""
    known = Ground.objects.in_force(received_on).filter(kind=kind, code=code).first()
    if known is None:
        message = _("There is no such ground for this case.")
        raise Invalid("unknown_ground", message, {field_name: message})
    return known


def required_text(value: str, field_name: str) -> str:
    """The text without outer blanks; Invalid at the field when nothing is left."""
    text = value.strip()
    if not text:
        message = _("This field may not be empty.")
        raise Invalid("empty", message, {field_name: message})
    return text
