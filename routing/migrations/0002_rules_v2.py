"""Rules with several conditions, in sets that are drafted, activated and rolled back; escalation rules as rows."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

from routing.conditions import short_form


def into_first_set(apps, schema_editor):
    """The rules that there are become set 1, in force; field and value become the one condition they mean."""
    rules = apps.get_model("routing", "RoutingRule").objects.using(schema_editor.connection.alias)
    if rules.exists():
        sets = apps.get_model("routing", "RuleSet").objects.using(schema_editor.connection.alias)
        rules.update(ruleset=sets.create(number=1, name="1", state="active"))
    for rule in rules.exclude(field=""):
        rules.filter(pk=rule.pk).update(conditions=short_form(rule.field, rule.value))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else ALTER TABLE meets pending checks


class Migration(migrations.Migration):
    dependencies = [
        ("routing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("active", "active"), ("retired", "retired")],
                        default="draft",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "effective_from",
                    models.DateField(
                        blank=True,
                        editable=False,
                        help_text="First day in force; empty: always",
                        null=True,
                        verbose_name="effective from",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                ("created_by", models.CharField(blank=True, editable=False, max_length=150, verbose_name="created by")),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="state changed"
                    ),
                ),
                (
                    "changed_by",
                    models.CharField(blank=True, editable=False, max_length=150, verbose_name="state changed by"),
                ),
            ],
            options={
                "verbose_name": "rule set",
                "verbose_name_plural": "rule sets",
                "ordering": ["-number"],
            },
        ),
        migrations.AddField(
            model_name="routingrule",
            name="conditions",
            field=models.JSONField(blank=True, default=list, verbose_name="conditions"),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="enforcer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="routing.bureau",
                verbose_name="enforcing bureau",
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="error",
            field=models.CharField(blank=True, editable=False, max_length=200, verbose_name="error"),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="list_entry",
            field=models.CharField(blank=True, max_length=200, verbose_name="responsibility list entry"),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="participants",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                help_text="Keys of bureaus, besides the topic's list",
                size=None,
                verbose_name="further participants",
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="source",
            field=models.CharField(
                blank=True, help_text="Where the basis was read", max_length=200, verbose_name="source"
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="supervisor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="routing.bureau",
                verbose_name="supervising bureau",
            ),
        ),
        migrations.AlterField(
            model_name="routingrule",
            name="code",
            field=models.SlugField(max_length=60, verbose_name="rule"),
        ),
        migrations.AddField(
            model_name="ruleset",
            name="replaced",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="routing.ruleset",
                verbose_name="took the place of",
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="ruleset",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)ss",
                to="routing.ruleset",
                verbose_name="rule set",
            ),
        ),
        migrations.RunPython(into_first_set, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="routingrule",
            name="ruleset",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)ss",
                to="routing.ruleset",
                verbose_name="rule set",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="routingrule",
            name="rule_version_once",
        ),
        migrations.RemoveConstraint(
            model_name="routingrule",
            name="rule_condition",
        ),
        migrations.RemoveConstraint(
            model_name="routingrule",
            name="rule_one_version_at_a_time",
        ),
        migrations.RemoveConstraint(
            model_name="routingrule",
            name="rule_one_at_a_time",
        ),
        migrations.RemoveField(
            model_name="routingrule",
            name="field",
        ),
        migrations.RemoveField(
            model_name="routingrule",
            name="value",
        ),
        migrations.CreateModel(
            name="EscalationRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("code", models.SlugField(max_length=60, verbose_name="rule")),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name="version"
                    ),
                ),
                ("conditions", models.JSONField(blank=True, default=list, verbose_name="conditions")),
                ("error", models.CharField(blank=True, editable=False, max_length=200, verbose_name="error")),
                ("label", models.CharField(max_length=60, verbose_name="name")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "do",
                    models.CharField(
                        choices=[
                            ("raise_level", "raise the level"),
                            ("add_participant", "let a unit take part"),
                            ("notify", "notify"),
                            ("report", "special report"),
                            ("supervise", "supervision order"),
                            ("remind", "remind"),
                            ("adjudicate", "open an adjudication"),
                            ("hand_over", "hand over"),
                            ("risk_signal", "risk signal"),
                            ("mark_conflict", "mark a conflict of interest"),
                        ],
                        max_length=16,
                        verbose_name="action",
                    ),
                ),
                (
                    "bureau",
                    models.CharField(
                        blank=True,
                        help_text="Key of a bureau; lead: the bureau that leads",
                        max_length=20,
                        verbose_name="bureau",
                    ),
                ),
                (
                    "at",
                    models.CharField(
                        blank=True,
                        choices=[("up", "one level up"), ("city", "city"), ("province", "province")],
                        max_length=8,
                        verbose_name="at",
                    ),
                ),
                ("amount", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="within")),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        choices=[("min", "minutes"), ("h", "hours"), ("wd", "working days")],
                        max_length=3,
                        verbose_name="unit",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "escalation rule",
                "verbose_name_plural": "escalation rules",
                "ordering": ["position", "code", "version"],
            },
        ),
        migrations.AddField(
            model_name="escalationrule",
            name="ruleset",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)ss",
                to="routing.ruleset",
                verbose_name="rule set",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.UniqueConstraint(fields=("ruleset", "code", "version"), name="rule_version_once"),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("ruleset", "="),
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
                    ("ruleset", "="),
                    ("topic", "="),
                    (django.db.models.functions.comparison.Coalesce(models.F("region"), models.Value("")), "="),
                    (
                        django.db.models.functions.text.MD5(
                            django.db.models.functions.comparison.Cast("conditions", models.TextField())
                        ),
                        "=",
                    ),
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
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "active", "retired"])), name="ruleset_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="ruleset_number"),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.UniqueConstraint(fields=("ruleset", "code", "version"), name="escalation_version_once"),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(condition=models.Q(("version__gte", 1)), name="escalation_version"),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "do__in",
                        [
                            "raise_level",
                            "add_participant",
                            "notify",
                            "report",
                            "supervise",
                            "remind",
                            "adjudicate",
                            "hand_over",
                            "risk_signal",
                            "mark_conflict",
                        ],
                    )
                ),
                name="escalation_do",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None), ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                ),
                name="escalation_days",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("ruleset", "="),
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
                name="escalation_one_version_at_a_time",
                violation_error_message="Another version of the rule covers the same days.",
            ),
        ),
    ]
