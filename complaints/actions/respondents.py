"""Which entry of the register a case means: found by an exact match, or named by a person."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from complaints import privacy
from complaints.actions.record import change
from complaints.errors import Invalid
from complaints.models import Case, Company, LinkedBy, Lot, Product, Respondent, Viewer

LEAST_PLACE = 4  # letters; fewer name a district, not a place


def place_index(place: str, region: str) -> str:
    """The blind index by which the same place is found again; "" where the words or the region are missing."""
    key = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", place)).casefold()
    return privacy.keyed_hash(f"{region}|{key}", "case-place") if region and len(key) >= LEAST_PLACE else ""


def find_entries(told: Respondent, region: str) -> bool:
    """Link what was told to the register where it is certain; the caller saves when it is true. The words stay."""
    before = told.company_id, told.product_id
    if told.company_id is None and (told.uscc or told.name):
        company = Company.objects.exactly(told.uscc, told.name, region)
        if company is not None:
            told.company, told.linked_by = company, LinkedBy.CODE if told.uscc else LinkedBy.NAME
    if told.product_id is None and told.gtin:
        told.product = Product.objects.filter(gtin=told.gtin).first()
        if told.product is not None and told.lot_number:
            told.lot, _new = Lot.objects.get_or_create(product=told.product, number=told.lot_number)
    return (told.company_id, told.product_id) != before


def settle_place(told: Case, case: Case) -> None:
    """Triage may have found the region only now: what depends on it is looked up again. `told` carries the people."""
    region = case.region_id or ""
    case.place_index = place_index(case.place, region)
    respondent = told.respondent
    if respondent.company_id is None and region and find_entries(respondent, region):
        respondent.save(update_fields=["company", "linked_by", "product", "lot"])


def link_respondent(
    viewer: Viewer,
    number: str,
    version: int,
    *,
    company: int | None,
    reason: str,
    gtin: str = "",
    product_name: str = "",
    model: str = "",
    lot_number: str = "",
) -> None:
    """A person says who is meant (关联被投诉主体): an entry of the register, or none (null takes the link away).

    gtin, or product_name with model: the product, made known to the register when it is new; lot_number: its lot.
    Raises Invalid for an unknown company and for a lot without its product.
    """
    with change(viewer, number, "link_respondent", version) as doing:
        doing.reason = reason.strip()
        told = Respondent.objects.select_for_update(of=("self",)).get(case=doing.case)
        entry = None
        if company is not None:
            entry = Company.objects.select_related("merged_into").filter(pk=company).first()
            if entry is None:
                message = _("There is no such company in the register.")
                raise Invalid("unknown_company", message, {"company": message})
            entry = entry.merged_into or entry
        doing.data = {"before": told.company_id, "company": entry.pk if entry else None}
        told.company, told.linked_by = entry, LinkedBy.PERSON if entry else ""
        told.product = _product(gtin, product_name, model, entry)
        told.lot = None
        if lot_number:
            if told.product is None:
                message = _("A lot needs its product.")
                raise Invalid("lot_without_product", message, {"lot_number": message})
            told.lot, _new = Lot.objects.get_or_create(product=told.product, number=lot_number)
        told.save(update_fields=["company", "linked_by", "product", "lot"])


def _product(gtin: str, name: str, model: str, maker: Company | None) -> Product | None:
    """The product of the register, made known when it is new; None when nothing was said of one."""
    if gtin:
        known = {"name": name or gtin, "model": model, "maker": None}
        return Product.objects.get_or_create(gtin=gtin, defaults=known)[0]
    if name:
        return Product.objects.get_or_create(gtin="", name=name, model=model, maker=maker)[0]
    return None
