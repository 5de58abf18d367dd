"""What the model said and what routing decided, kept as facts so that both can be explained and measured later."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from complaints.models.case import Case
from routing.models import Region, Unit


class Prediction(models.Model):
    """One answer of the classifier. topics: [{code, probability}]; urgency_hits: [{level, phrase, ...}]."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="predictions")
    at = models.DateTimeField(default=timezone.now)
    model_version = models.CharField(max_length=80)
    domain = models.CharField(max_length=20, blank=True)
    topic = models.CharField(max_length=3)
    confidence = models.FloatField()
    topics = models.JSONField()
    intent = models.CharField(max_length=20)
    urgency = models.CharField(max_length=2)
    urgency_hits = models.JSONField()
    needs_review = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.topic} for {self.case_id} by {self.model_version}"


class RoutingDecision(models.Model):
    """Who was made responsible and why. reasons: [{code, params}], worded by routing.reasons.sentence."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    at = models.DateTimeField(default=timezone.now)
    lead_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    participant_units = models.JSONField()
    level = models.CharField(max_length=20, blank=True)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField()

    def __str__(self) -> str:
        return f"{self.lead_unit_id} for {self.case_id}"
