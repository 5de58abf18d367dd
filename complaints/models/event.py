"""The append-only log: audit trail, timeline and push message in one row, written with the change itself."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone

from complaints.models.case import Case
from complaints.models.sealed import SealedText
from complaints.models.user import User
from routing.models import Unit


class ActorKind(models.TextChoices):
    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"


def current_transaction() -> Cast:
    """The xid8 of the running transaction as bigint (PostgreSQL documentation 9.27.7)."""
    xid = models.Func(function="pg_current_xact_id", output_field=models.TextField())
    return Cast(Cast(xid, models.TextField()), models.BigIntegerField())


class Event(models.Model):
    """What happened to a case: who, when, what, why, and the version it made. Never updated, never deleted (trigger).

    `data` holds identifiers and codes only, no personal data and no free text; words are in `reason` and `note`.
    (txid, id) orders events for replay: read only below pg_snapshot_xmin, for ids commit out of order.
    """

    txid = models.BigIntegerField(db_default=current_transaction(), editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    public = models.BooleanField()
    reason = SealedText(default="")
    note = SealedText(default="")
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint("case", "version", name="one_event_per_version")]
        indexes = [
            models.Index("txid", "id", name="event_replay"),
            models.Index("case", name="event_handing", condition=models.Q(kind__in=["hand_over", "refer_crime"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version} of {self.case_id}"
