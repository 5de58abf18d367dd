"""Give older cases the embeddings of the model in service."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from complaints import actions


class Command(BaseCommand):
    help = "Embed cases that have no embedding of the model in service, so that they are found as similar. Resumable."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        try:
            while embedded := actions.embed_batch():
                done += embedded
                print(f"\r{done}", end="", file=sys.stderr)  # noqa: T201
        except ValueError as error:
            raise CommandError(
                _("The model in service has no embeddings that fit: %(why)s") % {"why": error}
            ) from error
        self.stdout.write(_("%(count)d cases embedded") % {"count": done})
