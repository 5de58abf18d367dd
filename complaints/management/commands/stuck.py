"""`manage.py stuck`: what has not moved, as text; the daily digest as it would be now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import actions
from complaints.models import Role, User
from routing.models import Region


class Command(BaseCommand):
    """Reads only."""

    help = "Print every step in which something waits for longer than it should."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--region: only cases of this region and below; without it everything, the system's own work included."""
        parser.add_argument("--region", default="")

    def handle(self, *args: Any, region: str, **options: Any) -> None:
        """Look with the eyes of somebody who covers the region; nobody is made or changed for it."""
        if region and not Region.objects.filter(pk=region).exists():
            raise CommandError(_("There is no region with this code."))
        viewer = User(role=Role.SUPERVISOR, region_id=region or None, is_superuser=not region)
        self.stdout.write(actions.digest_text(actions.digest_lines(viewer, timezone.now())))
