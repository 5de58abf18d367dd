"""Bring a place up to this version: translations, schema, reference data, static files, and demo data when asked."""

from __future__ import annotations

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from deploy.translations import compile_catalogues


class Command(BaseCommand):
    help = "Translations, migrations, reference data, static files; demo data when ZST_DEMO=1. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        compile_catalogues()
        self.stdout.write(_("Database schema …"))
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(_("Reference data: regions, bureaus, topics, rules, deadlines …"))
        call_command("load_routing")
        call_command("load_clocks")
        call_command("index_cases")
        call_command("collectstatic", interactive=False, verbosity=0)
        if os.environ.get("ZST_DEMO") == "1":
            self.stdout.write(_("Demo data …"))
            call_command("load_demo")
