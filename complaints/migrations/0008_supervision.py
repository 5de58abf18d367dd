import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import complaints.models.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0007_lifecycle"),
        ("routing", "0003_gazetteer"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="part",
            field=models.CharField(
                choices=[("lead", "lead unit"), ("participant", "participating unit"), ("informed", "informed unit")],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("lines", models.JSONField(default=list)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="routing.region"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(models.F("region"), models.F("day"), name="one_digest_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("report", "special report"),
                            ("notify", "notice to the superior"),
                            ("remind", "reminder"),
                            ("conflict", "conflict of interest"),
                            ("police", "decide on handing over to the police"),
                        ],
                        max_length=8,
                    ),
                ),
                ("why", models.CharField(max_length=120)),
                ("cause", models.CharField(max_length=120)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("unseen", "not yet seen"), ("seen", "seen")], default="unseen", max_length=6
                    ),
                ),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="complaints.case"
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="routing.unit"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("unit"), models.F("id"), condition=models.Q(("state", "unseen")), name="notice_unseen"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["report", "notify", "remind", "conflict", "police"])),
                        name="notice_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at", None), ("state", "unseen")),
                            models.Q(("seen_at__isnull", False), ("state", "seen")),
                            _connector="OR",
                        ),
                        name="notice_seen_when",
                    ),
                    models.UniqueConstraint(
                        models.F("case"), models.F("unit"), models.F("cause"), name="notice_once_for_a_cause"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskSignal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=80)),
                ("rule", models.CharField(max_length=60)),
                ("why", models.CharField(max_length=120)),
                ("cases", models.PositiveIntegerField()),
                ("counties", models.JSONField(default=list)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(choices=[("open", "open"), ("settled", "settled")], default="open", max_length=7),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("conclusion", models.CharField(blank=True, max_length=500)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signals", to="complaints.case"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "settled"])), name="signal_state_known"
                    ),
                    models.UniqueConstraint(
                        models.F("subject"), condition=models.Q(("state", "open")), name="one_open_signal"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisionOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "province"), ("city", "city"), ("county", "county")], max_length=8
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("order", "supervision order"),
                            ("instruction", "leader's instruction"),
                            ("clock", "overdue"),
                            ("escalation", "escalation rule"),
                        ],
                        max_length=11,
                    ),
                ),
                ("text", complaints.models.sealed.SealedText(default="")),
                ("leader", models.CharField(blank=True, max_length=50)),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("answered", "answered"),
                            ("closed", "closed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("answer", complaints.models.sealed.SealedText(default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", complaints.models.sealed.SealedText(default="")),
                ("returned", models.PositiveSmallIntegerField(default=0)),
                ("cause", models.CharField(blank=True, max_length=120)),
                ("overdue_told_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="supervision", to="complaints.case"
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="routing.unit"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("state__in", ["open", "answered"])),
                        name="order_due",
                    ),
                    models.Index(models.F("unit"), models.F("state"), name="order_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("issued_at"))), name="order_due_after_issue"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["province", "city", "county"])), name="order_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["order", "instruction", "clock", "escalation"])),
                        name="order_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "answered", "closed", "cancelled"])),
                        name="order_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="order_answered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state__in", ["open", "answered"])),
                            models.Q(("ended_at__isnull", False), ("state__in", ["closed", "cancelled"])),
                            _connector="OR",
                        ),
                        name="order_ended_when",
                    ),
                    models.UniqueConstraint(
                        models.F("case"),
                        models.F("cause"),
                        condition=models.Q(("cause", ""), _negated=True),
                        name="order_once_for_a_cause",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="respondent",
            index=models.Index(
                models.F("name_index"),
                models.OrderBy(models.F("case"), descending=True),
                condition=models.Q(("name_index", ""), _negated=True),
                name="respondent_recent",
            ),
        ),
    ]
