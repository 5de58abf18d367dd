"""Does every change of a model have its migration? `python -m deploy.checks.migrations`

What `manage.py makemigrations --check` asks, without a database: that command connects to one and waits.
"""

from __future__ import annotations

import os
import sys

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils import translation


def faults() -> list[str]:
    """Changes without a migration, and apps with two latest migrations."""
    loader = MigrationLoader(None)
    found = [f"{app}: two latest migrations: {', '.join(names)}" for app, names in loader.detect_conflicts().items()]
    if found:
        return found
    asked = NonInteractiveMigrationQuestioner(dry_run=True)
    with translation.override(None):  # migrations hold the English texts
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), asked)
        changes = detector.changes(graph=loader.graph)
    return [
        f"{app}: {operation.describe()}"
        for app, migrations in changes.items()
        for migration in migrations
        for operation in migration.operations
    ]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")
    django.setup()
    found = faults()
    if found:
        sys.stderr.write("\n".join(["models have changed, run `manage.py makemigrations`:", *found]) + "\n")
        return 1
    sys.stdout.write("migrations: all there\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
