"""manage.py import_companies: bring companies into the register of respondents (docs/outcomes.md)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.companies import CompanyFacts, CompanyRow

# the header of a file may be in either language
_NAMES: Final = {
    "统一社会信用代码": "uscc",
    "信用代码": "uscc",
    "名称": "name",
    "地址": "address",
    "区划代码": "region",
    "平台": "platform",
    "总公司信用代码": "parent",
    "别名": "aliases",
}
_COLUMNS: Final = frozenset(_NAMES.values())


class Command(BaseCommand):
    help = (
        "Enter companies from a CSV file (UTF-8; columns uscc, name, address, region, platform, parent, aliases with ; "
        "between; or 统一社会信用代码, 名称, 地址, 区划代码, 平台, 总公司信用代码, 别名). Running it twice is safe."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file “%(name)s”.") % {"name": file})
        done = actions.import_companies(company_rows(file), dry_run=dry_run)
        for line, what in done.errors or ():
            self.stderr.write(_("line %(line)d: %(what)s") % {"line": line, "what": what})
        words = {"new": done.new, "changed": done.changed, "same": done.same, "wrong": len(done.errors or ())}
        said = _("%(new)d new, %(changed)d changed, %(same)d unchanged, %(wrong)d errors")
        self.stdout.write(said % words + (_(" (tried out, nothing kept)") if dry_run else ""))


def company_rows(file: Path) -> Iterator[CompanyRow]:
    """The lines of a file; raises CommandError when a column is missing that has to be there."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        known = {_NAMES.get(title.strip(), title.strip()): title for title in reader.fieldnames or ()}
        if not {"uscc", "name"} <= set(known):
            raise CommandError(_("The file needs the columns uscc and name."))
        wanted = {name: title for name, title in known.items() if name in _COLUMNS}
        for row in reader:
            values = {name: (row[title] or "").strip() for name, title in wanted.items()}
            aliases = tuple(filter(None, re.split(r"[;；|]", values.pop("aliases", ""))))
            yield CompanyRow(reader.line_num, CompanyFacts(**values), aliases)
