"""Rows into tables by COPY, in PostgreSQL's text format (documentation, COPY, Text Format)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError, connection, models, transaction

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


class Pattern:
    """Rows of one model that several cases share. They go into a temporary table once, and from there to every case
    that has them; `own` says which columns a case has for itself. A row names what it knows; the rest are the model's
    defaults."""

    def __init__(self, model: type[models.Model], own: Mapping[str, str], join: str = "", order: str = "") -> None:
        """own: column -> SQL over `made` (the case), `shared` (the row) and whatever is in `join`."""
        fields = model._meta.concrete_fields
        self.name = model._meta.db_table
        self.temporary = f"past_{model._meta.model_name}"
        self.fields: dict[str, models.Field[Any, Any]] = {str(field.column): field for field in fields}
        counted = isinstance(model._meta.pk, models.AutoField) and "id" not in own
        self.columns = [name for name, field in self.fields.items() if not (field.primary_key and counted)]
        self._defaults = [_default(self.fields[name]) for name in self.columns]
        self._places = {name: place for place, name in enumerate(self.columns)}
        values = (own.get(name) or f'shared."{name}"' for name in self.columns)
        self.insert = (
            f'INSERT INTO "{self.name}" ({_listed(self.columns)}) SELECT {", ".join(values)} '  # noqa: S608 (names of the model)
            f'FROM past_made made JOIN "{self.temporary}" shared USING (life) {join} {order}'
        )
        self.rows: list[str] = []

    def create(self) -> None:
        """The temporary table."""
        columns = f'SELECT 0 AS life, {_listed(self.columns)} FROM "{self.name}"'  # noqa: S608 (names of the model)
        temporary(self.temporary, f"ON COMMIT DROP AS {columns} WITH NO DATA")

    def add(self, life: int, row: Mapping[str, str] = {}) -> None:
        """One row of a life: column -> literal."""
        values = self._defaults.copy()
        for column, value in row.items():
            values[self._places[column]] = value
        self.rows.append(f"{life}\t" + "\t".join(values))

    def sealed(self, column: str, plain: str) -> str:
        """A sealed column's literal; equal texts may share it, for they are made up."""
        return literal(self.fields[column].get_db_prep_value(plain, connection))

    def take(self) -> tuple[str, list[str]]:
        """The temporary table with the rows that were added."""
        rows, self.rows = self.rows, []
        return self.temporary, rows


def _default(field: models.Field[Any, Any]) -> str:
    return NULL if field.has_db_default() else literal(field.get_db_prep_save(field.get_default(), connection))


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def temporary(table: str, definition: str) -> None:
    """A temporary table, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{table}"')
        cursor.execute(f'CREATE TEMPORARY TABLE "{table}" {definition}')


def write(table: str, rows: list[str]) -> None:
    """Rows of literals into a table."""
    if rows:
        with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
            copy.write("\n".join(rows) + "\n")


def numbers_of(sequence: str, count: int) -> list[int]:
    """Numbers of a sequence that nobody else will get."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [number for (number,) in cursor.fetchall()]


def literal(value: Any) -> str:
    """A value in the text format."""
    match value:
        case None:
            return NULL
        case str():
            return value.translate(_ESCAPES)
        case bool():
            return "t" if value else "f"
        case bytes() | memoryview():
            return "\\\\x" + bytes(value).hex()
        case datetime():
            return value.isoformat()
        case dict() | list():
            return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
        case _ if hasattr(value, "obj"):  # psycopg's Jsonb
            return literal(value.obj)
    return str(value).translate(_ESCAPES)


def array(words: Iterable[str]) -> str:
    """Plain words as a text array."""
    return "{" + ",".join(words) + "}"


def trust_links() -> bool:
    """Leave foreign keys unchecked until `check_links`, for both ends come from one hand. Whether this account may."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
    except DatabaseError:
        return False
    return True


def check_links() -> None:
    """Foreign keys hold again from here on."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")


def take_down(tables: Iterable[str], *, links: bool) -> list[str]:
    """Drop plain indexes of the tables, and foreign keys where `links` says so; returns the statements that put them
    back. Only inside a transaction: should it fail, nothing has happened."""
    names = list(tables)
    put_back: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered with checks pending
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for question in (_FOREIGN_KEYS, _INDEXES) if links else (_INDEXES,):
            cursor.execute(question, [names])
            for drop, create in cursor.fetchall():
                cursor.execute(drop)
                put_back.append(create)
    return put_back[::-1]
