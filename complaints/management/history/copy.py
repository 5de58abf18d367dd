"""Rows into tables by COPY, in PostgreSQL's text format (documentation, COPY, Text Format)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import connection, models

NULL: Final = r"\N"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
# Definitions, so that what is dropped before a great load is put back as it was.
_FOREIGN_KEYS: Final = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
"""
_INDEXES: Final = """
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique
"""


class Table:
    """The rows of one model on their way. A row names what it knows; the rest are the model's defaults."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self.name = model._meta.db_table
        self.columns = [str(field.column) for field in fields]
        self.fields: dict[str, models.Field[Any, Any]] = dict(zip(self.columns, fields, strict=True))
        self._defaults = [self._default(field) for field in fields]
        self._places = {column: place for place, column in enumerate(self.columns)}
        self.rows: list[str] = []

    def _default(self, field: models.Field[Any, Any]) -> str:
        if field.primary_key or field.has_db_default():
            return NULL
        return literal(field.get_db_prep_save(field.get_default(), connection))

    def add(self, row: Mapping[str, str]) -> None:
        """One row: column -> literal."""
        values = self._defaults.copy()
        for column, value in row.items():
            values[self._places[column]] = value
        self.rows.append("\t".join(values))

    def sealed(self, column: str, plain: str) -> str:
        """A sealed column's literal; equal texts may share it, for they are made up."""
        return literal(self.fields[column].get_db_prep_value(plain, connection))

    def flush(self) -> None:
        """Write what was added."""
        if not self.rows:
            return
        columns = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor, cursor.copy(f'COPY "{self.name}" ({columns}) FROM STDIN') as copy:
            copy.write("\n".join(self.rows) + "\n")
        self.rows.clear()

    def ids(self, count: int) -> list[int]:
        """Numbers of the table's own sequence, that nobody else will get."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [self.name, count]
            )
            return [number for (number,) in cursor.fetchall()]


def literal(value: Any) -> str:
    """A value in the text format."""
    match value:
        case None:
            return NULL
        case bool():
            return "t" if value else "f"
        case bytes() | memoryview():
            return "\\\\x" + bytes(value).hex()
        case datetime():
            return value.isoformat()
        case str():
            return value.translate(_ESCAPES)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
        case _ if hasattr(value, "obj"):  # psycopg's Jsonb
            return literal(value.obj)
    return str(value).translate(_ESCAPES)


def array(words: Iterable[str]) -> str:
    """Plain words as a text array."""
    return "{" + ",".join(words) + "}"


def take_down(tables: Iterable[Table]) -> list[str]:
    """Drop foreign keys and plain indexes of the tables; returns the statements that put them back. Only inside a
    transaction: should it fail, nothing has happened."""
    names = [table.name for table in tables]
    put_back: list[str] = []
    with connection.cursor() as cursor:
        for question in (_FOREIGN_KEYS, _INDEXES):
            cursor.execute(question, [names])
            for drop, create in cursor.fetchall():
                cursor.execute(drop)
                put_back.append(create)
    return put_back[::-1]
