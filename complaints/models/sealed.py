"""A text column that is ciphertext in the database and plain text in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from complaints import privacy

if TYPE_CHECKING:
    Column = models.Field[str | None, Any]
else:
    Column = models.Field


class SealedText(Column):
    """AES-GCM encrypted text (complaints.privacy), bound to its table and column. It cannot be filtered by, and is
    never offered in a generic form: whoever shows it does so on purpose and logs it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"editable": False}))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:
        return "bytea"

    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else privacy.decrypt(bytes(value), self._context())

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return None if value is None else privacy.encrypt(value, self._context())

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be filtered by {lookup_name}")
        return super().get_lookup(lookup_name)
