"""Which models there are, which one serves, how it came to that, and runs of a model over old cases."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.user import User


class ModelState(models.TextChoices):
    ACTIVE = "active", _("serving")
    CHALLENGER = "challenger", _("runs in shadow")
    CANDIDATE = "candidate", _("registered")
    RETIRED = "retired", _("retired")


class ModelVersion(models.Model):
    """One artefact that was made known. folder "": what the process serves when nobody chose (ZST_MODEL_DIR, shipped).

    frozen_*: accuracy (0..1) on the messages that no training may see; frozen_split names the set of messages, and
    figures of different sets are never compared. previous: what served before, for the rollback.
    """

    version = models.CharField(max_length=80, unique=True)
    folder = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ModelState.choices, default=ModelState.CANDIDATE)
    frozen_split = models.CharField(max_length=64, blank=True)
    frozen_messages = models.PositiveIntegerField(null=True)
    frozen_topic = models.FloatField(null=True)
    frozen_domain = models.FloatField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True)
    activated_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ModelState.values), name="model_state_known"),
            models.UniqueConstraint("state", condition=Q(state="active"), name="one_active_model"),
            models.UniqueConstraint("state", condition=Q(state="challenger"), name="one_challenger"),
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.state})"


class ModelEvent(models.Model):
    """Who did what with a model, when and why; data holds the figures it was decided on. Append-only (trigger)."""

    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.model_id}"


class RunState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("reclassification", "running")
    PAUSED = "paused", pgettext_lazy("reclassification", "paused")
    CANCELLED = "cancelled", pgettext_lazy("reclassification", "cancelled")
    DONE = "done", pgettext_lazy("reclassification", "done")
    FAILED = "failed", pgettext_lazy("reclassification", "failed")


class ReclassifyRun(models.Model):
    """One model read over the cases received from `since` until before `until`; it stores answers and changes no case.

    cursor: the last case that is done; the cursor and the answers of a batch are committed together, so a worker that
    dies repeats nothing. last: the newest case when the run began, where it ends.
    """

    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="runs")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    cursor = models.BigIntegerField(default=0)
    last = models.BigIntegerField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_known"),
            models.UniqueConstraint(
                "model", condition=Q(state__in=["running", "paused", "failed"]), name="one_open_run_a_model"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_id}: {self.done} of {self.total}, {self.state}"
