"""What loaded rows share: where they come from and the days on which they are in force.

`valid_from` and `valid_to` are both inclusive days; empty means open.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self, TypeVar

from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=models.Model)


def days_overlap() -> tuple[Func[Any], str]:
    """For exclusion constraints: the row's days, both ends included, must not overlap another row's."""
    days = Func(F("valid_from"), F("valid_to"), Value("[]"), function="DATERANGE", output_field=DateRangeField())
    return days, RangeOperators.OVERLAPS


class DatedQuerySet(models.QuerySet[M]):
    """Rows with `valid_from` and `valid_to`."""

    def valid_on(self, on: date) -> Self:
        """Rows in force on that day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on),
            Q(valid_to=None) | Q(valid_to__gte=on),
        )


class Origin(models.TextChoices):
    """Where a row comes from: the loader only ever writes rows it brought itself and nobody changed since."""

    FILE = "file", _("as loaded")
    EDITED = "edited", _("loaded, then changed by hand")
    HAND = "hand", _("added by hand")


class Loaded(models.Model):
    """A row that `load_routing` may have brought."""

    origin = models.CharField(_("origin"), max_length=6, choices=Origin.choices, default=Origin.HAND, editable=False)

    class Meta:
        abstract = True


class Dated(models.Model):
    """A row in force from one day to another."""

    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("Last day in force"))

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Says it before the database has to."""
        super().clean()
        self.check_days()

    def check_days(self) -> None:
        """Raises ValidationError when the last day lies before the first."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": gettext("The last day lies before the first.")})


def in_order(name: str) -> models.CheckConstraint:
    """`valid_to` is not before `valid_from`; open ends pass."""
    return models.CheckConstraint(
        condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
        name=name,
        violation_error_message=_("The last day lies before the first."),
    )


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The column holds one of the declared values, whoever writes it."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=name)
