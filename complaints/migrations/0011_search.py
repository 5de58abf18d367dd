"""What finds a case by its words, and the indexes by which queues are filtered and put in order."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

ENDED = ["archived", "closed", "handed_over", "merged", "rejected", "withdrawn"]


class Migration(migrations.Migration):
    dependencies = [("complaints", "0010_respondents_and_outcomes")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="complaints.case",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words", "scopes"], name="search_words"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("urgency"),
                models.F("id"),
                condition=models.Q(
                    ("state", "needs_triage"), models.Q(("state", "registered"), ("urgency", "U1")), _connector="OR"
                ),
                name="case_triage_urgent",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("state"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state__in", ENDED)),
                name="case_ended_by_state",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("topic"), models.OrderBy(models.F("id"), descending=True), name="case_topic_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(models.F("received_at"), name="case_received"),
        ),
    ]
