"""How long something may wait before the watchdog calls it stuck. The steps are in actions.watchdog.STEPS."""

from __future__ import annotations

from datetime import timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from routing.models.dated import Loaded, one_of


class WaitingUnit(models.TextChoices):
    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("calendar days")


class WaitingLimit(Loaded):
    """The limit of one step, by the clock on the wall; read at each look."""

    step = models.SlugField(_("step"), max_length=30, primary_key=True)
    amount = models.PositiveSmallIntegerField(_("amount"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("time unit"), max_length=7, choices=WaitingUnit.choices)
    source = models.CharField(_("source"), max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = _("waiting limits")
        ordering = ["step"]
        constraints = [
            one_of("unit", WaitingUnit, "waiting_limit_unit"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="waiting_limit_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.amount} {self.unit}"

    @property
    def after(self) -> timedelta:
        """As a span."""
        return timedelta(**{self.unit: self.amount})
