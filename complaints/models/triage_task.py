"""The work that waits: one row per case that has not been classified and routed yet."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from complaints.models.case import Case


class TriageTask(models.Model):
    """Claimed by lease: whoever holds `token` before `lease_until` may finish it; a dead worker's lease runs out.

    Deleted in the transaction that finishes the case. `attempts` counts claims; `last_error` is for people.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="triage_task")
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index("due_at", name="triage_due")]

    def __str__(self) -> str:
        return f"triage of {self.case_id}, attempt {self.attempts}"
