"""What to ask a caller by topic, and what was answered. Questions are rows that administrators keep."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.sealed import SealedText
from routing.fields import vocabulary

_TOPICS = RegexValidator(r"^(?:[PESV]\d\d|[PESV])(?: (?:[PESV]\d\d|[PESV]))*$", _("Topic codes, or P, E, S, V."))


class QuestionKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("question", "text")
    CHOICE = "choice", pgettext_lazy("question", "choice")
    DATE = "date", pgettext_lazy("question", "date")
    NUMBER = "number", pgettext_lazy("question", "number")


class QuestionQuerySet(models.QuerySet["Question"]):
    def about(self, topic: str) -> list[Question]:
        """The questions in use for a topic, the required ones first, then in their order."""
        if not topic:
            return []
        rows = self.filter(active=True).filter(Q(topics__contains=topic) | Q(topics__contains=topic[:1]))
        return [row for row in rows.order_by("-required", "position", "pk") if row.is_about(topic)]


class Question(models.Model):
    """One question. topics: codes apart by blanks; P, E, S, V alone: the whole domain.

    field: the sub-field of routing/data/fields.csv that the answer fills (rules then read it), or a name of its own.
    choices: for kind choice, lines of `value` (of that sub-field) or `value=wording`.
    required: the call-taker is reminded when it is open; nothing is refused for the lack of it.
    """

    topics = models.CharField(_("topics"), max_length=200, validators=[_TOPICS])
    field = models.SlugField(_("field"), max_length=40)
    label = models.CharField(_("question"), max_length=80)
    kind = models.CharField(_("kind"), max_length=6, choices=QuestionKind.choices, default=QuestionKind.TEXT)
    choices = models.TextField(_("choices"), blank=True)
    required = models.BooleanField(_("required"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question for callers")
        verbose_name_plural = _("questions for callers")
        ordering = ["topics", "position"]
        constraints = [
            models.UniqueConstraint("topics", "field", name="one_question_per_field"),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="question_kind_known"),
            models.CheckConstraint(condition=~Q(kind="choice") | ~Q(choices=""), name="question_choice_has_choices"),
        ]

    def __str__(self) -> str:
        return self.label

    def is_about(self, topic: str) -> bool:
        return not {topic, topic[:1]}.isdisjoint(self.topics.split())

    @property
    def options(self) -> list[tuple[str, str]]:
        """(value, wording) of a choice, in order."""
        known = vocabulary()
        pairs = (line.strip().partition("=") for line in self.choices.splitlines() if line.strip())
        return [(value, label or known.get((self.field, value), ("", value))[1]) for value, _sep, label in pairs]

    def clean(self) -> None:
        super().clean()
        if self.kind == QuestionKind.CHOICE and len(self.options) < 2:
            raise ValidationError({"choices": gettext("A choice needs two lines or more.")})

    def wording(self, answer: str) -> str:
        """The answer as people read it."""
        return dict(self.options).get(answer, answer)

    def takes(self, answer: str) -> bool:
        """Whether it has the form that the kind asks for."""
        match self.kind:
            case QuestionKind.CHOICE:
                return answer in dict(self.options)
            case QuestionKind.NUMBER:
                return answer.replace(".", "", 1).isdecimal() and answer.isascii()
            case QuestionKind.DATE:
                try:
                    return bool(date.fromisoformat(answer))
                except ValueError:
                    return False
        return True


class Answer(models.Model):
    """What was answered, with the question as it was put. The words may be personal, so they are encrypted."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    field = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    value = SealedText(default="")
    wording = SealedText(default="")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("case", "field", name="one_answer_per_field")]

    def __str__(self) -> str:
        return f"{self.field} of {self.case_id}"
