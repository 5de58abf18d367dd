"""A rule set tried out on past cases: what was asked, how far it is, what came out."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.user import User
from routing.models import RuleSet

SILENT_AFTER: Final = timedelta(minutes=2)  # a running simulation reports every few seconds


class SimulationState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class RuleSimulation(models.Model):
    """Asked for by a supervisor, worked off by the worker; sees the cases that its owner sees.

    `done` of `total` cases; `beat_at` moves while it runs, so that one whose worker died is not taken for alive.
    """

    ruleset = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cases = models.PositiveIntegerField(help_text="at most so many, the latest first")
    state = models.CharField(max_length=8, choices=SimulationState.choices, default=SimulationState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(null=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=SimulationState.values), name="simulation_state_known")
        ]

    def __str__(self) -> str:
        return f"simulation {self.pk} of rule set {self.ruleset_id}"

    @property
    def state_now(self) -> str:
        """The state, or `failed` when the worker fell silent."""
        silent = self.state == SimulationState.RUNNING and timezone.now() - self.beat_at > SILENT_AFTER
        return SimulationState.FAILED.value if silent else self.state
