"""What a rule asks of a case: conditions as data, checked against the known facts, worded, and made into tests.

A condition is {"field": ..., "op": is|in|not_in|prefix|at_least, "values": [...]}; all of a rule's conditions must
hold. A condition on a fact that nobody knows does not hold, not even `not_in`. Fields: topic, region,
respondent_region, the sub-fields of data/fields.csv, and what data/facts.csv lists: urgency, channel, intent, flag
(a case has several) and numbers (only at_least). U1 is the highest urgency: at_least U2 means U1 or U2.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from routing.facts import Facts
from routing.fields import DATA, vocabulary

OPS: Final = ("is", "in", "not_in", "prefix", "at_least")
CODES: Final = {"topic": r"[A-Z]\d{2}", "region": r"[1-9]\d{5}", "respondent_region": r"[1-9]\d{5}"}
PREFIXES: Final = {"topic": r"[A-Z]\d{0,2}", "region": r"[1-9]\d{1,5}", "respondent_region": r"[1-9]\d{1,5}"}
MOST: Final = 8  # conditions of a rule; the admin's form has so many lines
FLAG: Final = "flag"
URGENCY: Final = "urgency"
OP_NAMES: Final[Mapping[str, Promise]] = {
    "is": gettext_lazy("is"),
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is none of"),
    "prefix": gettext_lazy("begins with"),
    "at_least": gettext_lazy("is at least"),
}
SIGNS: Final = {"is": "：", "in": "：", "not_in": "≠", "prefix": "：", "at_least": "≥"}

Test = Callable[[Facts], bool]


class ConditionError(ValueError):
    """A condition that cannot be; the message is for people."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a rule asks for."""

    field: str
    op: str
    values: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "op": self.op, "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """values: (field, value) -> their Chinese names. numbers: name -> Chinese name."""

    values: Mapping[tuple[str, str], tuple[str, str]]
    numbers: Mapping[str, str]

    def names(self) -> dict[str, str]:
        """Every field that a condition may ask for, with its Chinese name."""
        own = {"topic": _("topic"), "region": _("region"), "respondent_region": _("respondent's region")}
        return own | {field: name for (field, _value), (name, _label) in self.values.items()} | dict(self.numbers)


@cache
def _facts_known() -> tuple[dict[tuple[str, str], tuple[str, str]], dict[str, str]]:
    with (DATA / "facts.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    values = {(row["field"], row["value"]): (row["field_name"], row["value_name"]) for row in rows if row["value"]}
    return values, {row["field"]: row["field_name"] for row in rows if not row["value"]}


def known(sub_fields: Mapping[tuple[str, str], tuple[str, str]] | None = None) -> Vocabulary:
    """What conditions may ask for; sub_fields: other ones than the shipped."""
    values, numbers = _facts_known()
    return Vocabulary({**(vocabulary() if sub_fields is None else sub_fields), **values}, numbers)


def parse(raw: object, words: Vocabulary) -> tuple[Condition, ...]:
    """Conditions from their JSON, in one order whatever the order given. Raises ConditionError."""
    if not isinstance(raw, list):
        raise ConditionError(_("The conditions must be a list."))
    if len(raw) > MOST:
        raise ConditionError(_("At most %(most)s conditions.") % {"most": MOST})
    found = [_parse_one(item, words) for item in raw]
    return tuple(sorted(found, key=lambda condition: (condition.field, condition.op, condition.values)))


def parse_some(raw: object, words: Vocabulary) -> tuple[Condition, ...]:
    """Those conditions that can be understood: what a broken rule would have asked for, as far as one can tell."""
    found = []
    for item in raw if isinstance(raw, list) else ():
        try:
            found.append(_parse_one(item, words))
        except ConditionError:
            continue
    return tuple(found)


def _parse_one(item: object, words: Vocabulary) -> Condition:
    if not isinstance(item, dict) or set(item) != {"field", "op", "values"}:
        raise ConditionError(_("A condition has exactly field, op and values."))
    field, op, values = item["field"], item["op"], item["values"]
    if not isinstance(field, str) or field not in words.names():
        raise ConditionError(_("There is no field “%(field)s”.") % {"field": field})
    if op not in OPS:
        raise ConditionError(_("There is no comparison “%(op)s”.") % {"op": op})
    if not isinstance(values, list) or not values or not all(isinstance(value, str) and value for value in values):
        raise ConditionError(_("The condition on “%(field)s” has no values.") % {"field": field})
    if op in ("is", "at_least") and len(values) != 1:
        raise ConditionError(_("The condition on “%(field)s” takes one value.") % {"field": field})
    condition = Condition(field, op, tuple(sorted(set(values))))
    wrong = _wrong_values(condition, words)
    if wrong is None:
        raise ConditionError(_("“%(field)s” cannot be compared by “%(op)s”.") % {"field": field, "op": op})
    if wrong:
        raise ConditionError(
            _("“%(field)s” cannot have the value “%(value)s”.") % {"field": field, "value": "、".join(wrong)}
        )
    return condition


def comparisons(field: str, words: Vocabulary) -> tuple[str, ...]:
    """Those that fit the field."""
    if field in words.numbers:
        return ("at_least",)
    if field == URGENCY:
        return ("is", "in", "not_in", "at_least")
    return OPS[:3] if field == FLAG else OPS[:4]


def _wrong_values(condition: Condition, words: Vocabulary) -> list[str] | None:
    """Values that the field cannot have; None: the comparison does not fit the field."""
    field, op, values = condition.field, condition.op, condition.values
    if op not in comparisons(field, words):
        return None
    if field in words.numbers:
        return [value for value in values if not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", value)]
    if field in CODES:
        shape = PREFIXES[field] if op == "prefix" else CODES[field]
        return [value for value in values if not re.fullmatch(shape, value)]
    if op == "prefix":
        return [v for v in values if not any(f == field and known.startswith(v) for f, known in words.values)]
    return [value for value in values if (field, value) not in words.values]


def accepts(condition: Condition, value: str) -> bool:
    """Whether a known single value satisfies the condition."""
    match condition.op:
        case "is" | "in":
            return value in condition.values
        case "not_in":
            return value not in condition.values
        case "prefix":
            return value.startswith(condition.values)
    if condition.field == URGENCY:
        return value <= condition.values[0]  # U1 is the highest
    return float(value) >= float(condition.values[0])


def compiled(condition: Condition, words: Vocabulary) -> Test:
    """The condition as a function of the facts."""
    field, op, values = condition.field, condition.op, condition.values
    wanted = frozenset(values)
    if field == FLAG:
        if op == "not_in":
            return lambda facts: not (wanted & facts.flags)
        return lambda facts: bool(wanted & facts.flags)
    if field in words.numbers:
        least = float(values[0])
        return lambda facts: facts.numbers.get(field, -1.0) >= least
    if field in (*CODES, "urgency", "channel", "intent"):
        return lambda facts: bool(value := getattr(facts, field)) and accepts(condition, value)
    if op == "is":
        only = values[0]
        return lambda facts: facts.fields.get(field) == only
    if op == "in":
        return lambda facts: facts.fields.get(field) in wanted
    return lambda facts: field in facts.fields and accepts(condition, facts.fields[field])


def worded(conditions: Sequence[Condition], words: Vocabulary) -> str:
    """The conditions with the Chinese names of today, for reasons that stay readable."""
    return "；".join(_worded_one(condition, words) for condition in conditions)


def _worded_one(condition: Condition, words: Vocabulary) -> str:
    names = [words.values.get((condition.field, value), ("", value))[1] for value in condition.values]
    text = words.names().get(condition.field, condition.field) + SIGNS[condition.op] + "、".join(names)
    return text + "*" if condition.op == "prefix" else text


def short_form(field: str, value: str) -> list[dict[str, Any]]:
    """The one condition that a field and a value in two columns mean; none when both are empty."""
    return [Condition(field, "is", (value,)).as_json()] if field or value else []
