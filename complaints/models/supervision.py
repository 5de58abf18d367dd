"""Supervision (督办): orders to a unit, what a unit was told, signs of trouble over several cases; the daily digest."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.case import Case
from complaints.models.sealed import SealedText
from complaints.models.user import User
from routing.models import Region, Unit


class OrderLevel(models.TextChoices):
    """Who supervises; in this order, the highest first."""

    PROVINCE = "province", pgettext_lazy("supervision", "province")
    CITY = "city", pgettext_lazy("supervision", "city")
    COUNTY = "county", pgettext_lazy("supervision", "county")


class OrderKind(models.TextChoices):
    ORDER = "order", _("supervision order")
    INSTRUCTION = "instruction", _("leader's instruction")
    CLOCK = "clock", _("overdue")
    ESCALATION = "escalation", _("escalation rule")


class OrderState(models.TextChoices):
    OPEN = "open", pgettext_lazy("supervision", "open")
    ANSWERED = "answered", pgettext_lazy("supervision", "answered")
    CLOSED = "closed", pgettext_lazy("supervision", "closed")
    CANCELLED = "cancelled", pgettext_lazy("supervision", "cancelled")


class SupervisionOrder(models.Model):
    """What a unit has to do about a case, by when, and what it said.

    issuer: null for one made by itself. leader: who gave the instruction, by office, not by name. cause: "" by hand,
    else rule and clock that made it, so that it is made once. overdue_told_at: when the case's log said it was late.
    returned: how many times the answer was not enough.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supervision")
    level = models.CharField(max_length=8, choices=OrderLevel.choices)
    kind = models.CharField(max_length=11, choices=OrderKind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    text = SealedText(default="")
    leader = models.CharField(max_length=50, blank=True)
    issuer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=OrderState.choices, default=OrderState.OPEN)
    answer = SealedText(default="")
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = SealedText(default="")
    returned = models.PositiveSmallIntegerField(default=0)
    cause = models.CharField(max_length=120, blank=True)
    overdue_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("issued_at")), name="order_due_after_issue"),
            models.CheckConstraint(condition=Q(level__in=OrderLevel.values), name="order_level_known"),
            models.CheckConstraint(condition=Q(kind__in=OrderKind.values), name="order_kind_known"),
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="order_state_known"),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="order_answered_when"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered"], ended_at=None)
                | Q(state__in=["closed", "cancelled"], ended_at__isnull=False),
                name="order_ended_when",
            ),
            models.UniqueConstraint("case", "cause", condition=~Q(cause=""), name="order_once_for_a_cause"),
        ]
        indexes = [
            models.Index("due_at", "id", name="order_due", condition=Q(state__in=["open", "answered"])),
            models.Index("unit", "state", name="order_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of {self.case_id}"


class NoticeKind(models.TextChoices):
    REPORT = "report", _("special report")
    NOTIFY = "notify", pgettext_lazy("notice", "notice to the superior")
    REMIND = "remind", pgettext_lazy("notice", "reminder")
    CONFLICT = "conflict", _("conflict of interest")
    POLICE = "police", _("decide on handing over to the police")


class NoticeState(models.TextChoices):
    UNSEEN = "unseen", pgettext_lazy("notice", "not yet seen")
    SEEN = "seen", pgettext_lazy("notice", "seen")


class Notice(models.Model):
    """A unit was told something about a case and has to say that it knows, or what it decided (POLICE).

    due_at: until when, null where no time is set. cause: rule, and clock where there is one. why: the rule's name on
    that day.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=NoticeKind.choices)
    why = models.CharField(max_length=120)
    cause = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=6, choices=NoticeState.choices, default=NoticeState.UNSEEN)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
            models.CheckConstraint(
                condition=Q(state="unseen", seen_at=None) | Q(state="seen", seen_at__isnull=False),
                name="notice_seen_when",
            ),
            models.UniqueConstraint("case", "unit", "cause", name="notice_once_for_a_cause"),
        ]
        indexes = [models.Index("unit", "id", name="notice_unseen", condition=Q(state="unseen"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of {self.case_id}"


class SignalState(models.TextChoices):
    OPEN = "open", pgettext_lazy("signal", "open")
    SETTLED = "settled", pgettext_lazy("signal", "settled")


class RiskSignal(models.Model):
    """Many cases about one respondent or lot in a short time (rule G3). One open row for each; it counts on.

    subject: company:id, lot:id or name:blind index of the respondent's name. case: the one that raised it last.
    counties: codes, once each.
    """

    subject = models.CharField(max_length=80)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="signals")
    rule = models.CharField(max_length=60)
    why = models.CharField(max_length=120)
    cases = models.PositiveIntegerField()
    counties = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=7, choices=SignalState.choices, default=SignalState.OPEN)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    conclusion = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SignalState.values), name="signal_state_known"),
            models.UniqueConstraint("subject", condition=Q(state="open"), name="one_open_signal"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.pk}"


class Digest(models.Model):
    """What had not moved on a morning, as the people of one region were told. lines: [{step, name, stuck, oldest,
    cases: [number]}], the fullest first; empty: everything moved."""

    day = models.DateField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    lines = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint("region", "day", name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"digest of {self.day} for {self.region_id}"
