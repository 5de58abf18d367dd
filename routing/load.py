"""Bring the CSV files of data/ into the database, and make the units that follow from them.

What an administrator changed or added stays: the loader writes only rows of origin "file", and leaves out a
line where an administrator's row already covers the same thing on the same days.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from routing import rulesets
from routing.fields import DATA
from routing.models import (
    Bureau,
    BureauKind,
    BureauName,
    DataLoad,
    Origin,
    Region,
    RuleSet,
    Unit,
    UnitLevel,
)
from routing.names import NameRow, Names, Place
from routing.tables import TABLES, DataError, DataSet, Table, overlap, plain

LOCK = 0x5A535452  # any number that nothing else in this database locks
RULES_OF_LOADING = b"2"  # another number: load again although no file changed


@dataclass(slots=True)
class Changes:
    """How many rows a load touched; kept: lines left out in favour of an administrator's row."""

    created: int = 0
    updated: int = 0
    removed: int = 0
    kept: int = 0
    unchanged_files: bool = False


def fingerprint(folder: Path) -> str:
    """Changes when any file of the folder does."""
    digest = hashlib.sha256(RULES_OF_LOADING)
    for path in sorted(folder.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def load(folder: Path = DATA, *, on: date | None = None, force: bool = False) -> Changes:
    """Make the database say what the files say, in one transaction; costs two queries when nothing changed.

    on: the day for which units are made, today by default. Raises DataError, and then nothing has changed.
    """
    on = on or timezone.localdate()
    print_of_files = fingerprint(folder)
    try:
        with transaction.atomic():
            _lock()
            last = DataLoad.objects.first()
            fresh = last is not None and (last.units_until is None or on < last.units_until)
            if fresh and not force and last is not None and last.fingerprint == print_of_files:
                return Changes(unchanged_files=True)
            changes = Changes()
            data = DataSet(folder)
            ruleset = rulesets.ensure()
            for table in TABLES:
                _bring(table, data.rows[table.model], changes, ruleset if table.in_set else None)
            rulesets.check(on)
            _bring_units(on, changes)
            DataLoad.objects.update_or_create(
                id=1, defaults={"fingerprint": print_of_files, "units_until": _next_change(on)}
            )
            return changes
    except IntegrityError as error:
        raise DataError(_("The files contradict rows in the database: %(detail)s") % {"detail": error}) from error


def refresh_units(on: date | None = None) -> Changes:
    """Make the units that follow from the database as it is now: to be called after a change by hand."""
    on = on or timezone.localdate()
    changes = Changes()
    with transaction.atomic():
        _lock()
        _bring_units(on, changes)
        DataLoad.objects.filter(id=1).update(units_until=_next_change(on))
    return changes


def _lock() -> None:
    """One loader at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _bring(table: Table, rows: list[Any], changes: Changes, ruleset: RuleSet | None) -> None:
    """Create, update and take out rows of origin "file" until they are those of the file. ruleset: whose rows."""
    columns = (*table.columns, "full_name") if table.model is Region else table.columns
    present = list(table.model._default_manager.filter(**({"ruleset": ruleset} if ruleset else {})))
    old = {plain(row, table.key): row for row in present}
    by_hand: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in present:
        for fields in table.exclusive if row.origin != Origin.FILE else ():
            by_hand[fields, plain(row, fields)].append(row)
    create, update = [], []
    for row in rows:
        was = old.pop(plain(row, table.key), None)
        rivals = (rival for fields in table.exclusive for rival in by_hand[fields, plain(row, fields)])
        if (was and was.origin != Origin.FILE) or any(overlap(row, rival) for rival in rivals):
            changes.kept += 1
        elif was is None:
            row.origin = Origin.FILE
            if ruleset:
                row.ruleset = ruleset
            create.append(row)
        elif plain(was, columns) != plain(row, columns):
            row.pk, row.origin = was.pk, Origin.FILE
            update.append(row)
    gone = [row for row in old.values() if row.origin == Origin.FILE]
    if gone and table.permanent:
        raise DataError(
            _("%(file)s: %(key)s is in use; rows can be ended, not taken out") % {"file": table.file, "key": gone[0].pk}
        )
    manager = table.model._default_manager
    manager.filter(pk__in=[row.pk for row in gone]).delete()
    manager.bulk_update(update, [name for name in columns if name not in table.key], batch_size=500)
    manager.bulk_create(create, batch_size=2000)
    changes.created += len(create)
    changes.updated += len(update)
    changes.removed += len(gone)


def places() -> dict[str, Place]:
    """Every region with what stands above it."""
    made: dict[str, Place] = {}
    rows = {region.code: region for region in Region.objects.all()}

    def place(code: str) -> Place:
        if code not in made:
            region = rows[code]
            above = place(region.parent_id) if region.parent_id else None
            made[code] = Place(code, region.name, region.level, (above, *above.above) if above else ())
        return made[code]

    return {code: place(code) for code in rows}


def _wanted_units(on: date) -> dict[tuple[str, str], tuple[str, str]]:
    """(bureau, region) -> (name, level) of every unit that exists on that day."""
    names = Names(
        (
            NameRow(bureau, region or "", level, pattern, valid_from, valid_to)
            for bureau, region, level, pattern, valid_from, valid_to in BureauName.objects.values_list(
                "bureau", "region", "level", "pattern", "valid_from", "valid_to"
            )
        ),
        on,
    )
    levels = {BureauKind.BRANCH: UnitLevel.BRANCH, BureauKind.TOWNSHIP: UnitLevel.TOWNSHIP}
    kinds = dict(Bureau.objects.valid_on(on).values_list("id", "kind"))
    alive = set(Region.objects.valid_on(on).values_list("code", flat=True))
    wanted: dict[tuple[str, str], tuple[str, str]] = {}
    for place in places().values():
        own = UnitLevel.COUNTY if place.level == "zone" else UnitLevel(place.level)
        for bureau, kind in kinds.items():
            name = names.of(bureau, place) if place.code in alive else ""
            if name:
                wanted[bureau, place.code] = (name, levels.get(BureauKind(kind), own))
    return wanted


def _bring_units(on: date, changes: Changes) -> None:
    """Create and rename units of origin "file"; one that follows from nothing any more receives no cases."""
    wanted = _wanted_units(on)
    changed = []
    for unit in Unit.objects.all():
        name, level = wanted.pop((unit.bureau_id, unit.region_id), ("", ""))
        if unit.origin != Origin.FILE:
            changes.kept += 1
        elif (unit.active, unit.name, unit.level) != (bool(name), name or unit.name, level or unit.level):
            unit.active, unit.name, unit.level = bool(name), name or unit.name, level or unit.level
            changed.append(unit)
    new = [
        Unit(bureau_id=bureau, region_id=region, name=name, level=level, origin=Origin.FILE)
        for (bureau, region), (name, level) in wanted.items()
    ]
    # One statement for thousands of rows; bulk_update's would be a CASE of as many branches.
    Unit.objects.bulk_create(
        changed + new,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["bureau", "region"],
        update_fields=["active", "name", "level"],
    )
    changes.created += len(new)
    changes.updated += len(changed)


def _next_change(on: date) -> date | None:
    """The first day after this one on which a region, a bureau or a name begins or has ended."""
    dated: tuple[type[models.Model], ...] = (Region, Bureau, BureauName)
    days = [
        day
        for model in dated
        for first, last in model._default_manager.values_list("valid_from", "valid_to")
        for day in (first, last and last + timedelta(days=1))
        if day and day > on
    ]
    return min(days, default=None)
