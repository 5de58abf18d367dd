"""Rule sets: which rules decide. A draft is tried out, then activated; one step leads back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from routing.conditions import Condition, ConditionError, known, parse
from routing.models.dated import Dated, Loaded, one_of


class RuleSetState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("rule set", "draft")
    ACTIVE = "active", pgettext_lazy("rule set", "active")
    RETIRED = "retired", pgettext_lazy("rule set", "retired")


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    """Questions about rule sets."""

    def in_force(self, on: date | None = None) -> RuleSet | None:
        """The set that decides on that day: of the active ones the latest that has begun, else the earliest."""
        active = list(self.filter(state=RuleSetState.ACTIVE).order_by("effective_from", "number"))
        on = on or timezone.localdate()
        begun = [found for found in active if found.effective_from is None or found.effective_from <= on]
        begun.sort(key=lambda found: (found.effective_from or date.min, found.number))
        return begun[-1] if begun else active[0] if active else None


class RuleSet(models.Model):
    """A whole set of rules under one number. Only a draft is edited; stored decisions name the set's number."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    state = models.CharField(
        _("state"), max_length=8, choices=RuleSetState.choices, default=RuleSetState.DRAFT, editable=False
    )
    effective_from = models.DateField(
        _("effective from"), null=True, blank=True, editable=False, help_text=_("First day in force; empty: always")
    )
    replaced = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("took the place of"),
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.CharField(_("created by"), max_length=150, blank=True, editable=False)
    changed_at = models.DateTimeField(_("state changed"), default=timezone.now, editable=False)
    changed_by = models.CharField(_("state changed by"), max_length=150, blank=True, editable=False)

    objects = models.Manager.from_queryset(RuleSetQuerySet)()

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        ordering = ["-number"]
        constraints = [
            one_of("state", RuleSetState, "ruleset_state"),
            models.CheckConstraint(condition=Q(number__gte=1), name="ruleset_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class InRuleSet(Loaded, Dated):
    """A rule of a set: with conditions that all must hold, and with the error that breaks it.

    A broken rule stays where it is and says so (admin, /readyz); what it would have decided goes to a dispatcher.
    """

    ruleset = models.ForeignKey(RuleSet, models.CASCADE, verbose_name=_("rule set"), related_name="%(class)ss")
    code = models.SlugField(_("rule"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"), default=1, validators=[MinValueValidator(1)])
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def clean(self) -> None:
        """A rule that could not work is refused, with the words that say why; conditions get one order."""
        super().clean()
        try:
            self.conditions = [condition.as_json() for condition in parse(self.conditions, known())]
        except ConditionError as error:
            raise ValidationError({"conditions": str(error)}) from error
        if problem := self.problem(self.parsed(), None):
            raise ValidationError(problem)

    def save(self, *args: object, **kwargs: object) -> None:
        """A rule made without a set belongs to the one in force."""
        current = None if self.ruleset_id else RuleSet.objects.in_force()
        if current:
            self.ruleset = current
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def parsed(self) -> tuple[Condition, ...]:
        """The conditions. Raises ConditionError."""
        return parse(self.conditions, known())

    def problem(self, conditions: tuple[Condition, ...], bureaus: Collection[str] | None) -> str:
        """What breaks the rule although its conditions can be read, in words; bureaus: those of today (None: any)."""
        raise NotImplementedError

    def fault(self, bureaus: Collection[str]) -> str:
        """What breaks the rule, in words; empty: nothing."""
        try:
            return self.problem(self.parsed(), bureaus)
        except ConditionError as error:
            return str(error)
