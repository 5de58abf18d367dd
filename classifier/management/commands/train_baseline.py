"""manage.py train_baseline FILE.jsonl... --out DIR: train on one's own data. Format: docs/classifier.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from classifier.baseline.examples import ExamplesError, read_examples

QUICK_STEPS, QUICK_FOLDS = 10, 2


class Command(BaseCommand):
    help = _("Train the n-gram model on labelled JSONL files, print cross-validated figures, write the artefact.")
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl")
        parser.add_argument("--out", type=Path, required=True, help=_("folder of the artefact"))
        parser.add_argument("--folds", type=int, default=5)
        parser.add_argument("--quick", action="store_true", help=_("a few steps only, to try out data"))

    def handle(self, *args: Any, files: list[Path], out: Path, folds: int, quick: bool, **options: Any) -> None:
        try:
            from classifier.baseline.fit import SOFTMAX_STEPS  # noqa: PLC0415 (scikit-learn is not there in serving)
            from classifier.baseline.train import train  # noqa: PLC0415
        except ImportError as error:
            raise CommandError(_("Training needs scikit-learn: pip install scikit-learn")) from error
        if folds < 2:
            raise CommandError(_("At least two folds are needed."))
        try:
            examples = read_examples(files)
            if quick:
                figures = train(examples, out, QUICK_FOLDS, QUICK_STEPS, self._say)
            else:
                figures = train(examples, out, folds, SOFTMAX_STEPS, self._say)
        except (ExamplesError, OSError) as error:
            raise CommandError(_("Cannot train: %(reason)s") % {"reason": error}) from error
        self._print(figures)
        self.stdout.write(_("Written: %(folder)s") % {"folder": out})

    def _say(self, line: str) -> None:
        self.stderr.write(line)

    def _print(self, figures: dict[str, Any], indent: str = "") -> None:
        """Figures one a line, tables of figures indented."""
        for name, value in figures.items():
            if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
                self.stdout.write(f"{indent}{name}")
                self._print(value, indent + "  ")
            elif isinstance(value, dict):
                self.stdout.write(f"{indent}{name:28}" + "  ".join(f"{k} {v}" for k, v in value.items()))
            else:
                self.stdout.write(f"{indent}{name:28}{value}")
