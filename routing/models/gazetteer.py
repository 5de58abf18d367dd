"""What addresses are read with, and where platforms sit. See routing/address.py and routing/seller.py."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from routing.models.dated import Dated, DatedQuerySet, Loaded, in_order, one_of
from routing.models.places import REGION_CODE, Region

TOWNSHIP_CODE = r"^[1-9]\d{8}$"  # GB/T 10114: the county's six digits and three more


class RegionSuccession(Loaded):
    """An abolished or divided region and one that its ground belongs to today; a row for each successor.

    The old region may still exist: then only a part of it went over (余杭区 gave 临平区 away in 2021).
    """

    old_code = models.CharField(_("old code"), max_length=6, validators=[RegexValidator(REGION_CODE)])
    old_name = models.CharField(_("old name"), max_length=30)
    new = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region today"), related_name="succeeds")
    valid_from = models.DateField(_("valid from"), help_text=_("First day of the change"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("region succession")
        verbose_name_plural = _("region successions")
        ordering = ["old_code", "new"]
        constraints = [models.UniqueConstraint(fields=["old_code", "new"], name="succession_once")]

    def __str__(self) -> str:
        return f"{self.old_code} {self.old_name} → {self.new_id}"


class Township(Loaded, Dated):
    """A town, township or street (街道) and the county, city or zone that it lies in.

    twins: another province has one of the same name, so that the name alone proves nothing.
    """

    code = models.CharField(_("code"), max_length=9, primary_key=True, validators=[RegexValidator(TOWNSHIP_CODE)])
    name = models.CharField(_("name"), max_length=30)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="townships")
    twins = models.BooleanField(_("name exists in other provinces"), default=False)

    objects = models.Manager.from_queryset(DatedQuerySet["Township"])()

    class Meta:
        verbose_name = _("township or street")
        verbose_name_plural = _("townships and streets")
        ordering = ["code"]
        constraints = [in_order("township_days")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class NameKind(models.TextChoices):
    """What a listed name means when it stands in a text."""

    ALIAS = "alias", pgettext_lazy("place name", "another name of the region")
    CHAINED = "chained", _("also an ordinary word: counts only behind the region above it")
    NOWHERE = "nowhere", _("no place (goods, firms, persons)")
    ELSEWHERE = "elsewhere", _("a place in another province")


class PlaceName(Loaded, Dated):
    """A name that the table of regions does not explain: alias, ordinary word, false friend, place elsewhere."""

    name = models.CharField(_("name"), max_length=30)
    kind = models.CharField(_("kind"), max_length=10, choices=NameKind.choices)
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name=_("region"), null=True, blank=True, related_name="aliases"
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(DatedQuerySet["PlaceName"])()

    class Meta:
        verbose_name = _("place name")
        verbose_name_plural = _("place names")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "region"], nulls_distinct=False, name="placename_once"),
            models.CheckConstraint(
                condition=Q(kind="alias", region__isnull=False) | (~Q(kind="alias") & Q(region=None)),
                name="placename_region",
                violation_error_message=_("An alias, and nothing else, has a region."),
            ),
            one_of("kind", NameKind, "placename_kind"),
            in_order("placename_days"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Says it before the database has to."""
        super().clean()
        if (self.kind == NameKind.ALIAS) != bool(self.region):
            raise ValidationError({"region": gettext("An alias, and nothing else, has a region.")})


class Platform(Loaded, Dated):
    """A trading platform and its operator's seat: a region of ours, or in words where it lies outside."""

    slug = models.SlugField(_("platform"), max_length=30, primary_key=True)
    names = models.CharField(_("names"), max_length=200, help_text=_("As citizens write them, separated by blanks"))
    company = models.CharField(_("operator"), max_length=100)
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name=_("seat"), null=True, blank=True, related_name="platforms"
    )
    elsewhere = models.CharField(_("seat in another province"), max_length=30, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(DatedQuerySet["Platform"])()

    class Meta:
        verbose_name = _("platform")
        verbose_name_plural = _("platforms")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=False, elsewhere="") | (Q(region=None) & ~Q(elsewhere="")),
                name="platform_seat",
                violation_error_message=_("A platform sits either in a region or elsewhere."),
            ),
            in_order("platform_days"),
        ]

    def __str__(self) -> str:
        return self.slug

    def clean(self) -> None:
        """Says it before the database has to."""
        super().clean()
        if bool(self.region) == bool(self.elsewhere):
            raise ValidationError({"region": gettext("A platform sits either in a region or elsewhere.")})
