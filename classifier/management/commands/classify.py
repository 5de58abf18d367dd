"""manage.py classify --in FILE.jsonl --out FILE.jsonl: a prediction for each message. Format: docs/classifier.md."""

from __future__ import annotations

import os
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classifier.files import Fault, Tally, classify_lines
from classifier.registry import ClassifierUnavailable, active

STANDARD = "-"
FAULTS = {
    Fault.NOT_JSON: gettext_lazy("the line is not a JSON object"),
    Fault.NO_TEXT: gettext_lazy("the row has no text"),
    Fault.NOT_UTF8: gettext_lazy("the line is not valid UTF-8; unreadable bytes were replaced"),
}


class Command(BaseCommand):
    help = _("Classify the messages of a JSONL file; one line out for each line in.")
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--in", dest="source", required=True, help=_("JSONL with id, title, text; - is stdin"))
        parser.add_argument("--out", dest="target", required=True, help=_("the file to write; - is stdout"))

    def handle(self, *args: Any, source: str, target: str, **options: Any) -> None:
        try:
            classifier = active()
            with _reading(source) as lines, _writing(target) as write:
                tally = classify_lines(lines, write, classifier, lambda fault: str(FAULTS[fault]), self._progress)
        except ClassifierUnavailable as error:
            raise CommandError(_("No model could be loaded: %(reason)s") % {"reason": error}) from error
        except OSError as error:
            raise CommandError(
                _("Cannot read or write: %(file)s (%(reason)s)") % {"file": error.filename, "reason": error.strerror}
            ) from error
        self.stderr.write("", ending="\n" if tally.rows else "")
        self.stderr.write(_("%(rows)d rows written, %(bad)d with an error") % {"rows": tally.rows, "bad": tally.bad})

    def _progress(self, tally: Tally) -> None:
        self.stderr.write("\r" + _("%(rows)d rows") % {"rows": tally.rows}, ending="")
        self.stderr.flush()


@contextmanager
def _reading(source: str) -> Iterator[IO[bytes]]:
    if source == STANDARD:
        yield sys.stdin.buffer
    else:
        with Path(source).open("rb") as file:
            yield file


@contextmanager
def _writing(target: str) -> Iterator[Callable[[str], object]]:
    """A writer to standard output, or to a new file beside `target` that takes its name when all has gone well."""
    if target == STANDARD:
        yield lambda line: sys.stdout.buffer.write(line.encode("utf-8"))
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            yield file.write
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
