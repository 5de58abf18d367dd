"""The knowledge base: articles, versions, steps and votes."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE FUNCTION complaints_article_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER complaints_articleversion_append_only BEFORE UPDATE OR DELETE ON complaints_articleversion
    FOR EACH ROW EXECUTE FUNCTION complaints_article_append_only();
CREATE TRIGGER complaints_articlestep_append_only BEFORE UPDATE OR DELETE ON complaints_articlestep
    FOR EACH ROW EXECUTE FUNCTION complaints_article_append_only();
ALTER TABLE complaints_articlestep ADD CONSTRAINT article_step_names_the_writer
    FOREIGN KEY (version_id, writer_id) REFERENCES complaints_articleversion (id, written_by_id);
"""
NO_GUARDS = """
ALTER TABLE complaints_articlestep DROP CONSTRAINT article_step_names_the_writer;
DROP TRIGGER complaints_articleversion_append_only ON complaints_articleversion;
DROP TRIGGER complaints_articlestep_append_only ON complaints_articlestep;
DROP FUNCTION complaints_article_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0013_desks"),
        ("routing", "0003_gazetteer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("waiting", "waits for release"),
                            ("released", "released"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("review_due", models.DateField(blank=True, null=True, verbose_name="review due")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("hits", models.PositiveIntegerField(default=0, verbose_name="times read")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.unit",
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "knowledge article",
                "verbose_name_plural": "knowledge article",
            },
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                ("questions", models.TextField(blank=True, verbose_name="other wordings")),
                ("body", models.TextField(verbose_name="text")),
                (
                    "topics",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?:[PESV]\\d\\d|[PESV])(?: (?:[PESV]\\d\\d|[PESV]))*$", "Topic codes, or P, E, S, V."
                            )
                        ],
                        verbose_name="topics",
                    ),
                ),
                ("basis", models.TextField(verbose_name="legal basis")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="complaints.article"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArticleStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("draft", "written"),
                            ("submit", "handed in"),
                            ("send_back", "sent back"),
                            ("release", "released"),
                            ("review", "looked through again"),
                            ("withdraw", "withdrawn"),
                        ],
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="complaints.article"
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="complaints.articleversion"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="article",
            name="latest",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.articleversion"
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="live",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.articleversion",
            ),
        ),
        migrations.CreateModel(
            name="ArticleVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visitor", models.CharField(blank=True, max_length=64)),
                ("helpful", models.BooleanField()),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unclear", "hard to understand"),
                            ("incomplete", "my question is not answered"),
                            ("outdated", "out of date"),
                            ("wrong", "not right"),
                            ("other", "something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="complaints.article"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="articleversion",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="article_words"),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.UniqueConstraint(models.F("article"), models.F("number"), name="article_version_once"),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.UniqueConstraint(fields=["id", "written_by"], name="article_version_writer"),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="article_version_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True),
                    models.Q(("body", ""), _negated=True),
                    models.Q(("basis", ""), _negated=True),
                ),
                name="article_version_full",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlestep",
            constraint=models.CheckConstraint(
                condition=models.Q(("verb__in", ["draft", "submit", "send_back", "release", "review", "withdraw"])),
                name="article_verb_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verb", "release"), _negated=True),
                    models.Q(("actor", models.F("writer")), _negated=True),
                    _connector="OR",
                ),
                name="article_released_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.F("state"), models.OrderBy(models.F("id"), descending=True), name="article_by_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "waiting", "released", "withdrawn"])),
                name="article_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "released"), _negated=True),
                    models.Q(("live", models.F("latest")), ("live__isnull", False)),
                    _connector="OR",
                ),
                name="article_released_is_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "withdrawn"), _negated=True), ("live", None), _connector="OR"),
                name="article_withdrawn_is_gone",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("live", None), ("review_due", None)),
                    models.Q(("live__isnull", False), ("review_due__isnull", False)),
                    _connector="OR",
                ),
                name="article_live_is_reviewed",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlevote",
            constraint=models.UniqueConstraint(
                models.F("article"),
                models.F("user"),
                condition=models.Q(("user__isnull", False)),
                name="one_vote_an_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlevote",
            constraint=models.UniqueConstraint(
                models.F("article"),
                models.F("visitor"),
                condition=models.Q(("visitor", ""), _negated=True),
                name="one_vote_a_visitor",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlevote",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("helpful", True), ("reason", "")), ("helpful", False), _connector="OR"),
                name="vote_reason_if_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="articlevote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason", ""),
                    ("reason__in", ["unclear", "incomplete", "outdated", "wrong", "other"]),
                    _connector="OR",
                ),
                name="vote_reason_known",
            ),
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
