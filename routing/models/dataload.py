"""What was loaded last."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DataLoad(models.Model):
    """The one row that remembers what `load_routing` loaded last, so that unchanged files cost nothing."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.CharField(max_length=64)
    units_until = models.DateField(null=True, help_text="From this day on some unit has another name")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("loaded data")
        verbose_name_plural = _("loaded data")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="dataload_one_row")]

    def __str__(self) -> str:
        return self.fingerprint
