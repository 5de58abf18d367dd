"""manage.py evaluate_classifier FILE.jsonl... --out DIR: how good a model is, beside others. docs/evaluation.md."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from classifier import registry
from classifier.baseline.examples import ExamplesError
from classifier.errors import ArtefactError, ClassifierUnavailable
from classifier.interface import Classifier

YARDSTICKS = ("svm", "lr", "keywords", "ngrams")
PARTS = ("train", "dev", "test")
JSON, PAGE = "report.json", "report.html"


class Command(BaseCommand):
    help = _("Measure a model on labelled JSONL files, beside another model and simple yardsticks; write a report.")
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl")
        parser.add_argument("--model", type=Path, metavar="DIR", help=_("folder of the model; else the one in service"))
        parser.add_argument("--against", type=Path, metavar="DIR", help=_("a second model to compare it with"))
        parser.add_argument("--yardsticks", nargs="+", choices=YARDSTICKS, default=())
        parser.add_argument("--train", nargs="+", type=Path, default=(), help=_("what the yardsticks learn from"))
        parser.add_argument("--split", type=Path, help=_("file that says which messages belong to which part"))
        parser.add_argument("--part", choices=PARTS, default="test", help=_("the part to measure on"))
        parser.add_argument("--folds", type=int, default=0, help=_("folds to cross-validate the yardsticks in"))
        parser.add_argument("--out", type=Path, required=True, help=_("folder of the report"))

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        try:
            from classifier.evaluation import page, report  # noqa: PLC0415 (serving has no scikit-learn, matplotlib)
        except ImportError as error:
            raise CommandError(
                _("Evaluation needs scikit-learn and matplotlib: %(reason)s") % {"reason": error}
            ) from error
        if options["folds"] and (options["folds"] < 2 or not options["yardsticks"]):
            raise CommandError(_("Cross-validation needs at least two folds and one yardstick."))
        if out.exists() and not out.is_dir():
            raise CommandError(_("Not a folder: %(path)s") % {"path": out})
        wanted = report.Wanted(
            options["files"],
            self._models(options["model"], options["against"]),
            options["yardsticks"],
            options["train"],
            options["split"],
            options["part"],
            options["folds"],
        )
        try:
            made = report.evaluate(wanted, self._say)
            written = {JSON: json.dumps(made, ensure_ascii=False, indent=1) + "\n", PAGE: page.as_page(made)}
            _write(out, written)
        except (ExamplesError, OSError) as error:
            raise CommandError(_("Cannot evaluate: %(reason)s") % {"reason": error}) from error
        self.stdout.write(page.as_text([m["name"] for m in made["models"]], page.main_table(made["models"])))
        if made["comparisons"]:
            head = [f"{c['ours']} - {c['theirs']}" for c in made["comparisons"]]
            self.stdout.write("\n" + page.as_text(head, page.comparison_table(made["comparisons"])))
        if folded := made["cross_validation"]:
            self.stdout.write("\n" + _("Cross-validated, %(folds)d folds") % {"folds": folded["folds"]})
            self.stdout.write(page.as_text([m["name"] for m in folded["models"]], page.main_table(folded["models"])))
        self.stdout.write("\n" + _("Written: %(folder)s") % {"folder": out})

    def _models(self, model: Path | None, against: Path | None) -> dict[str, Classifier]:
        """By the names they have in the report: that of the folder, or the version of the one in service."""
        try:
            first = registry.open_model(model) if model else registry.active()
            models = {model.resolve().name if model else first.version: first}
            if against:
                name = against.resolve().name
                models[f"{name} (2)" if name in models else name] = registry.open_model(against)
        except (ArtefactError, ClassifierUnavailable) as error:
            raise CommandError(_("No model could be loaded: %(reason)s") % {"reason": error}) from error
        return models

    def _say(self, line: str) -> None:
        self.stderr.write(line)


def _write(folder: Path, files: dict[str, str]) -> None:
    """All files of a report, each under its name only when it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        unfinished = folder / f".{name}.part"
        unfinished.write_text(content, encoding="utf-8")
        unfinished.replace(folder / name)
