"""Several matters of a prediction, and embeddings of cases; needs PostgreSQL's extension `vector`."""

from typing import Any

import django.db.models.deletion
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, migrations, models
from pgvector.django import HnswIndex, VectorExtension, VectorField


class Vectors(VectorExtension):
    """CREATE EXTENSION vector where it is not there yet; says what to do where that is refused."""

    def database_forwards(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().database_forwards(*args, **kwargs)
        except DatabaseError as error:
            raise ImproperlyConfigured(
                "PostgreSQL's extension 'vector' (pgvector 0.8 or newer) cannot be made by this database user. Let an "
                f"administrator run CREATE EXTENSION vector in this database, then migrate again. PostgreSQL: {error}"
            ) from error


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0002_number_and_log"),
    ]

    operations = [
        Vectors(),
        migrations.AddField(
            model_name="prediction",
            name="matters",
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name="CaseEmbedding",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="embedding",
                        serialize=False,
                        to="complaints.case",
                    ),
                ),
                ("model_version", models.CharField(max_length=80)),
                ("vector", VectorField(dimensions=384)),
            ],
            options={
                "indexes": [
                    HnswIndex(fields=["vector"], name="embedding_nearest", opclasses=["vector_cosine_ops"]),
                ],
            },
        ),
    ]
