from datetime import date

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Practice of the 12345 hotlines (call back within three working days, none for consultations; all emergencies): a
# start to be changed in the admin, verified for no single city.
PRACTICE = "12345 运行惯例，未逐地核实，可按地方规定修改"
RULES = (
    # name, urgencies, intents, channels, only after rework, percent
    ("紧急件", "U1 U2", "", "", False, 100),
    ("返工后再次答复", "", "", "", True, 100),
    ("咨询、表扬不回访", "", "consult praise", "", False, 0),
    ("举报", "", "report", "", False, 20),
    ("投诉", "", "complaint", "", False, 30),
    ("其他", "", "", "", False, 10),
)
QUESTIONS = (
    ("contacted", "承办单位是否主动与您联系过？", "yesno", "complaint report help suggest"),
    ("kept", "答复中承诺的事项是否已经做到？", "yesno", "complaint help"),
    ("wish", "您还有什么要求或者建议？", "text", ""),
)


def ship(apps, schema_editor):
    rule, question = (apps.get_model("complaints", name) for name in ("SamplingRule", "FollowUpQuestion"))
    for position, (name, urgencies, intents, channels, reworked, share) in enumerate(RULES, 1):
        rule.objects.create(
            position=position * 10, name=name, urgencies=urgencies, intents=intents, channels=channels,
            reworked=reworked, share=share, valid_from=date(2018, 1, 1), source=PRACTICE,
        )  # fmt: skip
    for position, (code, text, kind, intents) in enumerate(QUESTIONS, 1):
        question.objects.create(code=code, position=position * 10, text=text, kind=kind, intents=intents)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0014_knowledge"),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUpQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("text", models.CharField(max_length=200, verbose_name="question")),
                (
                    "kind",
                    models.CharField(
                        choices=[("yesno", "yes or no"), ("text", "text")], max_length=5, verbose_name="kind"
                    ),
                ),
                ("intents", models.CharField(blank=True, max_length=100, verbose_name="intents")),
                ("active", models.BooleanField(default=True, verbose_name="asked now")),
            ],
            options={
                "verbose_name": "follow-up question",
                "verbose_name_plural": "follow-up question",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="SamplingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(unique=True, verbose_name="position")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("urgencies", models.CharField(blank=True, max_length=40, verbose_name="urgencies")),
                ("intents", models.CharField(blank=True, max_length=100, verbose_name="intents")),
                ("channels", models.CharField(blank=True, max_length=100, verbose_name="channels")),
                ("reworked", models.BooleanField(default=False, verbose_name="only after rework")),
                (
                    "share",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100)], verbose_name="share in percent"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "follow-up sampling",
                "verbose_name_plural": "follow-up sampling",
                "ordering": ["position"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("share__lte", 100)), name="sampling_share_percent"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="sampling_dates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answer_version", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for the call"),
                            ("done", "asked"),
                            ("unreached", "not reached"),
                            ("dropped", "no longer needed"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("next_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("answers", models.JSONField(default=dict)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follow_ups", to="complaints.case"
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.samplingrule"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("next_at"),
                        models.F("id"),
                        condition=models.Q(("state", "waiting")),
                        name="follow_ups_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "answer_version"), name="one_follow_up_an_answer"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "done", "unreached", "dropped"])),
                        name="follow_up_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="follow_up_ends_once",
                    ),
                ],
            },
        ),
        migrations.RunPython(ship, migrations.RunPython.noop),
    ]
