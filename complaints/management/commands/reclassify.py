"""manage.py reclassify: let a model read history; the worker does it in the background."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from complaints import actions
from complaints.errors import DomainError
from complaints.models import ReclassifyRun, User


def day(text: str) -> datetime:
    """The beginning of a day, YYYY-MM-DD, at the place of the system."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise ArgumentTypeError(_("a day is written YYYY-MM-DD"))
    return timezone.make_aware(datetime(found.year, found.month, found.day))


class Command(BaseCommand):
    help = _("Let a model read old cases again and store its answers; no case changes. Without words: the runs so far.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--account", help=_("account that answers for it; needed to begin or move a run"))
        parser.add_argument("--start", action="store_true")
        parser.add_argument("--model", default="", help=_("version; the active one if left out"))
        parser.add_argument("--since", type=day)
        parser.add_argument("--until", type=day)
        parser.add_argument("--reason", default="")
        for move in ("pause", "resume", "cancel"):
            parser.add_argument(f"--{move}", type=int, metavar="RUN")

    def handle(self, *args: Any, account: str | None, start: bool, **options: Any) -> None:
        moves = {move: options[move] for move in ("pause", "resume", "cancel") if options[move] is not None}
        if start or moves:
            viewer = User.objects.filter(username=account, is_active=True).first()
            if viewer is None:
                raise CommandError(_("There is no account “%(name)s”.") % {"name": account or ""})
            try:
                if start:
                    actions.reclassify(viewer, options["model"], options["since"], options["until"], options["reason"])
                for move, run in moves.items():
                    actions.move_run(viewer, run, move, options["reason"])
            except DomainError as error:
                raise CommandError(error.message) from error
        for row in ReclassifyRun.objects.select_related("model").order_by("pk"):
            line = f"{row.pk:5} {row.model.version:32} {row.done}/{row.total} {row.get_state_display()} {row.error}"
            self.stdout.write(line.rstrip())
