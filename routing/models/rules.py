"""Who does what: the lead bureau of a topic on conditions, and who takes part."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import MD5, Cast, Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from routing.conditions import Condition
from routing.fields import vocabulary
from routing.models.bureaus import Bureau
from routing.models.dated import Dated, DatedQuerySet, Loaded, days_overlap, in_order, one_of
from routing.models.places import Region, Topic
from routing.models.rule_sets import InRuleSet

DEFAULT_PRIORITY = 100


class Start(models.TextChoices):
    """Who normally handles first; a missing unit is looked for one step up."""

    COUNTY = "C", _("county")
    CITY = "M", _("city")
    PROVINCE = "P", _("province")
    VERTICAL = "V", _("branch of a central body")
    TOWNSHIP = "T", _("township or street")


class RoutingRule(InRuleSet):
    """A topic's lead bureau, always or on conditions, everywhere or in one region.

    supervisor and enforcer: where keeping supervision and deciding on penalties lie with other bureaus than the lead
    (Zhejiang's comprehensive enforcement); both take part. participants: more bureaus than the topic's list.
    """

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
        _("priority"), default=DEFAULT_PRIORITY, help_text=_("The smallest that holds decides")
    )
    lead = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("lead bureau"), related_name="rules")
    level = models.CharField(_("first level"), max_length=1, choices=Start.choices)
    supervisor = models.ForeignKey(
        Bureau, models.PROTECT, verbose_name=_("supervising bureau"), null=True, blank=True, related_name="+"
    )
    enforcer = models.ForeignKey(
        Bureau, models.PROTECT, verbose_name=_("enforcing bureau"), null=True, blank=True, related_name="+"
    )
    participants = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("further participants"),
        default=list,
        blank=True,
        help_text=_("Keys of bureaus, besides the topic's list"),
    )
    list_entry = models.CharField(_("responsibility list entry"), max_length=200, blank=True)
    basis = models.CharField(_("basis"), max_length=200, blank=True, help_text=_("Law, plan or document"))
    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Where the basis was read"))

    objects = models.Manager.from_queryset(DatedQuerySet["RoutingRule"])()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["topic", "priority", "code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["ruleset", "code", "version"], name="rule_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="rule_version"),
            one_of("level", Start, "rule_level"),
            in_order("rule_days"),
            ExclusionConstraint(
                name="rule_one_version_at_a_time",
                expressions=[("ruleset", "="), ("code", "="), days_overlap()],
                violation_error_message=_("Another version of the rule covers the same days."),
            ),
            ExclusionConstraint(
                name="rule_one_at_a_time",
                expressions=[
                    ("ruleset", "="),
                    ("topic", "="),
                    (Coalesce(F("region"), Value("")), "="),
                    (MD5(Cast("conditions", models.TextField())), "="),
                    days_overlap(),
                ],
                violation_error_message=_("Another rule with the same condition covers the same days."),
            ),
        ]

    def problem(self, conditions: tuple[Condition, ...], bureaus: Collection[str] | None) -> str:
        """See InRuleSet. A rule before the default ones that asks for nothing would silence all behind it."""
        if not conditions and self.region_id is None and self.priority < DEFAULT_PRIORITY:
            return gettext("A rule before the default needs a condition or a region.")
        named = {self.lead_id, self.supervisor_id or self.lead_id, self.enforcer_id or self.lead_id, *self.participants}
        unknown = sorted(named - set(bureaus)) if bureaus is not None else []
        if unknown:
            return gettext("There is no bureau “%(bureau)s” today.") % {"bureau": "、".join(unknown)}
        return ""

    def clean(self) -> None:
        """Participants are known bureaus."""
        super().clean()
        unknown = set(self.participants) - set(
            Bureau.objects.filter(pk__in=self.participants).values_list("pk", flat=True)
        )
        if unknown:
            message = gettext("There is no bureau “%(bureau)s” today.") % {"bureau": "、".join(sorted(unknown))}
            raise ValidationError({"participants": message})


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


class RoutingParticipant(Loaded, Dated, Conditional):
    """A bureau that takes part in a topic's cases, always or on a condition; the same for all rule sets."""

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
