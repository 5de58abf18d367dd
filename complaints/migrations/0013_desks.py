"""The call-taker's desk: calls, notes on callers, questions by topic and their answers."""

import csv
from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import complaints.models.sealed

DATA = Path(__file__).resolve().parent.parent / "data" / "questions.csv"


def load_questions(apps, schema_editor):
    """The questions as they are shipped; from then on they belong to the administrators."""
    Question = apps.get_model("complaints", "Question")
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = [row | {"required": row["required"] == "1"} for row in csv.DictReader(lines)]
    Question.objects.bulk_create([Question(**row) for row in rows])


def account(null=False):
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0012_documents"),
        ("routing", "0003_gazetteer"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="extension",
            field=models.CharField(
                blank=True,
                default="",
                help_text="By which the exchange names this seat",
                max_length=20,
                verbose_name="extension",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                "extension", condition=~models.Q(extension=""), name="one_seat_per_extension"
            ),
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cti_id", models.CharField(max_length=64)),
                ("line", models.CharField(blank=True, max_length=20)),
                ("phone", complaints.models.sealed.SealedText(default="")),
                ("phone_index", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ringing", "ringing"),
                            ("answered", "answered"),
                            ("ended", "ended"),
                            ("wrapped", "wrapped up"),
                        ],
                        default="ringing",
                        max_length=10,
                    ),
                ),
                ("rang_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("wrapped_at", models.DateTimeField(null=True)),
                ("called_back_at", models.DateTimeField(null=True)),
                ("reported_by", account()),
                ("agent", account(null=True)),
                ("called_back_by", account(null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.unit",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="calls",
                        to="complaints.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint("reported_by", "cti_id", name="one_call_per_cti_id"),
                    models.CheckConstraint(
                        condition=models.Q(state__in=["ringing", "answered", "ended", "wrapped"]),
                        name="call_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["ringing", "ended"]), ("agent__isnull", False), _connector="OR"
                        ),
                        name="call_answered_by_agent",
                    ),
                ],
                "indexes": [
                    models.Index("agent", "id", name="call_live", condition=~models.Q(state="wrapped")),
                    models.Index(
                        "unit",
                        "rang_at",
                        name="call_missed",
                        condition=models.Q(state="ended", answered_at=None),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallerNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone_index", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vulnerable", "needs care"),
                            ("language", "language or dialect"),
                            ("caution", "caution"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", complaints.models.sealed.SealedText(default="")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", account()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint("phone_index", "kind", name="one_caller_note_per_kind"),
                    models.CheckConstraint(
                        condition=models.Q(kind__in=["vulnerable", "language", "caution"]),
                        name="caller_note_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "topics",
                    models.CharField(
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?:[PESV]\\d\\d|[PESV])(?: (?:[PESV]\\d\\d|[PESV]))*$", "Topic codes, or P, E, S, V."
                            )
                        ],
                        verbose_name="topics",
                    ),
                ),
                ("field", models.SlugField(max_length=40, verbose_name="field")),
                ("label", models.CharField(max_length=80, verbose_name="question")),
                (
                    "kind",
                    models.CharField(
                        choices=[("text", "text"), ("choice", "choice"), ("date", "date"), ("number", "number")],
                        default="text",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                ("choices", models.TextField(blank=True, verbose_name="choices")),
                ("required", models.BooleanField(default=False, verbose_name="required")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "question for callers",
                "verbose_name_plural": "questions for callers",
                "ordering": ["topics", "position"],
                "constraints": [
                    models.UniqueConstraint("topics", "field", name="one_question_per_field"),
                    models.CheckConstraint(
                        condition=models.Q(kind__in=["text", "choice", "date", "number"]),
                        name="question_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(kind="choice") | ~models.Q(choices=""), name="question_choice_has_choices"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=80)),
                ("value", complaints.models.sealed.SealedText(default="")),
                ("wording", complaints.models.sealed.SealedText(default="")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="complaints.case"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint("case", "field", name="one_answer_per_field")],
            },
        ),
        migrations.RunPython(load_questions, migrations.RunPython.noop),
    ]
