"""Facts, rule and names of the day stored with each decision; simulations of rule sets."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0005_clocks"),
        ("routing", "0002_rules_v2"),
    ]

    operations = [
        migrations.AddField(
            model_name="routingdecision",
            name="facts",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="routingdecision",
            name="record",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="routingdecision",
            name="rule",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="routingdecision",
            name="rule_version",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="routingdecision",
            name="ruleset",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="RuleSimulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cases", models.PositiveIntegerField(help_text="at most so many, the latest first")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("report", models.JSONField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("beat_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ruleset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="routing.ruleset"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed"])),
                        name="simulation_state_known",
                    )
                ],
            },
        ),
    ]
