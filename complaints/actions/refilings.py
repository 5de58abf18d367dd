"""The false-closure detector: what comes in again soon after it was closed as solved is marked, never reopened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.record import Change, change, required_text, write
from complaints.errors import Conflict
from complaints.models import Case, CaseLink, LinkKind, Refiling, User, Viewer

_SIGNS: Final = ("person", "place", "respondent")


def mark_refilings(cases: Sequence[int] | None = None) -> int:
    """Mark those of these cases (None: of all of the last settings.REFILE_DAYS days) that were filed before and closed
    as solved; returns how many are new. May be run as often as one likes."""
    if cases is not None and not cases:
        return 0
    marked = 0
    for found in Refiling.objects.find(cases):
        with transaction.atomic():
            first = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=found.earlier)
            again = Case.objects.get(pk=found.again)
            days = max((again.received_at - found.closed_at).days, 0)
            _row, new = Refiling.objects.get_or_create(
                again=again,
                defaults={"first": first, "days": days} | {f"same_{sign}": sign in found.signs for sign in _SIGNS},
            )
            if not new:
                continue
            CaseLink.objects.get_or_create(case=again, other=first, kind=LinkKind.PREVIOUS)
            write(Change(first, data={"days": days, "signs": sorted(found.signs)}), "refiled", None)
        marked += 1
    return marked


def dismiss_refiling(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """It was another matter: the signal no longer counts. On either of the two cases, with the reason in its log."""
    with change(viewer, number, "dismiss_refiling", version) as doing:
        doing.reason = required_text(reason, "reason")
        signals = Refiling.objects.about(doing.case).standing().select_for_update(of=("self",))
        rows = list(signals)
        if not rows:
            raise Conflict("no_signal", _("Nothing says that this case was filed again."))
        for row in rows:
            row.dismissed_at, row.dismissed_by = timezone.now(), viewer if isinstance(viewer, User) else None
            row.save(update_fields=["dismissed_at", "dismissed_by"])
            CaseLink.objects.filter(case=row.again_id, other=row.first_id, kind=LinkKind.PREVIOUS).update(active=False)
        doing.data = {"signals": len(rows)}
