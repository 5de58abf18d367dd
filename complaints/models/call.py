"""Calls that a telephone exchange reports, and what is remembered of a caller's number."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.errors import Missing
from complaints.models.case import Case
from complaints.models.sealed import SealedText
from complaints.models.user import Role, User
from complaints.models.viewer import Viewer
from routing.models import Unit

# An exchange that lost its line never says that a call ended: what is older is no longer on anybody's screen.
RINGS_AT_MOST: Final = timedelta(minutes=5)
LASTS_AT_MOST: Final = timedelta(hours=4)
MISSED_SHOWN: Final = timedelta(days=3)


class CallState(models.TextChoices):
    """In this order and never back; wrapped: the call-taker has finished writing it down."""

    RINGING = "ringing", pgettext_lazy("call", "ringing")
    ANSWERED = "answered", pgettext_lazy("call", "answered")
    ENDED = "ended", pgettext_lazy("call", "ended")
    WRAPPED = "wrapped", pgettext_lazy("call", "wrapped up")


class CallQuerySet(models.QuerySet["Call"]):
    def of(self, viewer: Viewer) -> CallQuerySet:
        """The calls of one call-taker: nobody else sees them, whatever the role."""
        return self.filter(agent=viewer) if isinstance(viewer, User) and viewer.is_active else self.none()

    def live(self) -> CallQuerySet:
        """Not wrapped up, and not so old that the exchange must have forgotten them."""
        now = timezone.now()
        return self.exclude(state=CallState.WRAPPED).filter(
            Q(rang_at__gte=now - LASTS_AT_MOST) | Q(answered_at__gte=now - LASTS_AT_MOST),
            ~Q(state=CallState.RINGING) | Q(rang_at__gte=now - RINGS_AT_MOST),
        )

    def missed_by(self, viewer: Viewer) -> CallQuerySet:
        """Calls to the viewer's desk of the last days that nobody answered and nobody called back."""
        if not isinstance(viewer, User) or not viewer.is_active or viewer.role != Role.CALL_TAKER or not viewer.unit_id:
            return self.none()
        return self.filter(
            Q(agent=None) | Q(agent__unit=viewer.unit_id),
            unit=viewer.unit_id,
            state=CallState.ENDED,
            answered_at=None,
            rang_at__gte=timezone.now() - MISSED_SHOWN,
        )

    def by_id(self, pk: int) -> Call:
        """The call; Missing when there is none or it was filtered away."""
        found = self.filter(pk=pk).first()
        if found is None:
            raise Missing("no_such_call", gettext("There is no such call, or it is not yours."))
        return found


class Call(models.Model):
    """One call as the exchange reports it. The number is encrypted; `phone_index` finds the caller's cases.

    cti_id: the exchange's own id, known once for each account that reports. unit: the desk that was called.
    case: the first case that was written down during it.
    """

    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cti_id = models.CharField(max_length=64)
    agent = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=20, blank=True)
    phone = SealedText(default="")
    phone_index = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=CallState.choices, default=CallState.RINGING)
    rang_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    wrapped_at = models.DateTimeField(null=True)
    called_back_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    called_back_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="calls")

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("reported_by", "cti_id", name="one_call_per_cti_id"),
            models.CheckConstraint(condition=Q(state__in=CallState.values), name="call_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["ringing", "ended"]) | Q(agent__isnull=False), name="call_answered_by_agent"
            ),
        ]
        indexes = [
            models.Index("agent", "id", name="call_live", condition=~Q(state="wrapped")),
            models.Index("unit", "rang_at", name="call_missed", condition=Q(state="ended", answered_at=None)),
        ]

    def __str__(self) -> str:
        return f"call {self.pk} {self.state}"


class NoteKind(models.TextChoices):
    VULNERABLE = "vulnerable", _("needs care")
    LANGUAGE = "language", _("language or dialect")
    CAUTION = "caution", _("caution")


class CallerNote(models.Model):
    """What the next call-taker should know of a number before saying hello; one of a kind, for a year."""

    LASTS: Final = timedelta(days=365)

    phone_index = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=NoteKind.choices)
    note = SealedText(default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("phone_index", "kind", name="one_caller_note_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=NoteKind.values), name="caller_note_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} note {self.pk}"
