"""manage.py export_corrections: what people decided, as training rows (docs/classifier.md)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from complaints import privacy
from complaints.management.commands.reclassify import day
from complaints.models import Case, TopicLabel


class Command(BaseCommand):
    help = _(
        "Write one training row a case with the newest decision of a person. Left out: reporters under seal, and texts "
        "in which the requester's name, phone, identity number or address still stands."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.jsonl")
        parser.add_argument("--since", type=day, help=_("decisions from this day on, YYYY-MM-DD"))

    def handle(self, *args: Any, out: Path, since: datetime | None, **options: Any) -> None:
        written = left_out = 0
        partial = out.with_name(f"{out.name}.partial")
        with partial.open("w", encoding="utf-8") as file:
            for label in newest_labels(since):
                if row := training_row(label):
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    written += 1
                else:
                    left_out += 1
        os.replace(partial, out)
        words = {"written": written, "left_out": left_out, "file": out}
        self.stdout.write(_("%(written)d rows written to %(file)s, %(left_out)d left out for personal data") % words)


def newest_labels(since: datetime | None) -> Iterator[TopicLabel]:
    """The last word on every case, oldest first."""
    labels = TopicLabel.objects.filter(pk__in=TopicLabel.objects.newest().values("pk"))
    if since:
        labels = labels.filter(at__gte=since)
    return labels.select_related("case__requester").order_by("pk").iterator(chunk_size=500)


def training_row(label: TopicLabel) -> dict[str, Any] | None:
    """The row, with text and title as the classifier reads them; None where a person could be recognised."""
    case = label.case
    title, text = privacy.mask_text(case.title), privacy.mask_text(case.text)
    if case.sealed or names_requester(case, f"{title}\n{text}"):
        return None
    return {
        "id": f"correction-{label.pk}",
        "title": title,
        "text": text,
        "label": label.topic,
        "second": label.second or None,
        "intent": case.intent or None,
        "urgency": case.urgency,
        "confidence": "high",
        "source": "correction",
    }


def names_requester(case: Case, text: str) -> bool:
    """Whether something of the requester still stands in the text; single characters prove nothing."""
    person = case.requester
    own = (person.name, person.phone, privacy.normalise_phone(person.phone), person.id_number, person.address)
    return any(len(part) > 1 and part in text for part in own)
