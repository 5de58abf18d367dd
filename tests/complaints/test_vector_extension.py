"""A database user who may not make the extension is told what to do."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

migration = import_module("complaints.migrations.0003_matters_and_embeddings")


@pytest.mark.django_db
def test_without_the_right_to_make_the_extension_the_migration_says_who_must():
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION vector CASCADE")
        cursor.execute("CREATE ROLE plain_user")
        cursor.execute("SET LOCAL ROLE plain_user")
        with pytest.raises(ImproperlyConfigured, match="CREATE EXTENSION vector"), connection.schema_editor() as editor:
            migration.Vectors().database_forwards("complaints", editor, None, None)
