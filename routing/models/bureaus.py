"""Who exists: bureaus, what their units are called where, and the units themselves."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from routing.models.dated import Dated, DatedQuerySet, Loaded, days_overlap, in_order, one_of
from routing.models.places import Region
from routing.names import is_pattern


class BureauKind(models.TextChoices):
    GOV = "gov", _("government department")
    BRANCH = "branch", _("branch of a central body")
    TOWNSHIP = "township", _("township or street")
    SERVICE = "service", _("public service company")
    OTHER = "other", _("other body")


class Bureau(Loaded, Dated):
    """A kind of authority (samr, mee ...), today's or an abolished one. `successor` carries on its work."""

    id = models.SlugField(_("key"), max_length=20, primary_key=True)
    name = models.CharField(_("name"), max_length=40)
    short_name = models.CharField(_("short name"), max_length=20)
    kind = models.CharField(_("kind"), max_length=8, choices=BureauKind.choices)
    hotline = models.CharField(_("hotline"), max_length=120, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("successor"),
        null=True,
        blank=True,
        related_name="predecessors",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(DatedQuerySet["Bureau"])()

    class Meta:
        verbose_name = _("bureau")
        verbose_name_plural = _("bureaus")
        ordering = ["id"]
        constraints = [
            one_of("kind", BureauKind, "bureau_kind"),
            in_order("bureau_days"),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="bureau_successor"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"

    def today(self) -> Bureau:
        """The bureau that does this one's work now: itself, or the last of its successors."""
        bureau = self
        seen = {bureau.pk}
        while bureau.successor and bureau.successor.pk not in seen:
            bureau = bureau.successor
            seen.add(bureau.pk)
        return bureau


class NameLevel(models.TextChoices):
    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county")
    DISTRICT = "district", _("urban district")
    ZONE = "zone", _("special zone")


class BureauName(Loaded, Dated):
    """What the units of a bureau are called in a region and below, and thereby where there are any.

    The most specific region wins, then `district` before `county`. `pattern` may hold the placeholders of
    `routing.names`; an empty pattern says that there is no unit here.
    """

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="names")
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        verbose_name=_("region"),
        related_name="bureau_names",
        null=True,
        blank=True,
        help_text=_("Only in this region and below; empty: everywhere"),
    )
    level = models.CharField(
        _("level"), max_length=8, choices=NameLevel.choices, help_text=_("Level of the units that it names")
    )
    pattern = models.CharField(_("name or pattern"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(DatedQuerySet["BureauName"])()

    class Meta:
        verbose_name = _("bureau name")
        verbose_name_plural = _("bureau names")
        ordering = ["bureau", "region", "level", "valid_from"]
        constraints = [
            one_of("level", NameLevel, "bureauname_level"),
            in_order("bureauname_days"),
            ExclusionConstraint(
                name="bureauname_one_at_a_time",
                expressions=[
                    ("bureau", "="),
                    (Coalesce(F("region"), Value("")), "="),
                    ("level", "="),
                    days_overlap(),
                ],
                violation_error_message=_("Another name covers the same days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bureau_id} {self.region_id} {self.pattern}"

    def clean(self) -> None:
        """A placeholder nobody can fill in would break every name made from it."""
        super().clean()
        if not is_pattern(self.pattern):
            raise ValidationError({"pattern": gettext("Unknown placeholder.")})


class UnitLevel(models.TextChoices):
    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county")
    TOWNSHIP = "township", _("township or street")
    BRANCH = "branch", _("branch of a central body")


class Unit(Loaded):
    """One bureau at one region: what cases are sent to, and what officers belong to."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("bureau"), related_name="units")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="units")
    name = models.CharField(_("name"), max_length=80)
    level = models.CharField(_("level"), max_length=8, choices=UnitLevel.choices)
    active = models.BooleanField(_("receives cases"), default=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["region", "bureau"]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "region"], name="unit_once"),
            one_of("level", UnitLevel, "unit_level"),
        ]

    def __str__(self) -> str:
        return self.name
