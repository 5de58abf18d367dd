"""Search words for cases that have none; --all makes them anew, as after a change of complaints.search.words."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.search import BATCH
from complaints.models import Case


class Command(BaseCommand):
    help = "Make cases findable that are not; with --all, every case anew. Safe to stop and to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every case, also those that have their words")

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        if options["all"]:
            last = 0
            while batch := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
                done += actions.index_cases(batch)
                last = batch[-1]
        else:
            while indexed := actions.index_unindexed():
                done += indexed
        if done:
            self.stdout.write(_("%(count)d cases made findable") % {"count": done})
