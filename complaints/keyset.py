"""Pages by keyset: how a list goes on behind its last row, as text in an address. The only place that knows cursors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DateTimeField, F, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from complaints.errors import Invalid

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order without ties: by a field and the key behind it, or by the key alone (field "").

    down: the largest first. code: the field holds a short code of letters and digits, otherwise a time, which a cursor
    names in microseconds since 1970. A cursor is "<field>.<key>", or "<key>".
    """

    field: str = ""
    down: bool = False
    code: bool = False

    @property
    def by(self) -> list[str]:
        """For order_by."""
        return [f"-{name}" if self.down else name for name in (self.field, "pk") if name]

    def behind(self, rows: QuerySet[_Row], cursor: str) -> QuerySet[_Row]:
        """The rows in order, those behind the cursor; all of them without one. Raises Invalid for what is none."""
        rows = rows.order_by(*self.by)
        return rows.filter(self._condition(rows, cursor)) if cursor else rows

    def page(self, rows: QuerySet[_Row], cursor: str, size: int) -> tuple[list[_Row], str | None]:
        """At most `size` rows behind the cursor, and the cursor of the page that follows, None at the end."""
        found = list(self.behind(rows, cursor)[: size + 1])
        return found[:size], self.cursor(found[size - 1]) if len(found) > size else None

    def cursor(self, row: Model | dict[str, Any]) -> str:
        """The place of a row, or of its values."""
        key, place = (_value(row, name) if name else None for name in ("pk", self.field))
        if place is None:
            return str(key)
        return f"{place if self.code else (place - _EPOCH) // timedelta(microseconds=1)}.{key}"

    def _condition(self, rows: QuerySet[Any], cursor: str) -> Q:
        place, _dot, key = cursor.rpartition(".")
        at: Any = _key(rows, key)
        if not self.field:
            if place:
                raise _refusal()
            return Q(pk__lt=at) if self.down else Q(pk__gt=at)
        named = Value(_code(place)) if self.code else Value(_moment(place), DateTimeField())
        # One comparison of rows, which an index by both answers; with OR the planner would read and sort all the rest.
        both = _row(F(self.field), F("pk")), _row(named, Value(at, rows.model._meta.pk))
        return Q(Func(*both, template="%(expressions)s", arg_joiner=" < " if self.down else " > ", output_field=_TRUTH))


_TRUTH: Final = BooleanField()


def _row(field: Combinable, key: Combinable) -> Func:
    return Func(field, key, template="(%(expressions)s)", output_field=_TRUTH)


NEWEST: Final = Keyset(down=True)


def numbers(cursor: str) -> tuple[int, int]:
    """A cursor of two whole numbers, for lists that are ordered in memory. Raises Invalid for what is none."""
    first, _dot, second = cursor.partition(".")
    return _whole(first), _whole(second)


def _value(row: Model | dict[str, Any], name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)


def _key(rows: QuerySet[Any], text: str) -> Any:
    try:
        key = rows.model._meta.pk.to_python(text)
    except ValidationError as error:
        raise _refusal() from error
    if key is None or (isinstance(key, int) and not 0 <= key < 2**62):
        raise _refusal()
    return key


def _moment(text: str) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=_whole(text))
    except OverflowError as error:
        raise _refusal() from error


def _code(text: str) -> str:
    if not text.isalnum():
        raise _refusal()
    return text


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _refusal()
    return int(text)


def _refusal() -> Invalid:
    message = _("This is no place in the list.")
    return Invalid("bad_cursor", message, {"cursor": message})
