import csv
from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

DATA = Path(__file__).resolve().parent.parent / "data" / "unsolved.csv"

# when each closed case was closed last
CLOSED = """
UPDATE complaints_case SET closed_at = (
    SELECT max(at) FROM complaints_event WHERE case_id = complaints_case.id AND kind = 'close')
WHERE state = 'closed' OR (state = 'archived' AND EXISTS (
    SELECT FROM complaints_event WHERE case_id = complaints_case.id AND kind = 'close'))
"""
GROUNDS = """
UPDATE complaints_outcome SET ground_id = (
    SELECT id FROM complaints_ground WHERE kind = 'unsolved' AND code = 'other') WHERE solved <> 'yes'
"""


def load_grounds(apps, schema_editor):
    """The coded reasons why a matter is not solved, as shipped; from then on they belong to the administrators."""
    Ground = apps.get_model("complaints", "Ground")
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        row["valid_from"], row["valid_to"] = row["valid_from"] or None, row["valid_to"] or None
    Ground.objects.bulk_create([Ground(**row) for row in rows])


class Migration(migrations.Migration):
    dependencies = [("complaints", "0009_mediation_and_reports"), ("routing", "0003_gazetteer")]

    operations = [
        migrations.CreateModel(
            name="Company",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uscc",
                    models.CharField(
                        blank=True,
                        max_length=18,
                        validators=[django.core.validators.RegexValidator("^[0-9A-HJ-NPQRTUWXY]{18}$")],
                        verbose_name="unified social credit code",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_key", models.CharField(editable=False, max_length=200)),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("platform", models.CharField(blank=True, max_length=60, verbose_name="platform it sells on")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "company",
                "verbose_name_plural": "companies",
            },
        ),
        migrations.CreateModel(
            name="CompanyAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_key", models.CharField(editable=False, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="CompanyChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("registered", "registered"),
                            ("imported", "imported"),
                            ("corrected", "corrected"),
                            ("alias_added", "other name added"),
                            ("alias_removed", "other name removed"),
                            ("merged", "merged into another entry"),
                            ("separated", "separated again"),
                        ],
                        max_length=13,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("before", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, verbose_name="lot number")),
            ],
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "gtin",
                    models.CharField(
                        blank=True,
                        max_length=14,
                        validators=[django.core.validators.RegexValidator("^[0-9]{8}([0-9]{4,6})?$")],
                        verbose_name="GTIN",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("model", models.CharField(blank=True, max_length=100, verbose_name="model")),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
            },
        ),
        migrations.CreateModel(
            name="Refiling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("same_person", models.BooleanField(verbose_name="same requester")),
                ("same_place", models.BooleanField(verbose_name="same place")),
                ("same_respondent", models.BooleanField(verbose_name="same respondent")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        help_text="whole days from the closing of the first to the filing"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("dismissed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="caselink",
            name="link_kind_known",
        ),
        migrations.AddField(
            model_name="case",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="closed"),
        ),
        migrations.AddField(
            model_name="case",
            name="place_index",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="outcome",
            name="ground",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.ground"
            ),
        ),
        migrations.AddField(
            model_name="respondent",
            name="gtin",
            field=models.CharField(blank=True, max_length=14, verbose_name="GTIN"),
        ),
        migrations.AddField(
            model_name="respondent",
            name="linked_by",
            field=models.CharField(
                blank=True,
                choices=[("code", "by its code"), ("name", "by name and region"), ("person", "by a person")],
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="respondent",
            name="lot_number",
            field=models.CharField(blank=True, max_length=60, verbose_name="lot number"),
        ),
        migrations.AddField(
            model_name="respondent",
            name="product_name",
            field=models.CharField(blank=True, max_length=200, verbose_name="product"),
        ),
        migrations.AlterField(
            model_name="caselink",
            name="kind",
            field=models.CharField(
                choices=[
                    ("merged_into", "merged into"),
                    ("split_from", "split from"),
                    ("twin", "report beside the complaint"),
                    ("previous", "filed again after it was closed"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="ground",
            name="kind",
            field=models.CharField(
                choices=[
                    ("return", "return"),
                    ("refusal", "refusal"),
                    ("mediation", "end of mediation"),
                    ("file", "penalty case opened"),
                    ("no_file", "no penalty case"),
                    ("unsolved", "why not solved"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("topic"),
                models.F("closed_at"),
                condition=models.Q(("closed_at__isnull", False)),
                name="case_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("place_index"), condition=models.Q(("place_index", ""), _negated=True), name="case_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["merged_into", "split_from", "twin", "previous"])),
                name="link_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="complaints.company",
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="branches",
                to="complaints.company",
                verbose_name="branch of",
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="routing.region",
                verbose_name="region",
            ),
        ),
        migrations.AddField(
            model_name="respondent",
            name="company",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="respondents",
                to="complaints.company",
            ),
        ),
        migrations.AddField(
            model_name="companyalias",
            name="company",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="complaints.company"
            ),
        ),
        migrations.AddField(
            model_name="companychange",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="companychange",
            name="company",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="complaints.company"
            ),
        ),
        migrations.AddField(
            model_name="respondent",
            name="lot",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="respondents", to="complaints.lot"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="maker",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="complaints.company",
                verbose_name="maker",
            ),
        ),
        migrations.AddField(
            model_name="lot",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lots", to="complaints.product"
            ),
        ),
        migrations.AddField(
            model_name="respondent",
            name="product",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="respondents",
                to="complaints.product",
            ),
        ),
        migrations.AddConstraint(
            model_name="respondent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("company", None), ("linked_by", "")),
                    models.Q(("company__isnull", False), ("linked_by__in", ["code", "name", "person"])),
                    _connector="OR",
                ),
                name="respondent_linked_somehow",
            ),
        ),
        migrations.AddConstraint(
            model_name="respondent",
            constraint=models.CheckConstraint(
                condition=models.Q(("lot", None), ("product__isnull", False), _connector="OR"),
                name="respondent_lot_of_product",
            ),
        ),
        migrations.AddField(
            model_name="refiling",
            name="again",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="refiling", to="complaints.case"
            ),
        ),
        migrations.AddField(
            model_name="refiling",
            name="dismissed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="refiling",
            name="first",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="refiled", to="complaints.case"
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(models.F("name_key"), models.F("region"), name="company_name_key"),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.UniqueConstraint(
                models.F("uscc"), condition=models.Q(("uscc", ""), _negated=True), name="one_company_a_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("uscc", ""), ("uscc__regex", "^[0-9A-HJ-NPQRTUWXY]{18}$"), _connector="OR"),
                name="company_uscc_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("name_key", ""), _negated=True), name="company_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="company_not_its_own_branch"
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="company_not_merged_into_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="companyalias",
            index=models.Index(models.F("name_key"), name="alias_name_key"),
        ),
        migrations.AddConstraint(
            model_name="companyalias",
            constraint=models.UniqueConstraint(models.F("company"), models.F("name_key"), name="one_alias_a_name"),
        ),
        migrations.AddConstraint(
            model_name="companyalias",
            constraint=models.CheckConstraint(
                condition=models.Q(("name_key", ""), _negated=True), name="alias_has_name"
            ),
        ),
        migrations.AddIndex(
            model_name="companychange",
            index=models.Index(
                models.F("company"), models.OrderBy(models.F("id"), descending=True), name="company_history"
            ),
        ),
        migrations.AddConstraint(
            model_name="companychange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "step__in",
                        ["registered", "imported", "corrected", "alias_added", "alias_removed", "merged", "separated"],
                    )
                ),
                name="company_step_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                models.F("gtin"), condition=models.Q(("gtin", ""), _negated=True), name="one_product_a_gtin"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("gtin", ""), ("gtin__regex", "^[0-9]{8}([0-9]{4,6})?$"), _connector="OR"),
                name="product_gtin_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                models.F("maker"),
                models.F("name"),
                models.F("model"),
                condition=models.Q(("gtin", "")),
                name="one_product_a_model",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(models.F("product"), models.F("number"), name="one_lot_a_number"),
        ),
        migrations.AddConstraint(
            model_name="refiling",
            constraint=models.CheckConstraint(
                condition=models.Q(("first", models.F("again")), _negated=True), name="refiling_of_another_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="refiling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("same_person", True), ("same_place", True), ("same_respondent", True), _connector="OR"
                ),
                name="refiling_has_a_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="refiling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dismissed_at", None), ("dismissed_by", None)),
                    ("dismissed_at__isnull", False),
                    _connector="OR",
                ),
                name="refiling_dismissed_by_somebody",
            ),
        ),
        migrations.RunPython(load_grounds, migrations.RunPython.noop),
        migrations.RunSQL(GROUNDS, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSED, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", None), ("solved", "yes")),
                    models.Q(models.Q(("solved", "yes"), _negated=True), ("ground__isnull", False)),
                    _connector="OR",
                ),
                name="outcome_unsolved_has_ground",
            ),
        ),
    ]
