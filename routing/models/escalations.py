"""What always applies, whatever the topic: escalation rules G1 to G11 and a site's own."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from routing.conditions import Condition
from routing.models.dated import DatedQuerySet, days_overlap, in_order, one_of
from routing.models.rule_sets import InRuleSet

LEAD = "lead"


class Do(models.TextChoices):
    """What an escalation rule does. Routing itself raises the level and adds units; the rest it tells the caller."""

    RAISE_LEVEL = "raise_level", _("raise the level")
    ADD_PARTICIPANT = "add_participant", _("let a unit take part")
    NOTIFY = "notify", _("notify")
    REPORT = "report", _("special report")
    SUPERVISE = "supervise", _("supervision order")
    REMIND = "remind", _("remind")
    ADJUDICATE = "adjudicate", _("open an adjudication")
    HAND_OVER = "hand_over", _("hand over")
    RISK_SIGNAL = "risk_signal", _("risk signal")
    MARK_CONFLICT = "mark_conflict", _("mark a conflict of interest")


class At(models.TextChoices):
    UP = "up", _("one level up")
    CITY = "city", _("city")
    PROVINCE = "province", _("province")


class AmountUnit(models.TextChoices):
    MINUTES = "min", _("minutes")
    HOURS = "h", _("hours")
    WORKING_DAYS = "wd", _("working days")


NEEDS_PLACE = (Do.RAISE_LEVEL, Do.ADD_PARTICIPANT, Do.REPORT)
NEEDS_BUREAU = (Do.ADD_PARTICIPANT, Do.NOTIFY, Do.HAND_OVER)


class EscalationRule(InRuleSet):
    """One condition list and one action; several rows make up a rule with several actions or alternatives.

    bureau: a key, or `lead` for the bureau that leads. at: where its unit is looked for, or the level to rise to.
    amount and unit: how soon.
    """

    label = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    do = models.CharField(_("action"), max_length=16, choices=Do.choices)
    bureau = models.CharField(
        pgettext_lazy("escalation", "bureau"),
        max_length=20,
        blank=True,
        help_text=_("Key of a bureau; lead: the bureau that leads"),
    )
    at = models.CharField(pgettext_lazy("escalation", "at"), max_length=8, choices=At.choices, blank=True)
    amount = models.PositiveSmallIntegerField(_("within"), null=True, blank=True)
    unit = models.CharField(pgettext_lazy("time", "unit"), max_length=3, choices=AmountUnit.choices, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(DatedQuerySet["EscalationRule"])()

    class Meta:
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        ordering = ["position", "code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["ruleset", "code", "version"], name="escalation_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="escalation_version"),
            one_of("do", Do, "escalation_do"),
            in_order("escalation_days"),
            ExclusionConstraint(
                name="escalation_one_version_at_a_time",
                expressions=[("ruleset", "="), ("code", "="), days_overlap()],
                violation_error_message=_("Another version of the rule covers the same days."),
            ),
        ]

    def problem(self, conditions: tuple[Condition, ...], bureaus: Collection[str] | None) -> str:
        """See InRuleSet. Without conditions it would escalate every case."""
        if not conditions:
            return gettext("An escalation rule needs a condition.")
        if self.do in NEEDS_PLACE and self.at not in At.values:
            return gettext("This action needs a level.")
        if self.do in NEEDS_BUREAU and not self.bureau:
            return gettext("This action needs a bureau.")
        if (self.amount is None) != (not self.unit) or (self.unit and self.unit not in AmountUnit.values):
            return gettext("A time needs an amount and a unit.")
        if bureaus is not None and self.bureau not in {"", LEAD, *bureaus}:
            return gettext("There is no bureau “%(bureau)s” today.") % {"bureau": self.bureau}
        return ""
