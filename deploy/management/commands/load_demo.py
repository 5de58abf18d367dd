"""Demo accounts and complaints; see deploy.demo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from deploy import demo


class Command(BaseCommand):
    help = "Make the demo accounts and the 300 synthetic complaints. Does nothing when they are there."

    def handle(self, *args: Any, **options: Any) -> None:
        demo.load(self.stdout.write)
