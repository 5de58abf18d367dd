"""Mediation of a complaint (调解): the consent of both sides, its sessions, its statement or its end, the notice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.case import Case
from complaints.models.proceedings import Ground
from complaints.models.sealed import SealedText


class Side(models.TextChoices):
    COMPLAINANT = "complainant", _("complainant")
    RESPONDENT = "respondent", _("respondent")


class By(models.TextChoices):
    """How something was said or served; internet, phone, message, letter and paper count alike (Order 121, forms)."""

    ON_SITE = "on_site", _("in person")
    PHONE = "phone", pgettext_lazy("served", "by phone")
    ONLINE = "online", _("over the internet")
    SMS = "sms", _("by text message")
    LETTER = "letter", _("by letter")


class Manner(models.TextChoices):
    """Order 20 art. 18: on site, or by phone or video."""

    ON_SITE = "on_site", _("on site")
    PHONE = "phone", pgettext_lazy("session", "by phone")
    VIDEO = "video", _("by video")


class Mediation(models.Model):
    """One mediation of a complaint, under the rules of its day of receipt; at most one of a case is open.

    It ends with a statement (`agreed_at`, terms, amount in yuan) or on a ground (`ended_at`), never both.
    delegated_to: the consumer association that mediates, with the complainant's agreement; "" for the authority itself.
    recusal_asked_at: somebody asked that the mediator step aside, and nobody has decided yet (Order 20 art. 19).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mediations")
    ruleset = models.CharField(max_length=20)
    begun_at = models.DateTimeField(default=timezone.now)
    complainant_how = models.CharField(max_length=10, choices=By.choices)
    complainant_on = models.DateField()
    respondent_how = models.CharField(max_length=10, choices=By.choices)
    respondent_on = models.DateField()
    delegated_to = models.CharField(max_length=100, blank=True)
    delegation_agreed = models.BooleanField(default=False)
    recusal_asked_at = models.DateTimeField(null=True)
    recusal_asked_by = models.CharField(max_length=12, choices=Side.choices, blank=True)
    agreed_at = models.DateTimeField(null=True)
    statement_number = models.CharField(max_length=60, blank=True)
    terms = SealedText(default="")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    performed = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    ground = models.ForeignKey(Ground, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=10, choices=By.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "case", condition=Q(agreed_at=None, ended_at=None), name="one_open_mediation_of_a_case"
            ),
            models.CheckConstraint(
                condition=Q(complainant_how__in=By.values, respondent_how__in=By.values),
                name="mediation_needs_both_consents",
            ),
            models.CheckConstraint(
                condition=Q(delegated_to="") | Q(delegation_agreed=True), name="mediation_delegated_by_agreement"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(ended_at=None), name="mediation_agreed_or_ended"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ground=None) | Q(ended_at__isnull=False, ground__isnull=False),
                name="mediation_ends_on_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0, agreed_at__isnull=False), name="mediation_amount_agreed"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(performed=True) | ~Q(statement_number=""),
                name="mediation_statement_or_performed",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(ended_at__isnull=False, told_how__in=By.values),
                name="mediation_told_after_end",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"mediation of {self.case_id}"

    @property
    def is_open(self) -> bool:
        """Neither agreed nor ended."""
        return self.agreed_at is None and self.ended_at is None


class MediationSession(models.Model):
    """A meeting of both sides. Who came is unknown (null) while it is only planned; one at most is planned."""

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="sessions")
    at = models.DateTimeField()
    manner = models.CharField(max_length=10, choices=Manner.choices)
    place = SealedText(default="")
    complainant_came = models.BooleanField(null=True)
    respondent_came = models.BooleanField(null=True)
    notes = SealedText(default="")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(manner__in=Manner.values), name="session_manner_known"),
            models.CheckConstraint(
                condition=Q(complainant_came=None, respondent_came=None)
                | Q(complainant_came__isnull=False, respondent_came__isnull=False),
                name="session_held_or_planned",
            ),
            models.UniqueConstraint("mediation", condition=Q(complainant_came=None), name="one_planned_session"),
        ]

    def __str__(self) -> str:
        return f"session of {self.mediation_id}"
