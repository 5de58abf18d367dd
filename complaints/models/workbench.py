"""What makes a desk one's own: kept filters of the queue, and templates for answers."""

from __future__ import annotations

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.models.question import _TOPICS
from complaints.models.user import User
from complaints.models.viewer import Viewer
from routing.models import Unit


class QueueName(models.TextChoices):
    MINE = "mine", _("own cases")
    ALL = "all", _("all cases")


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Questions about views."""

    def of(self, viewer: Viewer) -> SavedViewQuerySet:
        """One's own first, then those that colleagues share with the unit."""
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        shared = Q(unit=viewer.unit_id) if viewer.unit_id else Q(pk=None)
        mine = models.Case(models.When(owner=viewer.pk, then=0), default=1)
        return self.filter(Q(owner=viewer.pk) | shared).order_by(mine, "position", "pk")


class SavedView(models.Model):
    """Filters of a queue under a name. query: as it stands in the address. unit: shared with its people, or null."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=30)
    queue = models.CharField(_("queue"), max_length=4, choices=QueueName.choices)
    query = models.CharField(_("filters"), max_length=500)
    unit = models.ForeignKey(
        Unit, verbose_name=_("shared with"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint("owner", "name", name="one_view_per_name"),
            models.CheckConstraint(condition=Q(queue__in=QueueName.values), name="view_queue_known"),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_name"),
        ]
        indexes = [models.Index("unit", name="view_shared", condition=Q(unit__isnull=False))]

    def __str__(self) -> str:
        return self.name


class TemplateVerb(models.TextChoices):
    REPLY = "reply", pgettext_lazy("template", "answer")
    REPLY_PART = "reply_part", pgettext_lazy("template", "answer of a participant")
    REFUSE = "refuse", pgettext_lazy("template", "refusal")
    ASK_SUPPLEMENT = "ask_supplement", pgettext_lazy("template", "request for a supplement")


PLACEHOLDERS: Final = ("编号", "收件日期", "主题", "单位", "参与单位", "来源", "办理期限", "今天")
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


class ReplyTemplateQuerySet(models.QuerySet["ReplyTemplate"]):
    """Questions about templates."""

    def fitting(self, verb: str, topic: str, intent: str, units: set[int]) -> list[ReplyTemplate]:
        """Those in use for such a case, the ones made for its topic first."""
        rows = self.filter(Q(unit=None) | Q(unit__in=units), verb=verb, active=True).order_by("position", "pk")
        found = [row for row in rows if row.is_about(topic, intent)]
        return sorted(found, key=lambda row: (not row.topics, row.unit_id is None))


class ReplyTemplate(models.Model):
    """Words for an answer. body: with {placeholders} that facts of the case fill, and 【…】 for the writer to fill.

    topics: codes apart by blanks; P, E, S, V alone: the whole domain; "" for any. intents: the same. unit: whose it
    is; null: everyone's.
    """

    verb = models.CharField(_("used for"), max_length=14, choices=TemplateVerb.choices)
    title = models.CharField(_("title"), max_length=60)
    body = models.TextField(_("text"), max_length=5000)
    topics = models.CharField(_("topics"), max_length=200, blank=True, validators=[_TOPICS])
    intents = models.CharField(_("intents"), max_length=100, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text=_("Empty: everyone"),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("in use"), default=True)
    changed_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("templates for answers")
        ordering = ["verb", "position", "pk"]
        constraints = [
            models.UniqueConstraint("verb", "title", "unit", nulls_distinct=False, name="one_template_per_title"),
            models.CheckConstraint(condition=Q(verb__in=TemplateVerb.values), name="template_verb_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="template_has_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_about(self, topic: str, intent: str) -> bool:
        codes, intents = self.topics.split(), self.intents.split()
        about = not codes or (bool(topic) and not {topic, topic[:1]}.isdisjoint(codes))
        return about and (not intents or intent in intents)

    def clean(self) -> None:
        """A misspelt placeholder would reach a citizen; refuse it."""
        super().clean()
        strange = sorted(set(PLACEHOLDER.findall(self.body)) - set(PLACEHOLDERS))
        if strange:
            known = "".join(f"{{{name}}}" for name in PLACEHOLDERS)
            message = gettext("Not known: %(words)s. There are: %(known)s") % {
                "words": "、".join(strange), "known": known,
            }  # fmt: skip
            raise ValidationError({"body": message})
