"""The caller card: what is known of the number on the line, without showing the number."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone

from complaints import privacy
from complaints.lifecycle import OPEN
from complaints.models import Call, CallerNote, Case, Viewer
from routing.models import Region

DATA: Final = Path(__file__).resolve().parent.parent / "data"
SHOWN: Final = 5
FREQUENT: Final = 5  # cases in FREQUENT_IN: more help is needed, or the matter is stuck
FREQUENT_IN: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Card:
    """region: by the area code of a landline, None for mobiles. name: masked, from the caller's last named case.

    cases: the last of them, open ones first. filed: in the last ninety days. still_open: of all.
    """

    phone: str
    region: Region | None
    name: str
    cases: list[Case]
    filed: int
    still_open: int
    notes: list[CallerNote]

    @property
    def frequent(self) -> bool:
        return self.filed >= FREQUENT


def card(viewer: Viewer, call: Call) -> Card:
    """The card of a call; its history follows CaseQuerySet.of_caller."""
    history = Case.objects.of_caller(call.phone_index, viewer)
    cases = list(history.select_related("requester")[:SHOWN])
    since = timezone.now() - FREQUENT_IN
    counted = history.order_by().aggregate(
        filed=Count("pk", Q(received_at__gte=since)), open=Count("pk", Q(state__in=sorted(OPEN)))
    )
    named = [case.requester for case in sorted(cases, key=lambda case: -case.pk) if not case.requester.anonymous]
    fresh = timezone.now() - CallerNote.LASTS
    return Card(
        phone=privacy.mask_phone(call.phone or ""),
        region=_region(call.phone or ""),
        name=next((privacy.mask_name(person.name or "") for person in named if person.name), ""),
        cases=cases,
        filed=counted["filed"],
        still_open=counted["open"],
        notes=list(CallerNote.objects.filter(phone_index=call.phone_index, at__gte=fresh).order_by("-kind"))
        if call.phone_index
        else [],
    )


@cache
def _area_codes() -> dict[str, str]:
    with (DATA / "area_codes.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["region"] for row in csv.DictReader(lines)}


def _region(phone: str) -> Region | None:
    """The city of a landline's area code; the first digits of a mobile say too little to show."""
    if not phone.startswith("0"):
        return None
    code = next((phone[:length] for length in (4, 3) if phone[:length] in _area_codes()), "")
    return Region.objects.filter(pk=_area_codes()[code]).first() if code else None
