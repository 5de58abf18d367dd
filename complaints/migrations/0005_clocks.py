"""Deadlines: calendar, office hours, policies, clocks, and the next deadline of a case."""

import datetime
import uuid
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0004_model_registry"),
        ("routing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
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
                ("date", models.DateField(primary_key=True, serialize=False, verbose_name="day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "holiday"), ("makeup", "make-up working day")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="name")),
                ("source", models.CharField(max_length=80, verbose_name="source")),
            ],
            options={
                "verbose_name": "calendar day",
                "verbose_name_plural": "working calendar",
                "ordering": ["-date"],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "running"),
                            ("paused", "paused"),
                            ("met", "met in time"),
                            ("missed", "met too late"),
                            ("cancelled", "no longer needed"),
                        ],
                        default="running",
                        max_length=9,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=1, max_digits=5)),
                (
                    "unit",
                    models.CharField(
                        choices=[("wd", "working days"), ("d", "calendar days"), ("h", "hours"), ("min", "minutes")],
                        max_length=3,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("amber_at", models.DateTimeField()),
                ("red_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("met_at", models.DateTimeField(null=True)),
                (
                    "provisional",
                    models.BooleanField(default=False, help_text="a year without its official calendar was counted"),
                ),
                ("told", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("history", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="ClockData",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("token", models.UUIDField(default=uuid.uuid4)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("calendar_token", models.UUIDField(null=True)),
                ("counted_token", models.UUIDField(null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="ClockPolicy",
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
                (
                    "code",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^[a-z0-9_.-]+$")],
                        verbose_name="policy",
                    ),
                ),
                (
                    "clock",
                    models.CharField(
                        max_length=40,
                        validators=[django.core.validators.RegexValidator("^[a-z0-9_.]+$")],
                        verbose_name="clock",
                    ),
                ),
                ("ruleset", models.CharField(blank=True, max_length=20, verbose_name="ruleset")),
                ("label", models.CharField(max_length=40, verbose_name="name")),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("case", "the case"),
                            ("lead", "lead unit"),
                            ("participant", "each participating unit"),
                            ("hotline", "the hotline body"),
                        ],
                        default="case",
                        max_length=12,
                        verbose_name="runs for",
                    ),
                ),
                ("public", models.BooleanField(default=False, verbose_name="shown to the citizen")),
                ("intents", models.CharField(blank=True, max_length=120, verbose_name="intents")),
                ("channels", models.CharField(blank=True, max_length=120, verbose_name="channels")),
                ("domains", models.CharField(blank=True, max_length=60, verbose_name="domains")),
                ("bureaus", models.CharField(blank=True, max_length=200, verbose_name="bureaus")),
                ("urgencies", models.CharField(blank=True, max_length=20, verbose_name="urgencies")),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=100, help_text="The smallest that holds decides", verbose_name="priority"
                    ),
                ),
                (
                    "starts_on",
                    models.CharField(
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z_]+( [a-z_]+)*$", "Names of steps, separated by one blank."
                            )
                        ],
                        verbose_name="starts on",
                    ),
                ),
                (
                    "counts_from",
                    models.CharField(
                        choices=[("event", "the step that starts it"), ("receipt", "receipt of the case")],
                        default="event",
                        max_length=8,
                        verbose_name="counts from",
                    ),
                ),
                (
                    "ends_on",
                    models.CharField(
                        max_length=160,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z_]+( [a-z_]+)*$", "Names of steps, separated by one blank."
                            )
                        ],
                        verbose_name="ends on",
                    ),
                ),
                (
                    "cancelled_on",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z_]+( [a-z_]+)*$", "Names of steps, separated by one blank."
                            )
                        ],
                        verbose_name="cancelled on",
                    ),
                ),
                (
                    "pauses",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z_]+:[a-z_]+(\\|[a-z_]+)*( [a-z_]+:[a-z_]+(\\|[a-z_]+)*)*$",
                                "Pairs of steps “stops:goes on”, separated by one blank; several that go on are separated by |.",
                            )
                        ],
                        verbose_name="pauses",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.5")),
                            django.core.validators.MaxValueValidator(Decimal("1500")),
                        ],
                        verbose_name="amount",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("wd", "working days"), ("d", "calendar days"), ("h", "hours"), ("min", "minutes")],
                        max_length=3,
                        verbose_name="unit",
                    ),
                ),
                (
                    "is_window",
                    models.BooleanField(
                        default=False,
                        help_text="Nobody is late when it runs out, and nobody is reminded",
                        verbose_name="a right that lapses",
                    ),
                ),
                (
                    "outlives_case",
                    models.BooleanField(default=False, verbose_name="goes on after the case has ended"),
                ),
                (
                    "extension_limit",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="In the unit of the policy; 0: cannot be extended",
                        verbose_name="extension, at most",
                    ),
                ),
                ("source", models.CharField(max_length=160, verbose_name="source")),
                (
                    "confidence",
                    models.CharField(
                        choices=[("high", "high"), ("medium", "medium"), ("low", "low")],
                        max_length=6,
                        verbose_name="confidence",
                    ),
                ),
            ],
            options={
                "verbose_name": "clock policy",
                "verbose_name_plural": "clock policies",
                "ordering": ["clock", "code"],
            },
        ),
        migrations.CreateModel(
            name="ClockProfile",
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
                ("code", models.SlugField(max_length=20, primary_key=True, serialize=False, verbose_name="key")),
                ("opens", models.TimeField(default=datetime.time(9, 0), verbose_name="opens")),
                ("noon_from", models.TimeField(default=datetime.time(12, 0), verbose_name="noon break from")),
                ("noon_to", models.TimeField(default=datetime.time(13, 30), verbose_name="noon break to")),
                ("closes", models.TimeField(default=datetime.time(17, 30), verbose_name="closes")),
                (
                    "late_is_next_day",
                    models.BooleanField(
                        default=True,
                        help_text="What comes after closing or on a rest day counts as received on the next working day.",
                        verbose_name="late is next day",
                    ),
                ),
                (
                    "amber_below",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[
                            django.core.validators.MaxValueValidator(99),
                            django.core.validators.MinValueValidator(2),
                        ],
                        verbose_name="yellow below (%)",
                    ),
                ),
                (
                    "red_below",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MaxValueValidator(98),
                            django.core.validators.MinValueValidator(1),
                        ],
                        verbose_name="red below (%)",
                    ),
                ),
                (
                    "remind_after",
                    models.PositiveSmallIntegerField(default=1, verbose_name="reminder after (overdue working days)"),
                ),
                (
                    "supervise_after",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="supervision after (overdue working days)"
                    ),
                ),
                (
                    "superior_after",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="superior told after (overdue working days)"
                    ),
                ),
                ("source", models.CharField(max_length=120, verbose_name="source")),
            ],
            options={
                "verbose_name": "office hours and reminders",
                "verbose_name_plural": "office hours and reminders",
                "ordering": ["code"],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="due_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="next deadline"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("due_at"), models.F("id"), condition=models.Q(("due_at__isnull", False)), name="case_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarday",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["holiday", "makeup"])), name="calendar_kind"
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="assignment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="clocks",
                to="complaints.assignment",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="clocks", to="complaints.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockdata",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="clockdata_one_row"),
        ),
        migrations.AddField(
            model_name="clockpolicy",
            name="region",
            field=models.ForeignKey(
                blank=True,
                help_text="Only in this region and below; empty: everywhere",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="routing.region",
                verbose_name="region",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.clockpolicy"
            ),
        ),
        migrations.AddField(
            model_name="clockprofile",
            name="region",
            field=models.ForeignKey(
                blank=True,
                help_text="Only in this region and below; empty: everywhere",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="routing.region",
                verbose_name="region",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__in", ["wd", "d", "h", "min"])), name="policy_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("party__in", ["case", "lead", "participant", "hotline"])), name="policy_party"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("counts_from__in", ["event", "receipt"])), name="policy_counts_from"
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None), ("valid_to", None), ("valid_from__lte", models.F("valid_to")), _connector="OR"
                ),
                name="policy_days",
                violation_error_message="The last day lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpolicy",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="policy_amount"),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(models.F("next_at"), condition=models.Q(("next_at__isnull", False)), name="clock_next"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["running", "paused", "met", "missed", "cancelled"])),
                name="clock_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__in", ["wd", "d", "h", "min"])), name="clock_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["running", "paused"]), ("stopped_at", None)),
                    models.Q(
                        models.Q(("state__in", ["running", "paused"]), _negated=True), ("stopped_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="clock_stopped",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                models.F("case"),
                models.F("policy"),
                models.F("assignment"),
                condition=models.Q(("stopped_at", None)),
                name="one_open_clock",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="clockprofile",
            constraint=models.UniqueConstraint(models.F("region"), name="profile_one_a_region", nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name="clockprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("noon_from__lte", models.F("noon_to")),
                    ("noon_to__lt", models.F("closes")),
                    ("opens__lt", models.F("noon_from")),
                ),
                name="profile_hours",
                violation_error_message="Office hours must follow one another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amber_below__lte", 99), ("red_below__gte", 1), ("red_below__lt", models.F("amber_below"))
                ),
                name="profile_colours",
                violation_error_message="Red must lie below yellow.",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("remind_after__gte", 1),
                    ("remind_after__lt", models.F("supervise_after")),
                    ("supervise_after__lt", models.F("superior_after")),
                ),
                name="profile_steps",
                violation_error_message="The steps for overdue cases must follow one another.",
            ),
        ),
    ]
