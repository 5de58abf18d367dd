"""The CSV files of data/, read into unsaved rows and checked as a whole before anything is written."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import combinations
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from routing.conditions import Condition, ConditionError, known, parse, short_form
from routing.models import (
    Bureau,
    BureauName,
    EscalationRule,
    PlaceName,
    Platform,
    Region,
    RegionLevel,
    RegionSuccession,
    RoutingParticipant,
    RoutingRule,
    Topic,
    Township,
)
from routing.models.dated import Dated, Loaded
from routing.models.rule_sets import InRuleSet
from routing.models.rules import Conditional

ERRORS_SHOWN = 20
LISTS = ("conditions", "participants")


class DataError(Exception):
    """The files contradict themselves or the database; names file and line, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Table:
    """How a file becomes rows of a model; its columns are names of fields.

    key: what identifies a row when the file is loaded again. exclusive: sets of fields; of rows with equal
    values in a set only one is in force on a day. permanent: rows can be ended, not taken out.
    in_set: the rows belong to the rule set in force. header: the file's columns where they are not the fields;
    optional: how many of them, at the end, a file may leave out.
    """

    model: type[Loaded]
    file: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    exclusive: tuple[tuple[str, ...], ...] = ()
    permanent: bool = False
    in_set: bool = False
    header: tuple[str, ...] = ()
    optional: int = 0


DAYS = ("valid_from", "valid_to")
CONDITION = ("field", "value")
RULE = ("code", "version", "topic", "region", "conditions")
MORE = ("supervisor", "enforcer", "participants", "list_entry", "source")
TABLES = (
    Table(
        Topic,
        "topics.csv",
        columns=("code", "slug", "domain", "name", "external_code"),
        key=("code",),
        permanent=True,
    ),
    Table(
        Region,
        "regions.csv",
        columns=("code", "name", "level", "parent", "host", *DAYS),
        key=("code",),
        permanent=True,
    ),
    Table(
        RegionSuccession,
        "region_successions.csv",
        columns=("old_code", "old_name", "new", "valid_from", "source"),
        key=("old_code", "new"),
    ),
    Table(Township, "townships.csv", columns=("code", "name", "region", "twins", *DAYS), key=("code",)),
    Table(
        PlaceName,
        "place_names.csv",
        columns=("name", "kind", "region", *DAYS, "source"),
        key=("name", "region"),
    ),
    Table(
        Platform,
        "platforms.csv",
        columns=("slug", "names", "company", "region", "elsewhere", *DAYS, "source"),
        key=("slug",),
    ),
    Table(
        Bureau,
        "bureaus.csv",
        columns=("id", "name", "short_name", "kind", "hotline", *DAYS, "successor", "note"),
        key=("id",),
        permanent=True,
    ),
    Table(
        BureauName,
        "bureau_names.csv",
        columns=("bureau", "region", "level", "pattern", *DAYS, "source"),
        key=("bureau", "region", "level", "valid_from"),
        exclusive=(("bureau", "region", "level"),),
    ),
    Table(
        RoutingRule,
        "routing_rules.csv",
        columns=(*RULE, "priority", "lead", "level", "basis", *DAYS, *MORE),
        key=("code", "version"),
        exclusive=(("topic", "region", "conditions"), ("code",)),
        in_set=True,
        header=(*RULE[:-1], *CONDITION, "priority", "lead", "level", "basis", *DAYS, "conditions", *MORE),
        optional=1 + len(MORE),
    ),
    Table(
        EscalationRule,
        "escalations.csv",
        columns=(
            "code",
            "version",
            "label",
            "conditions",
            "position",
            "do",
            "bureau",
            "at",
            "amount",
            "unit",
            "source",
            *DAYS,
        ),
        key=("code", "version"),
        exclusive=(("code",),),
        in_set=True,
    ),
    Table(
        RoutingParticipant,
        "routing_participants.csv",
        columns=("topic", "bureau", *CONDITION, "position", *DAYS),
        key=("topic", "bureau", *CONDITION, "valid_from"),
        exclusive=(("topic", "bureau", *CONDITION),),
    ),
)
FIELDS = ("fields.csv", ("field", "value", "field_name", "value_name"))
PHRASES = ("field_phrases.csv", ("topics", "field", "value", "phrase"))


def plain(row: models.Model, names: Iterable[str]) -> tuple[Any, ...]:
    """The plain values of some fields: a foreign key as the key that it holds, a list as text."""
    values = (getattr(row, row._meta.get_field(name).attname) for name in names)  # type: ignore[union-attr]
    return tuple(json.dumps(value, sort_keys=True) if isinstance(value, list) else value for value in values)


def overlap(one: Dated, other: Dated) -> bool:
    """Whether both rows are in force on some day."""
    first, last = date.min, date.max
    return (one.valid_from or first) <= (other.valid_to or last) and (other.valid_from or first) <= (
        one.valid_to or last
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, to be named when it is wrong."""

    file: str
    number: int
    cells: dict[str, str]


class DataSet:
    """All files of a folder, read and checked; `rows[model]` are unsaved rows in the order of the file.

    Raises DataError with the broken lines (20 at most) when anything does not fit.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._errors: list[str] = []
        self._vocabulary = {
            (line.cells["field"], line.cells["value"]): (line.cells["field_name"], line.cells["value_name"])
            for line in self._lines(*FIELDS)
        }
        self._words = known(self._vocabulary)
        made = {table.model: self._rows(table) for table in TABLES}
        self.rows: dict[type[models.Model], list[Any]] = {
            model: [row for _line, row in pairs] for model, pairs in made.items()
        }
        self._stop_if_wrong()  # a broken value would only breed further messages
        index = {model: {row.pk: row for row in rows} for model, rows in self.rows.items()}
        for table in TABLES:
            for line, row in made[table.model]:
                self._point(table, line, row, index)
        self._stop_if_wrong()
        for region in sorted(self.rows[Region], key=lambda row: RegionLevel.values.index(row.level)):
            region.full_name = (region.parent.full_name if region.parent else "") + region.name
        for table in TABLES:
            for line, row in made[table.model]:
                for problem in self._problems(row, set(index[Bureau])):
                    self._wrong(line, problem)
            self._check_days_apart(table, made[table.model])
        self._check_phrases(index[Topic])
        self._stop_if_wrong()

    def _wrong(self, line: Line, problem: str) -> None:
        self._errors.append(
            _("%(file)s, line %(line)s: %(problem)s") % {"file": line.file, "line": line.number, "problem": problem}
        )

    def _stop_if_wrong(self) -> None:
        if self._errors:
            raise DataError("\n".join(self._errors[:ERRORS_SHOWN]))

    def _lines(self, file: str, columns: tuple[str, ...], optional: int = 0) -> Iterator[Line]:
        try:
            text = (self._folder / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError as error:
            raise DataError(_("%(file)s is missing.") % {"file": file}) from error
        except UnicodeDecodeError as error:
            raise DataError(_("%(file)s is not UTF-8.") % {"file": file}) from error
        reader = csv.reader(StringIO(text, newline=""))
        header = tuple(next(reader, ()))
        if optional and header == columns[:-optional]:
            columns = header
        elif header != columns:
            raise DataError(
                _("%(file)s, line 1: the columns must be %(columns)s") % {"file": file, "columns": ",".join(columns)}
            )
        for cells in reader:
            line = Line(file, reader.line_num, dict(zip(columns, map(str.strip, cells), strict=False)))
            if len(cells) == len(columns):
                yield line
            else:
                self._wrong(line, _("%(count)s cells expected") % {"count": len(columns)})

    def _rows(self, table: Table) -> list[tuple[Line, Any]]:
        """Rows with their plain values; what points at other rows comes when all are there."""
        pairs = []
        seen: dict[tuple[str, ...], Line] = {}
        for line in self._lines(table.file, table.header or table.columns, table.optional):
            first = seen.setdefault(tuple(line.cells[name] for name in table.key), line)
            if first is not line:
                self._wrong(line, _("the same as line %(line)s") % {"line": first.number})
            row = table.model()
            for name in table.columns:
                field = table.model._meta.get_field(name)
                if isinstance(field, models.Field) and not field.is_relation:
                    cell = line.cells.get(name, "")
                    try:
                        value = self._listed(line, name) if name in LISTS else cell or None if field.null else cell
                        setattr(row, name, field.clean(value, None))
                    except (ValidationError, ConditionError) as error:
                        said = error.messages if isinstance(error, ValidationError) else [str(error)]
                        self._wrong(line, f"{name}: {' '.join(said)}")
            pairs.append((line, row))
        return pairs

    def _listed(self, line: Line, name: str) -> list[Any]:
        """A cell that holds a list: keys of bureaus, or conditions as JSON or as field and value."""
        cell = line.cells.get(name, "")
        if name == "participants":
            return cell.split()
        try:
            raw = json.loads(cell) if cell else []
        except ValueError as error:
            raise ConditionError(_("The conditions are not JSON.")) from error
        field, value = line.cells.get("field", ""), line.cells.get("value", "")
        if bool(field) != bool(value):
            raise ConditionError(_("A condition needs a field and a value."))
        if isinstance(raw, list):
            raw = [*raw, *short_form(field, value)]
        return [condition.as_json() for condition in parse(raw, self._words)]

    def _point(self, table: Table, line: Line, row: Any, index: dict[type[models.Model], dict[Any, Any]]) -> None:
        """Set the foreign keys of a row, to rows of the files."""
        for name in table.columns:
            field = table.model._meta.get_field(name)
            if isinstance(field, models.ForeignKey):
                cell = line.cells.get(name, "")
                target = index[field.related_model].get(cell)
                setattr(row, name, target) if target or field.null else None
                if target is None and (cell or not field.null):
                    self._wrong(line, _("%(name)s: there is no “%(cell)s”") % {"name": name, "cell": cell})

    def _problems(self, row: Any, bureaus: set[str]) -> Iterator[str]:
        """What is wrong with a row whose values are all fine one by one."""
        # A condition is checked below against the folder's own list, not the shipped one.
        check = row.check_days if isinstance(row, InRuleSet | RoutingParticipant) else row.clean
        try:
            check()
        except ValidationError as error:
            yield " ".join(error.messages)
        if isinstance(row, InRuleSet):
            conditions = tuple(Condition(each["field"], each["op"], tuple(each["values"])) for each in row.conditions)
            if problem := row.problem(conditions, bureaus):
                yield problem
        if isinstance(row, Conditional):
            if bool(row.field) != bool(row.value):
                yield _("A condition needs a field and a value.")
            elif row.field and (row.field, row.value) not in self._vocabulary:
                yield _("%(file)s does not know %(pair)s") % {
                    "file": FIELDS[0],
                    "pair": f"{row.field}={row.value}",
                }
        if isinstance(row, Bureau) and row.successor_id == row.id:
            yield _("A bureau cannot succeed itself.")

    def _check_days_apart(self, table: Table, pairs: list[tuple[Line, Any]]) -> None:
        """Never two rows in force on a day where only one may be."""
        rivals: dict[tuple[Any, ...], list[tuple[Line, Any]]] = defaultdict(list)
        for line, row in pairs:
            for fields in table.exclusive:
                rivals[fields, plain(row, fields)].append((line, row))
        for group in rivals.values():
            for (first, one), (second, other) in combinations(group, 2):
                if overlap(one, other):
                    self._wrong(second, _("in force on the same days as line %(line)s") % {"line": first.number})

    def _check_phrases(self, topics: dict[Any, Any]) -> None:
        """Every phrase proves a known sub-field of known topics."""
        for line in self._lines(*PHRASES):
            pair = (line.cells["field"], line.cells["value"])
            unknown = [code for code in line.cells["topics"].split() if code not in topics]
            if unknown:
                self._wrong(line, _("topics: there is no “%(cell)s”") % {"cell": " ".join(unknown)})
            if pair not in self._vocabulary:
                self._wrong(line, _("%(file)s does not know %(pair)s") % {"file": FIELDS[0], "pair": "=".join(pair)})
            if not line.cells["phrase"] or not line.cells["topics"]:
                self._wrong(line, _("topics and phrase must not be empty"))
