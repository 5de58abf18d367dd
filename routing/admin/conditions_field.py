"""Conditions in a form: lines of field, comparison and values, picked and typed, never written as JSON."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from routing.conditions import MOST, OP_NAMES, ConditionError, known, parse

LINES = MOST


def cells_of(conditions: Any) -> list[str]:
    """Stored conditions as the cells of the lines; what a broken rule holds as far as it has the form."""
    cells: list[str] = []
    for item in conditions if isinstance(conditions, list) else ():
        if isinstance(item, dict):
            values = item.get("values")
            shown = " ".join(map(str, values)) if isinstance(values, list) else str(values or "")
            cells += [str(item.get("field", "")), str(item.get("op", "")), shown]
    return (cells + [""] * (3 * LINES))[: 3 * LINES]


class ConditionsWidget(forms.MultiWidget):
    """Lines of a field, a comparison, values separated by blanks."""

    template_name = "routing/conditions_widget.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        names = [("", "---------"), *sorted(known().names().items(), key=lambda pair: str(pair[1]))]
        signs = [("", "---------"), *OP_NAMES.items()]
        line = (forms.Select(choices=names), forms.Select(choices=signs), forms.TextInput(attrs={"size": 40}))
        super().__init__([widget for _line in range(LINES) for widget in line], attrs)

    def decompress(self, value: Any) -> list[str]:
        """Nothing stored yet: empty lines. (`ConditionsField.prepare_value` has made cells of what is stored.)"""
        return cells_of(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The cells by lines."""
        context = super().get_context(name, value, attrs)
        cells = context["widget"]["subwidgets"]
        context["lines"] = [cells[at : at + 3] for at in range(0, len(cells), 3)]
        return context


class ConditionsField(forms.MultiValueField):
    """Cleans to the JSON that rules store; refuses what `conditions.parse` refuses."""

    widget = ConditionsWidget

    def __init__(self, **kwargs: Any) -> None:
        fields = [forms.CharField(required=False) for _cell in range(3 * LINES)]
        super().__init__(
            fields,
            require_all_fields=False,
            required=False,
            label=gettext_lazy("conditions"),
            help_text=gettext_lazy("All must hold. Several values are separated by blanks."),
            widget=ConditionsWidget(),
        )

    def prepare_value(self, value: Any) -> Any:
        """Cells to show: a list of conditions would pass for a list of cells."""
        typed = isinstance(value, list) and value and isinstance(value[0], str)
        return value if typed else cells_of(value)

    def compress(self, data_list: list[str]) -> list[dict[str, Any]]:
        """Lines to conditions; lines that are all empty are left out."""
        lines = [data_list[at : at + 3] for at in range(0, len(data_list), 3)]
        raw = [
            {"field": field or "", "op": op or "", "values": (values or "").split()}
            for field, op, values in lines
            if field or op or values
        ]
        try:
            return [condition.as_json() for condition in parse(raw, known())]
        except ConditionError as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as conditions, not cell by cell: their order says nothing."""
        try:
            return bool((initial or []) != self.clean(data))
        except forms.ValidationError:
            return True


def values_help() -> SafeString:
    """Which values the fields have, for the page."""
    fields: dict[str, list[str]] = {}
    for (field, value), (name, label) in known().values.items():
        fields.setdefault(f"{name}（{field}）", []).append(f"{value} {label}")
    return format_html_join("", "<div>{}：{}</div>", ((name, "、".join(values)) for name, values in fields.items()))
