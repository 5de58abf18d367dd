"""The prediction ledger: roles of answers, people's labels, the models that there are, and runs over history."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import complaints.models.sealed

APPEND_ONLY = """
CREATE FUNCTION complaints_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER complaints_topiclabel_append_only BEFORE UPDATE OR DELETE ON complaints_topiclabel
    FOR EACH ROW EXECUTE FUNCTION complaints_ledger_append_only();
CREATE TRIGGER complaints_modelevent_append_only BEFORE UPDATE OR DELETE ON complaints_modelevent
    FOR EACH ROW EXECUTE FUNCTION complaints_ledger_append_only();
"""
NOT_ANY_MORE = """
DROP TRIGGER complaints_topiclabel_append_only ON complaints_topiclabel;
DROP TRIGGER complaints_modelevent_append_only ON complaints_modelevent;
DROP FUNCTION complaints_ledger_append_only();
"""
# Earlier answers: the log knows which of them routed a case without a person.
ROUTED = """
UPDATE complaints_prediction SET auto_routed = true
WHERE EXISTS (SELECT FROM complaints_event e WHERE e.case_id = complaints_prediction.case_id AND e.kind = 'route')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0003_matters_and_embeddings"),
        ("routing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="ModelVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=80, unique=True)),
                ("folder", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "serving"),
                            ("challenger", "runs in shadow"),
                            ("candidate", "registered"),
                            ("retired", "retired"),
                        ],
                        default="candidate",
                        max_length=10,
                    ),
                ),
                ("frozen_split", models.CharField(blank=True, max_length=64)),
                ("frozen_messages", models.PositiveIntegerField(null=True)),
                ("frozen_topic", models.FloatField(null=True)),
                ("frozen_domain", models.FloatField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("activated_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReclassifyRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("cursor", models.BigIntegerField(default=0)),
                ("last", models.BigIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "running"),
                            ("paused", "paused"),
                            ("cancelled", "cancelled"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="TopicLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("topic", models.CharField(max_length=3)),
                ("second", models.CharField(blank=True, max_length=3)),
                ("domain", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", complaints.models.sealed.SealedText(default="")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("dispatch", "Dispatch"),
                            ("confirm", "Confirm"),
                            ("correct", "Correct"),
                            ("adjudication", "Adjudication"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="prediction",
            name="auto_routed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="prediction",
            name="review_below",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="prediction",
            name="role",
            field=models.CharField(
                choices=[("served", "Served"), ("shadow", "Shadow"), ("reclassified", "Reclassified")],
                default="served",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="prediction",
            index=models.Index(models.F("role"), models.F("at"), name="prediction_role_at"),
        ),
        migrations.AddIndex(
            model_name="prediction",
            index=models.Index(
                models.F("model_version"),
                models.F("id"),
                condition=models.Q(("role", "reclassified")),
                name="prediction_reclassified",
            ),
        ),
        migrations.AddConstraint(
            model_name="prediction",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["served", "shadow", "reclassified"])), name="answer_role_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="prediction",
            constraint=models.UniqueConstraint(
                models.F("case"),
                models.F("model_version"),
                models.F("role"),
                condition=models.Q(("role", "served"), _negated=True),
                name="one_answer_beside",
            ),
        ),
        migrations.AddField(
            model_name="modelevent",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="activated_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="previous",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.modelversion"
            ),
        ),
        migrations.AddField(
            model_name="modelevent",
            name="model",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="complaints.modelversion"
            ),
        ),
        migrations.AddField(
            model_name="reclassifyrun",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reclassifyrun",
            name="model",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="complaints.modelversion"
            ),
        ),
        migrations.AddField(
            model_name="topiclabel",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="topiclabel",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="topic_labels", to="complaints.case"
            ),
        ),
        migrations.AddField(
            model_name="topiclabel",
            name="prediction",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="labels",
                to="complaints.prediction",
            ),
        ),
        migrations.AddField(
            model_name="topiclabel",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="routing.unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "challenger", "candidate", "retired"])),
                name="model_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.UniqueConstraint(
                models.F("state"), condition=models.Q(("state", "active")), name="one_active_model"
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.UniqueConstraint(
                models.F("state"), condition=models.Q(("state", "challenger")), name="one_challenger"
            ),
        ),
        migrations.AddConstraint(
            model_name="reclassifyrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "paused", "cancelled", "done", "failed"])),
                name="run_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reclassifyrun",
            constraint=models.UniqueConstraint(
                models.F("model"),
                condition=models.Q(("state__in", ["running", "paused", "failed"])),
                name="one_open_run_a_model",
            ),
        ),
        migrations.AddIndex(
            model_name="topiclabel",
            index=models.Index(models.F("case"), models.OrderBy(models.F("id"), descending=True), name="label_newest"),
        ),
        migrations.AddIndex(
            model_name="topiclabel",
            index=models.Index(models.F("at"), name="label_at"),
        ),
        migrations.AddConstraint(
            model_name="topiclabel",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["dispatch", "confirm", "correct", "adjudication"])),
                name="label_origin_known",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, NOT_ANY_MORE),
        migrations.RunSQL(ROUTED, migrations.RunSQL.noop),
    ]
