import csv
from decimal import Decimal
from pathlib import Path

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.math
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import complaints.models.sealed

DATA = Path(__file__).resolve().parent.parent / "data"
KINDS = ("mediation", "file", "no_file")


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        row["valid_from"], row["valid_to"] = row["valid_from"] or None, row["valid_to"] or None
    return rows


def load_data(apps, schema_editor):
    """The grounds and reward levels as they are shipped; from then on they belong to the administrators."""
    Ground = apps.get_model("complaints", "Ground")
    known = set(Ground.objects.values_list("kind", "code", "ruleset"))
    rows = [row for row in _rows("grounds.csv") if row["kind"] in KINDS]
    Ground.objects.bulk_create(Ground(**row) for row in rows if (row["kind"], row["code"], row["ruleset"]) not in known)
    RewardLevel = apps.get_model("complaints", "RewardLevel")
    RewardLevel.objects.bulk_create(RewardLevel(**row) for row in _rows("reward_levels.csv"))


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0008_supervision"),
        ("routing", "0003_gazetteer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mediation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ruleset", models.CharField(max_length=20)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "complainant_how",
                    models.CharField(
                        choices=[
                            ("on_site", "in person"),
                            ("phone", "by phone"),
                            ("online", "over the internet"),
                            ("sms", "by text message"),
                            ("letter", "by letter"),
                        ],
                        max_length=10,
                    ),
                ),
                ("complainant_on", models.DateField()),
                (
                    "respondent_how",
                    models.CharField(
                        choices=[
                            ("on_site", "in person"),
                            ("phone", "by phone"),
                            ("online", "over the internet"),
                            ("sms", "by text message"),
                            ("letter", "by letter"),
                        ],
                        max_length=10,
                    ),
                ),
                ("respondent_on", models.DateField()),
                ("delegated_to", models.CharField(blank=True, max_length=100)),
                ("delegation_agreed", models.BooleanField(default=False)),
                ("recusal_asked_at", models.DateTimeField(null=True)),
                (
                    "recusal_asked_by",
                    models.CharField(
                        blank=True,
                        choices=[("complainant", "complainant"), ("respondent", "respondent")],
                        max_length=12,
                    ),
                ),
                ("agreed_at", models.DateTimeField(null=True)),
                ("statement_number", models.CharField(blank=True, max_length=60)),
                ("terms", complaints.models.sealed.SealedText(default="")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("performed", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_site", "in person"),
                            ("phone", "by phone"),
                            ("online", "over the internet"),
                            ("sms", "by text message"),
                            ("letter", "by letter"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MediationSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "manner",
                    models.CharField(
                        choices=[("on_site", "on site"), ("phone", "by phone"), ("video", "by video")], max_length=10
                    ),
                ),
                ("place", complaints.models.sealed.SealedText(default="")),
                ("complainant_came", models.BooleanField(null=True)),
                ("respondent_came", models.BooleanField(null=True)),
                ("notes", complaints.models.sealed.SealedText(default="")),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="RewardLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                ("label", models.CharField(max_length=120, verbose_name="wording")),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="percent of the fine")),
                ("floor", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="least amount")),
                ("cap", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="greatest amount")),
                (
                    "finance_from",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="finance approval from"),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ],
            options={
                "verbose_name": "reward level",
                "verbose_name_plural": "reward levels",
                "ordering": ["position", "code"],
            },
        ),
        migrations.CreateModel(
            name="RewardProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("floor", models.DecimalField(decimal_places=2, max_digits=14)),
                ("cap", models.DecimalField(decimal_places=2, max_digits=14)),
                ("finance_from", models.DecimalField(decimal_places=2, max_digits=14)),
                ("sanction_number", models.CharField(max_length=60)),
                ("fine", models.DecimalField(decimal_places=2, max_digits=14)),
                ("insider_bonus", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=14)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("paid", "paid"),
                        ],
                        default="proposed",
                        max_length=8,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("finance_approval", models.CharField(blank=True, max_length=100)),
                ("paid_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("filed", models.BooleanField(null=True)),
                ("penalty_number", models.CharField(blank=True, max_length=60)),
                ("findings", complaints.models.sealed.SealedText(default="")),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_site", "in person"),
                            ("phone", "by phone"),
                            ("online", "over the internet"),
                            ("sms", "by text message"),
                            ("letter", "by letter"),
                        ],
                        max_length=10,
                    ),
                ),
                ("result_told_at", models.DateTimeField(null=True)),
                (
                    "result_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_site", "in person"),
                            ("phone", "by phone"),
                            ("online", "over the internet"),
                            ("sms", "by text message"),
                            ("letter", "by letter"),
                        ],
                        max_length=10,
                    ),
                ),
                ("result_basis", models.CharField(blank=True, max_length=200)),
            ],
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
        migrations.AddField(
            model_name="mediation",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="mediations", to="complaints.case"
            ),
        ),
        migrations.AddField(
            model_name="mediation",
            name="ground",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.ground"
            ),
        ),
        migrations.AddField(
            model_name="mediationsession",
            name="mediation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="complaints.mediation"
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardlevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gt", 0), ("percent__lte", 100)), name="reward_percent_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardlevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("floor__gt", 0), ("floor__lte", models.F("cap"))), name="reward_floor_below_cap"
            ),
        ),
        migrations.AddField(
            model_name="rewardproposal",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rewards", to="complaints.case"
            ),
        ),
        migrations.AddField(
            model_name="rewardproposal",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="rewardproposal",
            name="level",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.rewardlevel"
            ),
        ),
        migrations.AddField(
            model_name="rewardproposal",
            name="paid_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="rewardproposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="verifications", to="complaints.case"
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="ground",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.ground"
            ),
        ),
        migrations.AddConstraint(
            model_name="mediation",
            constraint=models.UniqueConstraint(
                models.F("case"),
                condition=models.Q(("agreed_at", None), ("ended_at", None)),
                name="one_open_mediation_of_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("complainant_how__in", ["on_site", "phone", "online", "sms", "letter"]),
                    ("respondent_how__in", ["on_site", "phone", "online", "sms", "letter"]),
                ),
                name="mediation_needs_both_consents",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediation",
            constraint=models.CheckConstraint(
                condition=models.Q(("delegated_to", ""), ("delegation_agreed", True), _connector="OR"),
                name="mediation_delegated_by_agreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediation",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_at", None), ("ended_at", None), _connector="OR"),
                name="mediation_agreed_or_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ground", None)),
                    models.Q(("ended_at__isnull", False), ("ground__isnull", False)),
                    _connector="OR",
                ),
                name="mediation_ends_on_a_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount", None), models.Q(("agreed_at__isnull", False), ("amount__gte", 0)), _connector="OR"
                ),
                name="mediation_amount_agreed",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreed_at", None),
                    ("performed", True),
                    models.Q(("statement_number", ""), _negated=True),
                    _connector="OR",
                ),
                name="mediation_statement_or_performed",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("told_at", None),
                    models.Q(
                        ("ended_at__isnull", False), ("told_how__in", ["on_site", "phone", "online", "sms", "letter"])
                    ),
                    _connector="OR",
                ),
                name="mediation_told_after_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediationsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("manner__in", ["on_site", "phone", "video"])), name="session_manner_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="mediationsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("complainant_came", None), ("respondent_came", None)),
                    models.Q(("complainant_came__isnull", False), ("respondent_came__isnull", False)),
                    _connector="OR",
                ),
                name="session_held_or_planned",
            ),
        ),
        migrations.AddConstraint(
            model_name="mediationsession",
            constraint=models.UniqueConstraint(
                models.F("mediation"), condition=models.Q(("complainant_came", None)), name="one_planned_session"
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardproposal",
            constraint=models.UniqueConstraint(
                models.F("case"), condition=models.Q(("state", "refused"), _negated=True), name="one_reward_of_a_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "approved", "refused", "paid"])),
                name="reward_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("fine__gte", 0), ("insider_bonus__gte", 0)), name="reward_nothing_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.functions.comparison.Least(
                            models.F("cap"),
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.functions.comparison.Greatest(
                                    models.F("floor"),
                                    django.db.models.functions.math.Round(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("fine"), "*", models.F("percent")
                                            ),
                                            "/",
                                            models.Value(100),
                                        ),
                                        2,
                                    ),
                                ),
                                "+",
                                models.F("insider_bonus"),
                            ),
                        ),
                    )
                ),
                name="reward_amount_by_its_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("sanction_number", ""), _negated=True), name="reward_has_a_decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reward_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="reward_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["approved", "paid"]), _negated=True),
                    ("amount__lt", models.F("finance_from")),
                    models.Q(("finance_approval", ""), _negated=True),
                    _connector="OR",
                ),
                name="reward_large_needs_finance",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewardproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid_at__isnull", False), ("paid_by__isnull", False), ("state", "paid")),
                    models.Q(models.Q(("state", "paid"), _negated=True), ("paid_at", None), ("paid_by", None)),
                    _connector="OR",
                ),
                name="reward_paid_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.UniqueConstraint(
                models.F("case"), condition=models.Q(("decided_at", None)), name="one_open_verification_of_a_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("filed", None), ("ground", None)),
                    models.Q(("decided_at__isnull", False), ("filed__isnull", False), ("ground__isnull", False)),
                    _connector="OR",
                ),
                name="verification_decided_on_a_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("filed", True), _negated=True),
                    models.Q(("penalty_number", ""), _negated=True),
                    _connector="OR",
                ),
                name="verification_filed_has_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("told_at", None),
                    models.Q(
                        ("decided_at__isnull", False), ("told_how__in", ["on_site", "phone", "online", "sms", "letter"])
                    ),
                    _connector="OR",
                ),
                name="verification_told_after_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("result_told_at", None),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("result_how__in", ["on_site", "phone", "online", "sms", "letter"]),
                        models.Q(("result_basis", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="verification_result_told_by_law",
            ),
        ),
        migrations.RunPython(load_data, migrations.RunPython.noop),
    ]
