"""What a case is about and where: topics and regions. Their codes are the primary keys."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from routing.models.dated import Dated, DatedQuerySet, Loaded, in_order, one_of

REGION_CODE = r"^[1-9]\d{5}$"  # GB/T 2260
TOPIC_CODE = r"^[PESV]\d{2}$"


class Domain(models.TextChoices):
    PRODUCT = "product", _("Product quality")
    ENGINEERING = "engineering", _("Engineering quality")
    SERVICE = "service", _("Service quality")
    ENVIRONMENT = "environment", _("Environment quality")


class Topic(Loaded):
    """What a case can be about; codes are stable."""

    code = models.CharField(_("code"), max_length=3, primary_key=True, validators=[RegexValidator(TOPIC_CODE)])
    slug = models.CharField(_("slug"), max_length=60, unique=True)
    domain = models.CharField(_("domain"), max_length=12, choices=Domain.choices)
    name = models.CharField(_("name"), max_length=60)
    external_code = models.CharField(
        _("external code"), max_length=40, blank=True, help_text=_("Code in a hotline catalogue")
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=TOPIC_CODE), name="topic_code"),
            one_of("domain", Domain, "topic_domain"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


def scope_prefix(scope: str) -> str:
    """The leading digits shared by all codes below a region: 330000 -> 33, 330100 -> 3301."""
    if len(scope) != 6:
        return scope
    return scope[:2] if scope.endswith("0000") else scope[:4] if scope.endswith("00") else scope


class RegionQuerySet(DatedQuerySet["Region"]):
    """Questions about regions."""

    def within(self, scope: str) -> Self:
        """A region, by code or leading digits, and all below it: 3301 and 330100 mean Hangzhou."""
        return self.filter(code__startswith=scope_prefix(scope))

    def with_way_up(self) -> Self:
        """With everything above a region, and the host's, in the same query; sets `has_counties`."""
        counties = Region.objects.filter(parent=OuterRef("pk"), level=RegionLevel.COUNTY)
        return self.select_related("parent__parent", "host__parent__parent").annotate(has_counties=Exists(counties))


class RegionLevel(models.TextChoices):
    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county")
    ZONE = "zone", _("special zone")


ABOVE = {"city": "province", "county": "city", "zone": "city"}


class Region(Loaded, Dated):
    """A province, city, county or special zone. Source: GB/T 2260 codes; see data/README.md.

    A zone has no code of the standard: `host` is the region whose units act where the zone has none.
    """

    code = models.CharField(_("code"), max_length=6, primary_key=True, validators=[RegexValidator(REGION_CODE)])
    name = models.CharField(_("name"), max_length=30)
    full_name = models.CharField(_("full name"), max_length=60, editable=False)
    level = models.CharField(_("level"), max_length=8, choices=RegionLevel.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("parent"),
        null=True,
        blank=True,
        related_name="children",
    )
    host = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("host region"),
        null=True,
        blank=True,
        related_name="hosted_zones",
        help_text=_("Whose units act where the zone has none of its own"),
    )

    has_counties: bool  # by with_way_up()

    objects = models.Manager.from_queryset(RegionQuerySet)()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=REGION_CODE), name="region_code"),
            models.CheckConstraint(
                condition=Q(level="province", parent=None) | (~Q(level="province") & Q(parent__isnull=False)),
                name="region_parent",
                violation_error_message=_("Every region but a province has a parent."),
            ),
            models.CheckConstraint(
                condition=Q(level="zone", host__isnull=False) | (~Q(level="zone") & Q(host=None)),
                name="region_host",
                violation_error_message=_("A zone, and nothing else, has a host region."),
            ),
            one_of("level", RegionLevel, "region_level"),
            in_order("region_days"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def clean(self) -> None:
        """Walking up always ends at a province, and a scope holds everything below it."""
        super().clean()
        if (self.parent.level if self.parent else "") != ABOVE.get(self.level, ""):
            raise ValidationError({"parent": gettext("The parent must be one level up.")})
        if self.parent and not self.code.startswith(scope_prefix(self.parent.code)):
            raise ValidationError({"parent": gettext("The code must begin like the parent's.")})
        if (self.level == RegionLevel.ZONE) != bool(self.host):
            raise ValidationError({"host": gettext("A zone, and nothing else, has a host region.")})
        if self.host and self.host.level not in (RegionLevel.CITY, RegionLevel.COUNTY):
            raise ValidationError({"host": gettext("The host must be a city or a county.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps `full_name`, here and below, in step with the names it is made of."""
        self.full_name = (self.parent.full_name if self.parent else "") + self.name
        super().save(*args, **kwargs)
        for child in self.children.exclude(full_name__startswith=self.full_name):
            child.save()
