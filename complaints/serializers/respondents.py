"""The register of respondents as it is sent and shown, and the signal that a case was filed again."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.models import Case, CaseKey, Company, CompanyAlias, CompanyChange, Lot, Product, Refiling, Viewer
from complaints.models.case import Respondent
from complaints.serializers.fields import ArticleNumber, CreditCode, PlainText
from complaints.serializers.incoming import MoveIn
from complaints.serializers.reference import Named, NamedOut


class CompanyIn(serializers.Serializer[Any]):
    """An entry of the register. region: a code; parent: the code of the company whose branch it is."""

    name = PlainText(max_length=200)
    uscc = CreditCode(required=False, default="")
    address = PlainText(max_length=200, required=False, allow_blank=True, default="")
    region = PlainText(max_length=6, required=False, allow_blank=True, default="")
    platform = PlainText(max_length=60, required=False, allow_blank=True, default="")
    parent = CreditCode(required=False, default="")  # type: ignore[assignment]


class CorrectCompanyIn(CompanyIn):
    reason = PlainText(max_length=300)


class AliasIn(serializers.Serializer[Any]):
    name = PlainText(max_length=200)


class MergeCompanyIn(serializers.Serializer[Any]):
    into = serializers.IntegerField(min_value=1)
    reason = PlainText(max_length=300)


class SeparateCompanyIn(serializers.Serializer[Any]):
    reason = PlainText(max_length=300)


class LinkRespondentIn(MoveIn):
    """company null: the link is taken away. A product by its GTIN, or by name and model."""

    company = serializers.IntegerField(allow_null=True, min_value=1)
    gtin = ArticleNumber(required=False, default="")
    product_name = PlainText(max_length=200, required=False, allow_blank=True, default="")
    model = PlainText(max_length=100, required=False, allow_blank=True, default="")
    lot_number = PlainText(max_length=60, required=False, allow_blank=True, default="")


class CompanyRef(serializers.ModelSerializer[Company]):
    class Meta:
        model = Company
        fields = ["id", "name", "uscc"]


class CountsOfYear(serializers.Serializer[Any]):
    """Cases of the last 365 days that the viewer may see. refiled: filed again after they were closed as solved."""

    cases = serializers.IntegerField()
    closed = serializers.IntegerField()
    solved = serializers.IntegerField()
    refiled = serializers.IntegerField()
    repeat_offender = serializers.BooleanField()


class CompanyFactsOut(CompanyRef):
    region = serializers.SerializerMethodField()

    class Meta(CompanyRef.Meta):
        fields = [*CompanyRef.Meta.fields, "address", "platform", "region"]

    @extend_schema_field(NamedOut(allow_null=True))
    def get_region(self, company: Company) -> Named | None:
        return {"code": company.region.code, "name": company.region.full_name} if company.region else None


class EntryOut(serializers.Serializer[Any]):
    company = CompanyFactsOut()
    counts = CountsOfYear()


class EntryPage(serializers.Serializer[Any]):
    """Without words: those with most cases of the year, without further pages."""

    results = EntryOut(many=True)
    next = serializers.CharField(allow_null=True)


class AliasOut(serializers.ModelSerializer[CompanyAlias]):
    class Meta:
        model = CompanyAlias
        fields = ["id", "name"]


class LotOut(serializers.ModelSerializer[Lot]):
    class Meta:
        model = Lot
        fields = ["number"]


class ProductOut(serializers.ModelSerializer[Product]):
    lots = LotOut(many=True)

    class Meta:
        model = Product
        fields = ["id", "gtin", "name", "model", "lots"]


class CompanyChangeOut(serializers.ModelSerializer[CompanyChange]):
    step_name = serializers.CharField(source="get_step_display")
    by = serializers.SerializerMethodField()

    class Meta:
        model = CompanyChange
        fields = ["step", "step_name", "at", "by", "reason"]

    def get_by(self, row: CompanyChange) -> str:
        return str(row.by or "")


class CountOut(serializers.Serializer[Any]):
    """One bar: a month (its first day), a topic or an outcome (yes, partly, no, unstated, open)."""

    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()


class RecentOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    title = serializers.CharField()
    topic = NamedOut(allow_null=True)
    state = serializers.CharField()
    state_name = serializers.CharField()
    received_at = serializers.DateTimeField()


class CompanyOut(CompanyFactsOut):
    """An entry in full; figures over the cases that the viewer may see. may_change: correct, merge, other names."""

    aliases = AliasOut(many=True)
    parent = CompanyRef(allow_null=True)
    merged_into = CompanyRef(allow_null=True)
    merged = CompanyRef(many=True)
    branches = CompanyRef(many=True)
    products = ProductOut(many=True)
    changes = CompanyChangeOut(many=True)

    class Meta(CompanyFactsOut.Meta):
        fields = [
            *CompanyFactsOut.Meta.fields, "aliases", "parent", "merged_into", "merged", "branches", "products",
            "changes",
        ]  # fmt: skip


class RespondentFiguresOut(serializers.Serializer[Any]):
    company = CompanyOut()
    counts = CountsOfYear()
    total = serializers.IntegerField()
    by_month = CountOut(many=True)
    by_topic = CountOut(many=True)
    by_outcome = CountOut(many=True)
    recent = RecentOut(many=True)
    may_change = serializers.BooleanField()


class LinkedCompanyOut(serializers.Serializer[Any]):
    """What of the register a case is linked to; how: code, name or person."""

    company = CompanyRef(allow_null=True)
    how = serializers.CharField(allow_blank=True)
    how_name = serializers.CharField(allow_blank=True)
    product = serializers.CharField(allow_blank=True)
    gtin = serializers.CharField(allow_blank=True)
    lot = serializers.CharField(allow_blank=True)


def linked_of(respondent: Respondent) -> dict[str, Any] | None:
    """For LinkedCompanyOut; the entry that goes on where the linked one was merged. None without any link."""
    company = respondent.company
    if company is None and respondent.product is None:
        return None
    standing = company.merged_into or company if company else None
    return {
        "company": standing and {"id": standing.pk, "name": standing.name, "uscc": standing.uscc},
        "how": respondent.linked_by,
        "how_name": respondent.get_linked_by_display(),
        "product": str(respondent.product or ""),
        "gtin": respondent.product.gtin if respondent.product else "",
        "lot": str(respondent.lot or ""),
    }


class RefilingOut(serializers.Serializer[Any]):
    """role: "first" for the case that was closed and filed again, "again" for the one filed again. number of the other
    case, "" where the viewer may not see it. signs: person, place, respondent."""

    role = serializers.ChoiceField(choices=["first", "again"])
    number = serializers.CharField(allow_blank=True)
    days = serializers.IntegerField()
    signs = serializers.ListField(child=serializers.CharField())


def refilings_of(viewer: Viewer, case: Case) -> list[dict[str, Any]]:
    """For RefilingOut, in one query or two; nothing for citizens, for the other case may be somebody else's."""
    if isinstance(viewer, CaseKey):
        return []
    rows = list(Refiling.objects.about(case).standing().order_by("-pk"))
    others = [row.again_id if row.first_id == case.pk else row.first_id for row in rows]
    seen = dict(Case.objects.visible_to(viewer).filter(pk__in=others).values_list("pk", "number")) if rows else {}
    return [
        {
            "role": "first" if row.first_id == case.pk else "again",
            "number": seen.get(other, ""),
            "days": row.days,
            "signs": [sign for sign in ("person", "place", "respondent") if getattr(row, f"same_{sign}")],
        }
        for row, other in zip(rows, others, strict=True)
    ]
