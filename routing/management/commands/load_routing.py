"""`manage.py load_routing`: bring regions, bureaus, topics and rules from CSV into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from routing.fields import DATA
from routing.load import load
from routing.tables import DataError


class Command(BaseCommand):
    """Safe to run at every start: unchanged files cost two queries."""

    help = "Load regions, bureaus, topics and routing rules; rows changed by hand are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--folder: other files of the same form; --force: also when no file changed."""
        parser.add_argument("--folder", type=Path, default=DATA)
        parser.add_argument("--force", action="store_true")

    def handle(self, *args: Any, folder: Path, force: bool, verbosity: int, **options: Any) -> None:
        """Load, say what changed; a broken file ends with its lines named and nothing changed."""
        try:
            changes = load(folder, force=force)
        except DataError as error:
            raise CommandError(str(error)) from error
        if not verbosity:
            return
        if changes.unchanged_files:
            self.stdout.write(_("Routing data: nothing changed since the last load."))
        else:
            self.stdout.write(
                _("Routing data: %(created)s new, %(updated)s changed, %(removed)s removed, %(kept)s kept.")
                % {
                    "created": changes.created,
                    "updated": changes.updated,
                    "removed": changes.removed,
                    "kept": changes.kept,
                }
            )
