"""Who does what: the lead bureau and the participants of a topic, with conditions."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from routing.fields import vocabulary
from routing.models.bureaus import Bureau
from routing.models.dated import Dated, DatedQuerySet, Loaded, days_overlap, in_order, one_of
from routing.models.places import Region, Topic


class Start(models.TextChoices):
    """Who normally handles first; a missing unit is looked for one step up."""

    COUNTY = "C", _("county")
    CITY = "M", _("city")
    PROVINCE = "P", _("province")
    VERTICAL = "V", _("branch of a central body")
    TOWNSHIP = "T", _("township or street")


class Conditional(models.Model):
    """A row that holds only where a sub-field of the case has a value; both empty: always."""

    field = models.CharField(_("field"), max_length=20, blank=True)
    value = models.CharField(_("value"), max_length=30, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """A misspelt condition would never hold, and nobody would notice: refuse it."""
        super().clean()
        if self.field and self.value and (self.field, self.value) not in vocabulary():
            raise ValidationError({"value": gettext("This sub-field and value are not known.")})


def whole_condition(name: str) -> models.CheckConstraint:
    """Field and value are both given or both empty."""
    return models.CheckConstraint(
        condition=Q(field="", value="") | (~Q(field="") & ~Q(value="")),
        name=name,
        violation_error_message=_("A condition needs a field and a value."),
    )


class RoutingRule(Loaded, Dated, Conditional):
    """A topic's lead bureau, always or on a condition, everywhere or in one region."""

    code = models.SlugField(_("rule"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1, validators=[MinValueValidator(1)])
    topic = models.ForeignKey(Topic, models.PROTECT, verbose_name=_("topic"), related_name="rules")
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        verbose_name=_("region"),
        null=True,
        blank=True,
        related_name="rules",
        help_text=_("Only in this region and below; empty: everywhere"),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=100, help_text=_("The smallest that holds decides")
    )
    lead = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("lead bureau"), related_name="rules")
    level = models.CharField(_("first level"), max_length=1, choices=Start.choices)
    basis = models.CharField(_("basis"), max_length=200, blank=True, help_text=_("Law, plan or document"))

    objects = models.Manager.from_queryset(DatedQuerySet["RoutingRule"])()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["topic", "priority", "code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rule_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="rule_version"),
            one_of("level", Start, "rule_level"),
            in_order("rule_days"),
            whole_condition("rule_condition"),
            ExclusionConstraint(
                name="rule_one_version_at_a_time",
                expressions=[("code", "="), days_overlap()],
                violation_error_message=_("Another version of the rule covers the same days."),
            ),
            ExclusionConstraint(
                name="rule_one_at_a_time",
                expressions=[
                    ("topic", "="),
                    (Coalesce(F("region"), Value("")), "="),
                    ("field", "="),
                    ("value", "="),
                    days_overlap(),
                ],
                violation_error_message=_("Another rule with the same condition covers the same days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class RoutingParticipant(Loaded, Dated, Conditional):
    """A bureau that takes part in a topic's cases, always or on a condition."""

    topic = models.ForeignKey(Topic, models.PROTECT, verbose_name=_("topic"), related_name="participants")
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="joins")
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    objects = models.Manager.from_queryset(DatedQuerySet["RoutingParticipant"])()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["topic", "position", "bureau"]
        constraints = [
            in_order("participant_days"),
            whole_condition("participant_condition"),
            ExclusionConstraint(
                name="participant_one_at_a_time",
                expressions=[
                    ("topic", "="),
                    ("bureau", "="),
                    ("field", "="),
                    ("value", "="),
                    days_overlap(),
                ],
                violation_error_message=_("The bureau takes part already on these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.bureau_id}"
