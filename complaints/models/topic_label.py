"""What a person said a case is about: the word that the model's answers are measured against and learn from."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from complaints.models.case import Case
from complaints.models.prediction import Prediction
from complaints.models.sealed import SealedText
from complaints.models.user import User
from routing.models import Unit


class LabelOrigin(models.TextChoices):
    """dispatch: no answer of the model was there yet. confirm, correct: it was, and the person kept or changed it.
    adjudication: units disagreed, and a ruling named the topic."""

    DISPATCH = "dispatch"
    CONFIRM = "confirm"
    CORRECT = "correct"
    ADJUDICATION = "adjudication"


class TopicLabelQuerySet(models.QuerySet["TopicLabel"]):
    def newest(self) -> TopicLabelQuerySet:
        """One label a case: the last word."""
        return self.order_by("case_id", "-id").distinct("case_id")


class TopicLabel(models.Model):
    """One decision of a person about a case's topic. Never updated, never deleted (trigger); the newest counts.

    prediction: the served answer it judges, None when there was none. second: another topic the person also saw.
    A case that was routed automatically and that nobody looked at has no label: silence is not agreement.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="topic_labels")
    prediction = models.ForeignKey(Prediction, null=True, on_delete=models.PROTECT, related_name="labels")
    topic = models.CharField(max_length=3)
    second = models.CharField(max_length=3, blank=True)
    domain = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = SealedText(default="")
    origin = models.CharField(max_length=12, choices=LabelOrigin.choices)

    objects = TopicLabelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(origin__in=LabelOrigin.values), name="label_origin_known")
        ]
        indexes = [
            models.Index("case", models.F("id").desc(), name="label_newest"),
            models.Index("at", name="label_at"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} for {self.case_id} ({self.origin})"
