"""`manage.py ring 13800001234`: what an exchange would report, to see the cockpit work without one."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from complaints import actions
from complaints.errors import DomainError
from complaints.models import Role, User


class Command(BaseCommand):
    """Rings at a call-taker's seat, and with --cti-id goes on with that call."""

    help = "Report a call as a telephone exchange does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """phone: the caller, "" for a withheld number."""
        parser.add_argument("phone")
        parser.add_argument("--agent", default="", help="user name or extension; without it the first call-taker")
        parser.add_argument("--line", default="12345")
        parser.add_argument("--state", choices=["ringing", "answered", "ended"], default="ringing")
        parser.add_argument("--cti-id", default="", help="of an earlier call, to go on with it")

    def handle(
        self, *args: Any, phone: str, agent: str, line: str, state: str, cti_id: str, verbosity: int, **options: Any
    ) -> None:
        """Prints the exchange's id of the call. CommandError where there is no such seat."""
        takers = User.objects.filter(role=Role.CALL_TAKER, is_active=True, unit__isnull=False).order_by("pk")
        if agent:
            takers = takers.filter(Q(username=agent) | Q(extension=agent))
        taker = takers.first()
        if taker is None:
            raise CommandError(_("There is no call-taker with this name or extension at this desk."))
        try:
            reported = actions.report_call(
                taker, cti_id=cti_id or f"ring-{uuid.uuid4().hex[:12]}", state=state, phone=phone, line=line
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{reported.call.cti_id} {reported.call.state} {taker.username}")
