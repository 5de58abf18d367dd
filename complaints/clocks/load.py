"""Bring calendar, office hours, policies and waiting limits from complaints/data/*.csv into the database.

Like routing.load: rows of origin "file" are kept in step with the files; what an administrator changed or added stays.
A row that the file no longer has is removed, unless clocks point at it: a policy is ended (valid_to), not taken out.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from complaints.clocks.policies import changed
from complaints.models.clock import CalendarDay, ClockData, ClockPolicy, ClockProfile
from complaints.models.waiting_limit import WaitingLimit
from routing.load import Changes
from routing.models import Region
from routing.models.dated import Loaded, Origin
from routing.tables import ERRORS_SHOWN, DataError, plain

DATA: Final = Path(__file__).resolve().parent.parent / "data"
LOCK: Final = 0x5A53434C  # any number that nothing else in this database locks


@dataclass(frozen=True, slots=True)
class File:
    """A file and the table it fills; the header names fields, the key identifies a row when it is loaded again."""

    name: str
    model: type[Loaded]
    key: str
    columns: tuple[str, ...]


CALENDAR: Final = File("calendar.csv", CalendarDay, "date", ("date", "kind", "name", "source"))
PROFILES: Final = File(
    "clock_profiles.csv",
    ClockProfile,
    "code",
    (
        "code", "region", "opens", "noon_from", "noon_to", "closes", "late_is_next_day", "amber_below", "red_below",
        "remind_after", "supervise_after", "superior_after", "source",
    ),
)  # fmt: skip
POLICIES: Final = File(
    "clock_policies.csv",
    ClockPolicy,
    "code",
    (
        "code", "clock", "label", "ruleset", "valid_from", "valid_to", "intents", "channels", "domains", "bureaus",
        "urgencies", "region", "priority", "party", "public", "starts_on", "counts_from", "ends_on", "cancelled_on",
        "pauses", "amount", "unit", "is_window", "outlives_case", "extension_limit", "confidence", "source",
    ),
)  # fmt: skip

LIMITS: Final = File("waiting_limits.csv", WaitingLimit, "step", ("step", "amount", "unit", "source"))
FILES: Final = (CALENDAR, PROFILES, POLICIES, LIMITS)


def fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in FILES:
        try:
            digest.update((folder / file.name).read_bytes() + b"\0")
        except FileNotFoundError as error:
            raise DataError(_("%(file)s is missing.") % {"file": file.name}) from error
    return digest.hexdigest()


def load(folder: Path = DATA, *, force: bool = False) -> Changes:
    """Make the database say what the files say, in one transaction; two queries when nothing changed.

    Raises DataError with the broken lines, and then nothing has changed. Clocks are not counted anew here
    (actions.recount_deadlines).
    """
    print_of_files = fingerprint(folder)
    with transaction.atomic():
        _lock()
        last = ClockData.objects.first()
        if last and last.fingerprint == print_of_files and not force:
            return Changes(unchanged_files=True)
        changes = Changes()
        moved = 0
        regions = set(Region.objects.values_list("code", flat=True))
        for file in FILES:
            rows = _rows(file, folder / file.name, regions)
            touched = changes.created + changes.updated + changes.removed
            _bring(file, rows, changes)
            if file in (CALENDAR, PROFILES):
                moved += changes.created + changes.updated + changes.removed - touched
        changed(calendar=bool(moved))
        ClockData.objects.filter(id=1).update(fingerprint=print_of_files)
        return changes


def add_calendar(path: Path) -> Changes:
    """Take in a calendar file of the same form (the notice of a new year) as rows added by hand; days that are known
    already are corrected. Raises DataError, and then nothing has changed."""
    with transaction.atomic():
        _lock()
        changes = Changes()
        rows = _rows(CALENDAR, path, set())
        known = {day.date: day for day in CalendarDay.objects.filter(date__in=[row.date for row in rows])}
        for row in rows:
            was = known.get(row.date)
            row.origin = Origin.HAND if was is None or was.origin == Origin.HAND else Origin.EDITED
            if was is None:
                changes.created += 1
            elif plain(was, CALENDAR.columns) != plain(row, CALENDAR.columns):
                changes.updated += 1
            else:
                continue
            row.save(force_insert=was is None)
        if changes.created or changes.updated:
            changed(calendar=True)
        return changes


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _rows(file: File, path: Path, regions: set[str]) -> list[Any]:
    """The rows of a file, checked one by one and against each other."""
    errors: list[str] = []
    rows: list[Any] = []
    first_seen: dict[str, int] = {}

    def wrong(line: int, problem: str) -> None:
        errors.append(_("%(file)s, line %(line)s: %(problem)s") % {"file": path.name, "line": line, "problem": problem})

    for line, cells in _lines(file, path):
        if len(cells) != len(file.columns):
            wrong(line, _("%(count)s cells expected") % {"count": len(file.columns)})
            continue
        row, problems = _row(file, dict(zip(file.columns, map(str.strip, cells), strict=True)), regions)
        for problem in problems:
            wrong(line, problem)
        key = str(getattr(row, file.key))
        if first_seen.setdefault(key, line) != line:
            wrong(line, _("the same as line %(line)s") % {"line": first_seen[key]})
        rows.append(row)
    if errors:
        raise DataError("\n".join(errors[:ERRORS_SHOWN]))
    return rows


def _lines(file: File, path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise DataError(_("%(file)s is missing.") % {"file": path.name}) from error
    except UnicodeDecodeError as error:
        raise DataError(_("%(file)s is not UTF-8.") % {"file": path.name}) from error
    reader = csv.reader(StringIO(text, newline=""))
    if tuple(next(reader, ())) != file.columns:
        raise DataError(
            _("%(file)s, line 1: the columns must be %(columns)s")
            % {"file": path.name, "columns": ",".join(file.columns)}
        )
    for cells in reader:
        yield reader.line_num, cells


def _row(file: File, cells: dict[str, str], regions: set[str]) -> tuple[Any, list[str]]:
    row, problems = file.model(), []
    for name, cell in cells.items():
        field = file.model._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            if cell and cell not in regions:
                problems.append(_("%(name)s: there is no “%(cell)s”") % {"name": name, "cell": cell})
            setattr(row, field.attname, cell or None)
            continue
        assert isinstance(field, models.Field)  # noqa: S101 (columns are concrete fields)
        try:
            setattr(row, name, field.clean(cell or None if field.null else cell, None))
        except ValidationError as error:
            problems.append(f"{name}: {' '.join(error.messages)}")
    if not problems:
        try:
            row.clean()
            if file is not CALENDAR:
                row.validate_constraints(exclude={"region", "code"})
        except ValidationError as error:
            problems.append(" ".join(error.messages))
    return row, problems


def _bring(file: File, rows: list[Any], changes: Changes) -> None:
    """Create, update and take out rows of origin "file" until they are those of the file."""
    manager = file.model._default_manager
    old = {str(getattr(row, file.key)): row for row in manager.all()}
    create, update = [], []
    for row in rows:
        was = old.pop(str(getattr(row, file.key)), None)
        row.origin = Origin.FILE
        if was is None:
            create.append(row)
        elif was.origin != Origin.FILE:
            changes.kept += 1
        elif plain(was, file.columns) != plain(row, file.columns):
            row.pk = was.pk
            update.append(row)
    gone = [row for row in old.values() if row.origin == Origin.FILE]
    try:
        with transaction.atomic():
            for row in gone:
                row.delete()
            manager.bulk_create(create)
            manager.bulk_update(update, [name for name in file.columns if name != file.model._meta.pk.name])
    except (IntegrityError, models.ProtectedError) as error:
        raise DataError(_("The files contradict rows in the database: %(detail)s") % {"detail": error}) from error
    changes.created += len(create)
    changes.updated += len(update)
    changes.removed += len(gone)
