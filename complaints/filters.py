"""Filters and orders of lists of cases, from their address. Each one narrows, none widens what somebody may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from complaints import clocks, figures, rates, register
from complaints.errors import Invalid
from complaints.keyset import NEWEST, Keyset
from complaints.lifecycle import OPEN
from complaints.models import Assignment, Case, Role, User, Viewer
from complaints.models.case import within
from routing.models.places import scope_prefix

# several values are separated by commas; none: those that have none
LISTS: Final = ("state", "topic", "domain", "urgency", "channel", "intent")
DUE: Final = ("overdue", "today", "three_days", "week")
ORDERS: Final = ("newest", "due", "urgent")
PARAMETERS: Final = [
    *(OpenApiParameter(name) for name in (*LISTS, "region")),
    OpenApiParameter("unit", description="ids of units that work or worked on the case"),
    OpenApiParameter("rate", description="the cases behind a figure: a token of /rates/"),
    OpenApiParameter("company", description="an entry of /respondents/, with those merged into it"),
    OpenApiParameter("at", description="a region itself, without those below it; none: place unknown"),
    OpenApiParameter("lead", description="ids of units that lead it; any: some unit does"),
    OpenApiParameter("deadline", description="colours of open cases, as rows show them: " + ", ".join(figures.COLOURS)),
    OpenApiParameter("happened", description="return, reopen, level_up; return.7: by the unit with id 7"),
    OpenApiParameter("repeated", description="1: filed again after it was closed as solved"),
    OpenApiParameter("supervised", description="running, overdue: a supervision order is not ended, or late"),
    OpenApiParameter("hour", description="the hour of receipt in Beijing, like 2026-11-22T08"),
    OpenApiParameter("due", enum=DUE, description="open deadline passed, or ending within the days"),
    OpenApiParameter("due_on", date, description="for officers: a deadline of their unit ends on that day"),
    OpenApiParameter("since", date, description="first day of receipt"),
    OpenApiParameter("until", date, description="last day of receipt"),
]


@dataclass(slots=True)
class Filters:
    """What narrows a list. scopes: what follows for the search (complaints.search), one collection each, all hold.
    of_days: days of receipt were asked for."""

    conditions: list[Q] = field(default_factory=list)
    scopes: list[list[str]] = field(default_factory=list)
    of_days: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str], viewer: Viewer | None = None) -> Filters:
        """Raises Invalid at the parameter that cannot be read; codes that nobody knows match nothing.

        viewer: whose unit's deadlines `due_on` means; without a unit those of the cases.
        """
        made = cls()
        for name in LISTS:
            if values := _meant(name, _values(asked, name)):
                made.conditions.append(Q(**{f"{name}__in": values}))
                made._narrow(name, values)
        if region := asked.get("region", ""):
            made.conditions.append(within(region))
            if len(prefix := scope_prefix(region)) in (2, 4, 6):
                made.scopes.append([f"r{prefix}"])
        if units := [_whole(value, "unit") for value in _values(asked, "unit")]:
            made.conditions.append(Q(Exists(Assignment.objects.filter(case=OuterRef("pk"), unit__in=units))))
            made.scopes.append([f"u{unit}" for unit in units])
        if token := asked.get("rate", ""):
            made.conditions.append(rates.behind(token))
        if company := asked.get("company", ""):
            made.conditions.append(register.about(_whole(company, "company")))
        if due := asked.get("due", ""):
            made.conditions.append(_due(due))
            made.scopes.append(["open"])
        made.conditions += _of_figures(asked)
        if due_on := asked.get("due_on", ""):
            made.conditions.append(_due_on(_day(due_on, "due_on"), viewer))
            made.scopes.append(["open"])
        for name, days, lookup in (("since", 0, "gte"), ("until", 1, "lt")):
            if value := asked.get(name, ""):
                moment = _midnight(_day(value, name) + timedelta(days=days))
                made.conditions.append(Q(**{f"received_at__{lookup}": moment}))
                made.of_days = True
        return made

    def _narrow(self, name: str, values: list[str]) -> None:
        if name == "state" and OPEN.issuperset(values):
            self.scopes.append(["open"])
        if name in ("topic", "domain") and "" not in values:
            self.scopes.append([name[0] + value for value in values])

    def apply(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        return cases.filter(*self.conditions)


def _values(asked: Mapping[str, str], name: str) -> list[str]:
    return [value for value in asked.get(name, "").split(",") if value]


def _meant(name: str, values: list[str]) -> list[str]:
    """open stands for all open states, none for what is not known yet."""
    if name == "state" and "open" in values:
        values = [*(value for value in values if value != "open"), *sorted(OPEN)]
    return ["" if value == "none" and name in ("topic", "domain", "intent") else value for value in values]


def _of_figures(asked: Mapping[str, str]) -> list[Q]:
    """What the figures of the wall and of reports count (complaints.figures)."""
    now, conditions = timezone.now(), []
    if at := asked.get("at", ""):
        conditions.append(Q(region=None) if at == "none" else Q(region=at))
    if lead := _values(asked, "lead"):
        known = Q(lead_unit__isnull=False)
        conditions.append(known if lead == ["any"] else Q(lead_unit__in=[_whole(one, "lead") for one in lead]))
    if colours := _values(asked, "deadline"):
        conditions.append(figures.deadline(_known(colours, "deadline", figures.COLOURS), now))
    if happened := asked.get("happened", ""):
        kind, _dot, unit = happened.partition(".")
        [kind] = _known([kind], "happened", figures.HAPPENED)
        conditions.append(Q(figures.happened(kind, _whole(unit, "happened") if unit else None)))
    if asked.get("repeated", ""):
        conditions.append(Q(figures.repeated()))
    if supervised := asked.get("supervised", ""):
        [name] = _known([supervised], "supervised", figures.SUPERVISED)
        conditions.append(Q(figures.supervised(name, now)))
    if hour := asked.get("hour", ""):
        first = _hour(hour)
        conditions.append(Q(received_at__gte=first, received_at__lt=first + timedelta(hours=1)))
    return conditions


def _known(values: list[str], name: str, allowed: Collection[str]) -> list[str]:
    if set(values) <= set(allowed):
        return values
    message = _("There is no such filter.")
    raise Invalid("unknown_filter", message, {name: message})


def _hour(value: str) -> datetime:
    try:
        return timezone.make_aware(datetime.strptime(value, "%Y-%m-%dT%H"))
    except ValueError:
        message = _("This must be an hour, like 2026-11-22T08.")
        raise Invalid("not_an_hour", message, {"hour": message}) from None


def _due(name: str) -> Q:
    days = dict(zip(DUE[1:], (1, 3, 7), strict=True))
    if name not in DUE:
        message = _("There is no such filter.")
        raise Invalid("unknown_filter", message, {"due": message})
    now = timezone.now()
    until = now if name == "overdue" else _midnight(timezone.localdate() + timedelta(days=days[name]))
    running = Q(due_at__lt=until, state__in=sorted(OPEN))
    return running if name == "overdue" else running & Q(due_at__gte=now)


def _due_on(day: date, viewer: Viewer | None) -> Q:
    if isinstance(viewer, User) and viewer.role == Role.OFFICER and viewer.unit_id:
        return Q(pk__in=clocks.falling_due(viewer.unit_id, day, day).values("case"))
    return Q(due_at__gte=_midnight(day), due_at__lt=_midnight(day + timedelta(days=1)), state__in=sorted(OPEN))


def _day(value: str, name: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        message = _("This must be a day, like 2026-11-22.")
        raise Invalid("not_a_day", message, {name: message}) from None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def whole_number(value: str | None, name: str, default: int) -> int:
    return _whole(value, name) if value else default


def _whole(value: str, name: str) -> int:
    if not (value.isascii() and value.isdigit() and 0 < int(value[:19]) < 2**62):
        message = _("This must be a whole number.")
        raise Invalid("not_a_number", message, {name: message})
    return int(value)


@dataclass(frozen=True, slots=True)
class Order:
    """An order by which pages follow each other, and the cases that have a place in it."""

    keyset: Keyset
    only: Q = field(default_factory=Q)

    @classmethod
    def named(cls, name: str, of_days: bool = False) -> Order:
        """newest (first filed last), due (by deadline; only cases that have one) or urgent (then by arrival).

        of_days: newest means by time of receipt, for then the index of that time leads straight to the days.
        """
        if name and name not in _ORDERS:
            message = _("There is no such order.")
            raise Invalid("unknown_order", message, {"order": message})
        return _BY_RECEIPT if of_days and name in ("", "newest") else _ORDERS[name or "newest"]

    def page(self, cases: QuerySet[Case], cursor: str) -> QuerySet[Case]:
        """The cases in order, those behind the cursor."""
        return self.keyset.behind(cases.filter(self.only), cursor)

    def cursor(self, case: Case) -> str:
        """Of the last one shown."""
        return self.keyset.cursor(case)


_ORDERS: Final = {
    "newest": Order(NEWEST),
    "due": Order(Keyset("due_at"), Q(due_at__isnull=False)),
    "urgent": Order(Keyset("urgency", code=True)),
}
_BY_RECEIPT: Final = Order(Keyset("received_at", down=True))
