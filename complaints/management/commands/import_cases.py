"""Take complaints in from a file of another system."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from complaints import actions
from complaints.errors import DomainError
from complaints.models import User
from complaints.serializers.incoming import IntakeIn
from complaints.views.cases import intake_from

Row = dict[str, Any]


class Command(BaseCommand):
    help = (
        "File complaints from JSONL (the body of POST /api/v1/cases/, with an optional id) or CSV (columns id, title, "
        "text, region, place, event_at, name, phone, respondent ...). Running the same file twice makes nothing twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--account", required=True, help="user name of the partner system that files them")
        parser.add_argument("--rejects", type=Path, help="where to write rows that were not taken, with the reason")

    def handle(self, *args: Any, file: Path, account: str, rejects: Path | None, **options: Any) -> None:
        viewer = User.objects.filter(username=account, is_active=True).first()
        if viewer is None:
            raise CommandError(_("There is no account “%(name)s”.") % {"name": account})
        if not file.is_file():
            raise CommandError(_("There is no file “%(name)s”.") % {"name": file})
        filed = known = refused = 0
        rejects = rejects or file.with_suffix(".rejects.jsonl")
        with rejects.open("w", encoding="utf-8") as out:
            for line, row in rows(file):
                reason = row.get("error") if line < 0 else None
                if reason is None:
                    outcome = file_row(viewer, row, file.name)
                    filed, known = filed + (outcome is True), known + (outcome is False)
                    reason = outcome if isinstance(outcome, dict) else None
                if reason is not None:
                    refused += 1
                    out.write(json.dumps({"line": abs(line), "reason": reason, "row": row}, ensure_ascii=False) + "\n")
                if (filed + known + refused) % 500 == 0:
                    print(f"\r{filed + known + refused}", end="", file=sys.stderr)  # noqa: T201
        if not refused:
            rejects.unlink()
        self.stdout.write(
            _("%(filed)d filed, %(known)d already known, %(refused)d refused")
            % {"filed": filed, "known": known, "refused": refused}
            + (f" → {rejects}" if refused else "")
        )


def rows(file: Path) -> Iterator[tuple[int, Row]]:
    """(line number, row); a line that cannot be read comes with a negative number and {"error": ...}."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        if file.suffix.lower() == ".csv":
            yield from enumerate((_from_csv(row) for row in csv.DictReader(lines)), start=2)
            return
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if isinstance(row, dict):
                yield number, row
            else:
                yield -number, {"error": _("not a JSON object"), "line": line[:200]}


def _from_csv(row: Row) -> Row:
    cells = {name.strip(): (value or "").strip() for name, value in row.items() if name and isinstance(value, str)}
    nested: Row = {
        name: cells[name] for name in ("id", "title", "text", "region", "place", "source_line") if name in cells
    }
    if cells.get("event_at"):
        nested["event_at"] = cells["event_at"]
    nested["requester"] = {name: cells[name] for name in ("name", "phone", "id_number", "address") if name in cells}
    nested["respondent"] = {"name": cells.get("respondent", "")}
    return nested


def file_row(viewer: User, row: Row, source: str) -> bool | Row:
    """True: filed now. False: was filed before. A dict: the reasons why not, by field."""
    given = IntakeIn(data={"channel": "import", **row})
    if not given.is_valid():
        return dict(given.errors)
    identity = str(row["id"]) if row.get("id") not in (None, "") else json.dumps(row, sort_keys=True)
    key = hashlib.sha256(f"{source}|{identity}".encode()).hexdigest()
    try:
        return actions.submit(viewer, intake_from(given.validated_data), key).created
    except DomainError as error:
        return {"detail": error.message, **error.fields}
