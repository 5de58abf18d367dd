"""`manage.py load_clocks`: bring calendar, office hours and clock policies from CSV into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.deadlines import cases_without_clocks
from complaints.clocks.load import DATA, add_calendar, load
from complaints.clocks.policies import missing_years
from routing.tables import DataError


class Command(BaseCommand):
    """Safe to run at every start: unchanged files cost a few queries. A changed calendar moves the open deadlines."""

    help = "Load the working calendar, office hours and clock policies; rows changed by hand are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--folder: other files of the same form; --force: also when no file changed; --calendar, --rebuild."""
        parser.add_argument("--folder", type=Path, default=DATA)
        parser.add_argument("--force", action="store_true")
        parser.add_argument("--calendar", type=Path, help="add the days of this file (the notice of a new year)")
        parser.add_argument("--rebuild", action="store_true", help="make the clocks of open cases that have none")

    def handle(
        self,
        *args: Any,
        folder: Path,
        force: bool,
        calendar: Path | None,
        rebuild: bool,
        verbosity: int,
        **options: Any,
    ) -> None:
        """Load, count open clocks anew where the calendar changed; a broken file ends with its lines named."""
        try:
            changes = add_calendar(calendar) if calendar else load(folder, force=force)
        except DataError as error:
            raise CommandError(str(error)) from error
        rebuilt = actions.rebuild_clocks(cases_without_clocks()) if rebuild else 0
        moved = actions.recount_deadlines()
        if verbosity:
            self._say(changes, moved, rebuilt)

    def _say(self, changes: Any, moved: int, rebuilt: int) -> None:
        if changes.unchanged_files:
            self.stdout.write(_("Deadlines: nothing changed since the last load."))
        else:
            self.stdout.write(
                _("Deadlines: %(created)s new, %(updated)s changed, %(removed)s removed, %(kept)s kept.")
                % {
                    "created": changes.created,
                    "updated": changes.updated,
                    "removed": changes.removed,
                    "kept": changes.kept,
                }
            )
        if moved:
            self.stdout.write(_("The deadlines of %(count)s cases moved.") % {"count": moved})
        if rebuilt:
            self.stdout.write(_("Clocks were made for %(count)s cases.") % {"count": rebuilt})
        if missing := missing_years():
            warning = _(
                "No official calendar for %(years)s yet: only weekends count as rest days. "
                "Add it with load_clocks --calendar FILE."
            ) % {"years": "、".join(map(str, missing))}
            self.stderr.write(self.style.WARNING(warning))
