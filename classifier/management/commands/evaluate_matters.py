"""How well several matters in one message are found by the model in service."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from classifier import matters_measure, registry
from classifier.matters import BORDERS, matters_of, shipped_borders


class Command(BaseCommand):
    help = "Measure on the project's 200 messages how well several matters are found; --fit learns from half of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fit", action="store_true", help="first fit classifier/data/matters/borders.json")

    def handle(self, *args: Any, fit: bool, **options: Any) -> None:
        model = registry.active()
        written, ordinary = matters_measure.written_messages(), matters_measure.ordinary_messages()
        halves = {name: [one for one in written if one.half == name] for name in ("tune", "report")}
        halves |= {f"ordinary {name}": [one for one in ordinary if one.half == name] for name in ("tune", "report")}
        if fit:
            borders = matters_measure.fit(model, halves["tune"], halves["ordinary tune"], self.stderr.write)
            matters_measure.write_borders(borders, BORDERS)
            shipped_borders.cache_clear()
        figures: dict[str, Any] = {"model": model.version}
        for name, half in halves.items():
            begun = time.perf_counter()
            found = matters_of(model, [one.message for one in half])
            figures[name] = {k: round(v, 4) for k, v in asdict(matters_measure.measure(half, found)).items()}
            figures[name]["milliseconds_per_message"] = round((time.perf_counter() - begun) * 1000 / len(half), 1)
        self.stdout.write(json.dumps(figures, indent=1))
