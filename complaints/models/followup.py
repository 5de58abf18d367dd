"""Follow-up (回访): which answers the hotline asks about, what it asks, and the calls that wait."""

from __future__ import annotations

import re
from datetime import date

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.event import Event
from complaints.models.user import User


class ValidRows(models.QuerySet["SamplingRule"]):
    """Rows with valid_from and valid_to."""

    def in_force(self, day: date) -> ValidRows:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def fitting(self, case: Case) -> ValidRows:
        """Those about this case, by position."""
        rows = self.filter(Q(reworked=False) | Exists(Event.objects.filter(case=case, kind="reopen")))
        for names, code in (("urgencies", case.urgency), ("intents", case.intent), ("channels", case.channel)):
            named = Q(**{f"{names}__regex": rf"(^|\s){re.escape(code)}(\s|$)"}) if code else Q(pk__in=[])
            rows = rows.filter(Q(**{names: ""}) | named)
        return rows.order_by("position")


class SamplingRule(models.Model):
    """How large a share of answers is asked about. The first rule by position that fits a case decides; none: no call.

    urgencies, intents, channels: codes with blanks between them, "" for any. share: percent.
    """

    position = models.PositiveSmallIntegerField(_("position"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    urgencies = models.CharField(_("urgencies"), max_length=40, blank=True)
    intents = models.CharField(_("intents"), max_length=100, blank=True)
    channels = models.CharField(_("channels"), max_length=100, blank=True)
    reworked = models.BooleanField(_("only after rework"), default=False)
    share = models.PositiveSmallIntegerField(_("share in percent"), validators=[MaxValueValidator(100)])
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    objects = ValidRows.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = _("follow-up sampling")
        constraints = [
            models.CheckConstraint(condition=Q(share__lte=100), name="sampling_share_percent"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")), name="sampling_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.share}%"


class ScriptKind(models.TextChoices):
    YES_NO = "yesno", _("yes or no")
    TEXT = "text", _("text")


class FollowUpQuestion(models.Model):
    """A line of the script beyond grade, solved and comment, which every call asks for. intents: as in a rule."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("kind"), max_length=5, choices=ScriptKind.choices)
    intents = models.CharField(_("intents"), max_length=100, blank=True)
    active = models.BooleanField(_("asked now"), default=True)

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = _("follow-up question")

    def __str__(self) -> str:
        return self.text


class FollowUpState(models.TextChoices):
    WAITING = "waiting", _("waiting for the call")
    DONE = "done", _("asked")
    UNREACHED = "unreached", _("not reached")
    DROPPED = "dropped", _("no longer needed")


class FollowUpTask(models.Model):
    """One call about one answer. claimed_until: who claimed it has it to themselves until then.

    answer_version: version of the case that the answer made. answers: code of the question -> what was said.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follow_ups")
    answer_version = models.PositiveIntegerField()
    rule = models.ForeignKey(SamplingRule, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=FollowUpState.choices, default=FollowUpState.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "answer_version"], name="one_follow_up_an_answer"),
            models.CheckConstraint(condition=Q(state__in=FollowUpState.values), name="follow_up_state_known"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="follow_up_ends_once",
            ),
        ]
        indexes = [models.Index("next_at", "id", condition=Q(state="waiting"), name="follow_ups_waiting")]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.answer_version} {self.state}"
