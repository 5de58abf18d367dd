"""`manage.py simulate_rules`: what a draft of the rules would change, over the latest decided cases."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from complaints import actions
from complaints.errors import DomainError


class Command(BaseCommand):
    """Reads only. Prints the report as JSON; progress goes to standard error."""

    help = "Replay past cases with another rule set: who gains, who loses, what the set gets wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """RULESET: its number; --cases: at most so many, the latest first."""
        parser.add_argument("ruleset", type=int)
        parser.add_argument("--cases", type=int, default=10_000)

    def handle(self, *args: Any, ruleset: int, cases: int, **options: Any) -> None:
        """Simulate and print; an unknown rule set ends with words."""
        try:
            report = actions.simulate_now(ruleset, cases, self._tell)
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))

    def _tell(self, done: int, total: int) -> None:
        self.stderr.write(_("%(done)s of %(total)s cases") % {"done": done, "total": total})
