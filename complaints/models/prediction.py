"""What the model said and what routing decided, kept as facts so that both can be explained and measured later."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from complaints.models.case import Case
from routing.models import Region, Unit


class AnswerRole(models.TextChoices):
    """served: what the case was treated by. shadow: a challenger's, kept apart and never shown as the case's.
    reclassified: a model's, read over history; no case changes by it."""

    SERVED = "served"
    SHADOW = "shadow"
    RECLASSIFIED = "reclassified"


class Prediction(models.Model):
    """One answer of the classifier. topics: [{code, probability}]; urgency_hits: [{level, phrase, ...}].

    matters: [{start, end, topic, probability}] when the message holds several, else empty.
    review_below: the threshold of the domain's probability then in force. auto_routed: no person decided the routing.
    """

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
    matters = models.JSONField(default=list)
    role = models.CharField(max_length=12, choices=AnswerRole.choices, default=AnswerRole.SERVED)
    review_below = models.FloatField(null=True)
    auto_routed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=AnswerRole.values), name="answer_role_known"),
            # a repeated batch of a challenger or of a run over history writes nothing twice
            models.UniqueConstraint(
                "case", "model_version", "role", condition=~models.Q(role="served"), name="one_answer_beside"
            ),
        ]
        indexes = [
            models.Index("role", "at", name="prediction_role_at"),
            models.Index(
                "model_version", "id", name="prediction_reclassified", condition=models.Q(role="reclassified")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} for {self.case_id} by {self.model_version}"


class RoutingDecision(models.Model):
    """Who was made responsible and why. reasons: [{code, params}], worded by routing.reasons.sentence.

    facts: routing.Facts as JSON, to be replayed. rule, rule_version, ruleset: what decided ("" and 0: no rule did).
    record: the names of that day, from which routing.card makes the "why here" card.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    at = models.DateTimeField(default=timezone.now)
    lead_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    participant_units = models.JSONField()
    level = models.CharField(max_length=20, blank=True)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField()
    facts = models.JSONField(default=dict)
    record = models.JSONField(default=dict)
    rule = models.CharField(max_length=60, blank=True)
    rule_version = models.PositiveSmallIntegerField(default=0)
    ruleset = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.lead_unit_id} for {self.case_id}"
