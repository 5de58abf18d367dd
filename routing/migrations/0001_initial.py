import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),  # exclusion constraints over codes and days
        migrations.CreateModel(
            name="Bureau",
            fields=[
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "as loaded"),
                            ("edited", "loaded, then changed by hand"),
                            ("hand", "added by hand"),
                        ],
                        default="hand",
                        editable=False,
                        max_length=6,
                        verbose_name="origin",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="Last day in force", null=True, verbose_name="valid to"),
                ),
                (
                    "id",
                    models.SlugField(max_length=20, primary_key=True, serialize=False, verbose_name="key"),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("short_name", models.CharField(max_length=20, verbose_name="short name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gov", "government department"),
                            ("branch", "branch of a central body"),
                            ("township", "township or street"),
                            ("service", "public service company"),
                            ("other", "other body"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("hotline", models.CharField(blank=True, max_length=120, verbose_name="hotline")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="routing.bureau",
                        verbose_name="successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "bureau",
                "verbose_name_plural": "bureaus",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DataLoad",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "units_until",
                    models.DateField(help_text="From this day on some unit has another name", null=True),
                ),
                ("at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "loaded data",
                "verbose_name_plural": "loaded data",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="dataload_one_row")],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "as loaded"),
                            ("edited", "loaded, then changed by hand"),
                            ("hand", "added by hand"),
                        ],
                        default="hand",
                        editable=False,
                        max_length=6,
                        verbose_name="origin",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="Last day in force", null=True, verbose_name="valid to"),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=6,
                        primary_key=True,
                        serialize=False,
                        validators=[django.core.validators.RegexValidator("^[1-9]\\d{5}$")],
                        verbose_name="code",
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="name")),
                ("full_name", models.CharField(editable=False, max_length=60, verbose_name="full name")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("city", "city"),
                            ("county", "county"),
                            ("zone", "special zone"),
                        ],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose units act where the zone has none of its own",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosted_zones",
                        to="routing.region",
                        verbose_name="host region",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="routing.region",
                        verbose_name="parent",
                    ),
                ),
            ],
            options={
                "verbose_name": "region",
                "verbose_name_plural": "regions",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="BureauName",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "as loaded"),
                            ("edited", "loaded, then changed by hand"),
                            ("hand", "added by hand"),
                        ],
                        default="hand",
                        editable=False,
                        max_length=6,
                        verbose_name="origin",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="Last day in force", null=True, verbose_name="valid to"),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("city", "city"),
                            ("county", "county"),
                            ("district", "urban district"),
                            ("zone", "special zone"),
                        ],
                        help_text="Level of the units that it names",
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                ("pattern", models.CharField(blank=True, max_length=80, verbose_name="name or pattern")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="routing.bureau",
                        verbose_name="bureau",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only in this region and below; empty: everywhere",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bureau_names",
                        to="routing.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "bureau name",
                "verbose_name_plural": "bureau names",
                "ordering": ["bureau", "region", "level", "valid_from"],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "as loaded"),
                            ("edited", "loaded, then changed by hand"),
                            ("hand", "added by hand"),
                        ],
                        default="hand",
                        editable=False,
                        max_length=6,
                        verbose_name="origin",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=3,
                        primary_key=True,
                        serialize=False,
                        validators=[django.core.validators.RegexValidator("^[PESV]\\d{2}$")],
                        verbose_name="code",
                    ),
                ),
                ("slug", models.CharField(max_length=60, unique=True, verbose_name="slug")),
                (
                    "domain",
                    models.CharField(
                        choices=[
                            ("product", "Product quality"),
                            ("engineering", "Engineering quality"),
                            ("service", "Service quality"),
                            ("environment", "Environment quality"),
                        ],
                        max_length=12,
                        verbose_name="domain",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "external_code",
                    models.CharField(
                        blank=True,
                        help_text="Code in a hotline catalogue",
                        max_length=40,
                        verbose_name="external code",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("code__regex", "^[PESV]\\d{2}$")), name="topic_code"),
                    models.CheckConstraint(
                        condition=models.Q(("domain__in", ["product", "engineering", "service", "environment"])),
                        name="topic_domain",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "as loaded"),
                            ("edited", "loaded, then changed by hand"),
                            ("hand", "added by hand"),
                        ],
                        default="hand",
                        editable=False,
                        max_length=6,
                        verbose_name="origin",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="Last day in force", null=True, verbose_name="valid to"),
                ),
                ("field", models.CharField(blank=True, max_length=20, verbose_name="field")),
                ("value", models.CharField(blank=True, max_length=30, verbose_name="value")),
                ("code", models.SlugField(max_length=40, verbose_name="rule")),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="version",
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=100, help_text="The smallest that holds decides", verbose_name="priority"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("C", "county"),
                            ("M", "city"),
                            ("P", "province"),
                            ("V", "branch of a central body"),
                            ("T", "township or street"),
                        ],
                        max_length=1,
                        verbose_name="first level",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True, help_text="Law, plan or document", max_length=200, verbose_name="basis"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="routing.bureau",
                        verbose_name="lead bureau",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only in this region and below; empty: everywhere",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="routing.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="routing.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "routing rule",
                "verbose_name_plural": "routing rules",
                "ordering": ["topic", "priority", "code", "version"],
            },
        ),
        migrations.CreateModel(
            name="RoutingParticipant",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "as loaded"),
                            ("edited", "loaded, then changed by hand"),
                            ("hand", "added by hand"),
                        ],
                        default="hand",
                        editable=False,
                        max_length=6,
                        verbose_name="origin",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(blank=True, help_text="Last day in force", null=True, verbose_name="valid to"),
                ),
                ("field", models.CharField(blank=True, max_length=20, verbose_name="field")),
                ("value", models.CharField(blank=True, max_length=30, verbose_name="value")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joins",
                        to="routing.bureau",
                        verbose_name="bureau",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
                        to="routing.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
                "ordering": ["topic", "position", "bureau"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("file", "as loaded"),
                            ("edited", "loaded, then changed by hand"),
                            ("hand", "added by hand"),
                        ],
                        default="hand",
                        editable=False,
                        max_length=6,
                        verbose_name="origin",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("city", "city"),
                            ("county", "county"),
                            ("township", "township or street"),
                            ("branch", "branch of a central body"),
                        ],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="receives cases")),
                (
                    "bureau",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="routing.bureau",
                        verbose_name="bureau",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="routing.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "ordering": ["region", "bureau"],
            },
        ),
        migrations.AddConstraint(
            model_name="bureau",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["gov", "branch", "township", "service", "other"])),
                name="bureau_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="bureau",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="bureau_days",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bureau",
            constraint=models.CheckConstraint(
                condition=models.Q(("successor", models.F("id")), _negated=True), name="bureau_successor"
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(condition=models.Q(("code__regex", "^[1-9]\\d{5}$")), name="region_code"),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level", "province"), ("parent", None)),
                    models.Q(models.Q(("level", "province"), _negated=True), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="region_parent",
                violation_error_message="Every region but a province has a parent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("host__isnull", False), ("level", "zone")),
                    models.Q(models.Q(("level", "zone"), _negated=True), ("host", None)),
                    _connector="OR",
                ),
                name="region_host",
                violation_error_message="A zone, and nothing else, has a host region.",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["province", "city", "county", "zone"])), name="region_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="region_days",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bureauname",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["province", "city", "county", "district", "zone"])),
                name="bureauname_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="bureauname",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="bureauname_days",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="bureauname",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("bureau", "="),
                    (
                        django.db.models.functions.comparison.Coalesce(models.F("region"), models.Value("")),
                        "=",
                    ),
                    ("level", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            models.Value("[]"),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="bureauname_one_at_a_time",
                violation_error_message="Another name covers the same days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.UniqueConstraint(fields=("code", "version"), name="rule_version_once"),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="rule_version"),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["C", "M", "P", "V", "T"])), name="rule_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="rule_days",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("field", ""), ("value", "")),
                    models.Q(models.Q(("field", ""), _negated=True), models.Q(("value", ""), _negated=True)),
                    _connector="OR",
                ),
                name="rule_condition",
                violation_error_message="A condition needs a field and a value.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("code", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            models.Value("[]"),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="rule_one_version_at_a_time",
                violation_error_message="Another version of the rule covers the same days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("topic", "="),
                    (
                        django.db.models.functions.comparison.Coalesce(models.F("region"), models.Value("")),
                        "=",
                    ),
                    ("field", "="),
                    ("value", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            models.Value("[]"),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="rule_one_at_a_time",
                violation_error_message="Another rule with the same condition covers the same days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingparticipant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_from__lte", models.F("valid_to")),
                    _connector="OR",
                ),
                name="participant_days",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingparticipant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("field", ""), ("value", "")),
                    models.Q(models.Q(("field", ""), _negated=True), models.Q(("value", ""), _negated=True)),
                    _connector="OR",
                ),
                name="participant_condition",
                violation_error_message="A condition needs a field and a value.",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingparticipant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("topic", "="),
                    ("bureau", "="),
                    ("field", "="),
                    ("value", "="),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            models.Value("[]"),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="participant_one_at_a_time",
                violation_error_message="The bureau takes part already on these days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("bureau", "region"), name="unit_once"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["province", "city", "county", "township", "branch"])),
                name="unit_level",
            ),
        ),
    ]
