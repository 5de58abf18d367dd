"""The register of those complained about (被投诉主体): companies, what they are also called, their products and lots.

Public facts only: a person who is complained about stays with the case, encrypted, and never gets in here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.user import User
from routing.models import Region

USCC: Final = r"^[0-9A-HJ-NPQRTUWXY]{18}$"  # GB 32100-2015; the check digit is checked where it comes in
GTIN: Final = r"^[0-9]{8}([0-9]{4,6})?$"  # GTIN-8, 12, 13, 14
# what the last words of a name say about the form of the company, not about which one it is
_FORM: Final = re.compile(r"(股份有限公司|有限责任公司|有限公司|集团|公司|商行|经营部)+$")


def name_key(name: str) -> str:
    """A name as it is compared: full-width like half-width, any case, without blanks and punctuation."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name)).casefold()


def name_core(name: str) -> str:
    """The key without the legal form at its end; for suggestions only, it proves nothing."""
    key = name_key(name)
    return _FORM.sub("", key) or key


class CompanyQuerySet(models.QuerySet["Company"]):
    """Questions about companies. A merged one stays for its history; `standing` are the others."""

    def standing(self) -> CompanyQuerySet:
        return self.filter(merged_into=None)

    def exactly(self, uscc: str, name: str, region: str) -> Company | None:
        """The one company with this code; without a code the one with this very name at this very region. Else None:
        what is left open is a suggestion for a person, never a guess."""
        if uscc:
            return self.filter(uscc=uscc.upper()).first()
        key = name_key(name)
        if not key or not region:
            return None
        named = self.filter(Q(name_key=key) | Q(aliases__name_key=key), region=region).distinct()
        found = {company.merged_into_id or company.pk: company for company in named[:3]}
        return next(iter(found.values())) if len(found) == 1 else None

    def called(self, words: str) -> CompanyQuerySet:
        """Those whose code begins with the words, or whose name or other name holds them or their core."""
        typed = re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).upper()
        core = name_core(words)
        by_name = Q(name_key__contains=core) | Q(aliases__name_key__contains=core) if core else Q(pk__in=[])
        by_code = Q(uscc__startswith=typed) if re.fullmatch(r"[0-9A-Z]{2,18}", typed) else Q(pk__in=[])
        return self.filter(by_name | by_code).distinct()


class Company(models.Model):
    """A company, by its 统一社会信用代码 when that is known. parent: whose branch it is.

    merged_into: the entry that goes on; cases stay linked to this one, so that a merge can be undone. One step only:
    what something was merged into is itself not merged (complaints.actions.companies holds that).
    """

    uscc = models.CharField(
        _("unified social credit code"), max_length=18, blank=True, validators=[RegexValidator(USCC)]
    )
    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    address = models.CharField(_("address"), max_length=200, blank=True)
    region = models.ForeignKey(
        Region, verbose_name=_("region"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    platform = models.CharField(_("platform it sells on"), max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("branch of"), null=True, blank=True, on_delete=models.PROTECT, related_name="branches"
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.UniqueConstraint("uscc", condition=~Q(uscc=""), name="one_company_a_code"),
            models.CheckConstraint(condition=Q(uscc="") | Q(uscc__regex=USCC), name="company_uscc_shape"),
            models.CheckConstraint(condition=~Q(name_key=""), name="company_has_name"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="company_not_its_own_branch"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="company_not_merged_into_itself"),
        ]
        indexes = [models.Index("name_key", "region", name="company_name_key")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def standing_id(path: str) -> Coalesce:
        """The entry that counts: `path` leads to a company, which may have been merged into another one."""
        return Coalesce(F(f"{path}__merged_into_id"), F(f"{path}_id"))


class CompanyAlias(models.Model):
    """What a company is or was also called: shop signs, brands, former names."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("company", "name_key", name="one_alias_a_name"),
            models.CheckConstraint(condition=~Q(name_key=""), name="alias_has_name"),
        ]
        indexes = [models.Index("name_key", name="alias_name_key")]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """A product by its GTIN (GS1; check digit as of EAN-13), or by name and model of one maker."""

    gtin = models.CharField(_("GTIN"), max_length=14, blank=True, validators=[RegexValidator(GTIN)])
    name = models.CharField(_("name"), max_length=200)
    model = models.CharField(_("model"), max_length=100, blank=True)
    maker = models.ForeignKey(
        Company, verbose_name=_("maker"), null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint("gtin", condition=~Q(gtin=""), name="one_product_a_gtin"),
            models.CheckConstraint(condition=Q(gtin="") | Q(gtin__regex=GTIN), name="product_gtin_shape"),
            models.UniqueConstraint(
                "maker", "name", "model", condition=Q(gtin=""), nulls_distinct=False, name="one_product_a_model"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.model}".strip()


class Lot(models.Model):
    """A batch of a product, as printed on it."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(_("lot number"), max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint("product", "number", name="one_lot_a_number")]

    def __str__(self) -> str:
        return self.number


class LinkedBy(models.TextChoices):
    """How a case came to its company: by code, by the very name at the very place, or by a person's word."""

    CODE = "code", _("by its code")
    NAME = "name", _("by name and region")
    PERSON = "person", _("by a person")


class CompanyStep(models.TextChoices):
    REGISTERED = "registered", _("registered")
    IMPORTED = "imported", _("imported")
    CORRECTED = "corrected", _("corrected")
    ALIAS_ADDED = "alias_added", _("other name added")
    ALIAS_REMOVED = "alias_removed", _("other name removed")
    MERGED = "merged", pgettext_lazy("company", "merged into another entry")
    SEPARATED = "separated", pgettext_lazy("company", "separated again")


class CompanyChange(models.Model):
    """What was done to an entry of the register: a line of its history. before: the facts that were replaced."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="changes")
    step = models.CharField(max_length=13, choices=CompanyStep.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(step__in=CompanyStep.values), name="company_step_known")]
        indexes = [models.Index("company", models.F("id").desc(), name="company_history")]

    def __str__(self) -> str:
        return f"{self.step} {self.company_id}"
