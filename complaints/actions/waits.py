"""Waits with a day on them end by themselves: a pause (挂起), and the citizen's time for a supplement (补正)."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.record import Change, write
from complaints.models import Case, Event

logger = logging.getLogger(__name__)
# state: (what began it, what ends it, days between the day that was named and the day on which it is over)
_WAITS: Final = {"suspended": ("suspend", "resume", 0), "waiting_citizen": ("ask_supplement", "go_on", 1)}


def end_waits(today: date | None = None) -> int:
    """Resume what was paused until a day that has come, and go on where the citizen's last day is past. The clocks run
    again; whose desk it is decides what comes next. A wait without a day lasts until a person ends it. Returns how
    many ended."""
    today, ended = today or timezone.localdate(), 0
    for state, (_began, verb, _days) in _WAITS.items():
        for pk in list(_over(state, today).values_list("pk", flat=True)):
            try:
                ended += _end(pk, state, verb, today)
            except Exception:
                logger.exception("the wait of case %s could not be ended", pk)  # the next round tries again
    return ended


def _over(state: str, today: date) -> QuerySet[Case]:
    """Cases whose wait is over; its day stands in the event that began it."""
    began, _verb, days = _WAITS[state]
    events = Event.objects.filter(case=OuterRef("pk"), kind=began).order_by("-version")
    until = Subquery(events.annotate(day=KeyTextTransform("until", "data")).values("day")[:1])
    last = (today - timedelta(days=days)).isoformat()
    return Case.objects.filter(state=state).annotate(until=until).filter(until__lte=last).order_by("pk")


@transaction.atomic
def _end(pk: int, state: str, verb: str, today: date) -> bool:
    free = _over(state, today).select_for_update(no_key=True, of=("self",), skip_locked=True)
    case = free.filter(pk=pk).first()
    if case is None:
        return False  # somebody is at work on it, or was faster
    write(Change(case, reason=_("The day that was set has come."), data={"because": "day"}), verb, None)
    return True
