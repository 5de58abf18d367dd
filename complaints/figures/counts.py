"""The counts that the wall and the reports share, a query each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDay, TruncHour
from django.utils import timezone
from django.utils.translation import gettext as _

import classifier
from complaints import rates
from complaints.figures.conditions import COLOURS, colour, happened, repeated, supervised
from complaints.figures.scope import EARLIER, Scope, every_day, figure
from complaints.models import Assignment, Case, Event
from complaints.models.case import Channel, Domain, Urgency
from complaints.quality import Share
from routing.models import Topic, Unit

URGENT: Final = (Urgency.U1, Urgency.U2)
BY_HOUR_UP_TO: Final = 2  # days; longer periods are drawn by day
LEAST_HOT: Final = 3  # cases in the period below which a topic is nothing to talk about
ORDINARY: Final = 2.0  # standard deviations (Poisson) above the mean of the periods before from which it is hot


def cube(scope: Scope) -> list[dict[str, Any]]:
    """Received in the period by domain, channel, intent and part of the region; all tables of shares add it up."""
    rows = scope.received.annotate(part=scope.part).values("domain", "channel", "intent", "part")
    found = rows.annotate(count=Count("pk"), dispatched=Count("pk", filter=Q(lead_unit__isnull=False)))
    return [dict(row) for row in found]


def summed(rows: Iterable[Mapping[str, Any]], key: str, what: str = "count") -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row[key]] += row[what]
    return found


def fate(scope: Scope) -> dict[str, dict[str, Any]]:
    """What became of those received in the period, one query: returned, reopened, raised, filed again."""
    conditions = {
        "returned": (happened("return"), {"happened": "return"}),
        "reopened": (happened("reopen"), {"happened": "reopen"}),
        "raised": (happened("level_up"), {"happened": "level_up"}),
        "repeated": (repeated(), {"repeated": "1"}),
    }
    counts = {name: Count("pk", filter=Q(condition)) for name, (condition, _filter) in conditions.items()}
    found = scope.received.aggregate(**counts)
    return {name: figure(found[name], scope.dated(**named)) for name, (_c, named) in conditions.items()}


def supervision(scope: Scope) -> dict[str, dict[str, Any]]:
    """Cases with orders that are not ended, and with late ones: as it is now."""
    found = scope.seen.filter(supervised("running", scope.now)).aggregate(
        supervised=Count("pk"), supervised_late=Count("pk", filter=Q(supervised("overdue", scope.now)))
    )
    return {
        "supervised": figure(found["supervised"], scope.standing(supervised="running")),
        "supervised_late": figure(found["supervised_late"], scope.standing(supervised="overdue")),
    }


def inflow(scope: Scope) -> dict[str, Any]:
    """Received by hour (up to two days) or by day, with the empty ones up to now."""
    by_hour = (scope.until - scope.since).days < BY_HOUR_UP_TO
    key = TruncHour("received_at") if by_hour else TruncDay("received_at")
    rows = scope.received.annotate(at=key).values("at").annotate(count=Count("pk"))
    stamp = "%Y-%m-%dT%H" if by_hour else "%Y-%m-%d"
    found = {f"{timezone.localtime(row['at']):{stamp}}": row["count"] for row in rows}
    hours = [f"T{hour:02}" for hour in range(24)] if by_hour else [""]
    keys = [f"{day}{hour}" for day in every_day(scope.since, scope.until) for hour in hours]
    last = f"{timezone.localtime(scope.now):{stamp}}"
    points = [
        {"key": at, **figure(found.get(at, 0), scope.standing(**_moment(at, by_hour)))}
        for at in keys
        if at <= last or at in found
    ]
    return {"step": "hour" if by_hour else "day", "points": points}


def _moment(at: str, by_hour: bool) -> dict[str, str]:
    return {"hour": at} if by_hour else {"since": at, "until": at}


def shares(scope: Scope, counts: Mapping[str, int], name: str, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One line for each value of a column: those with a label in its order, then what has none."""
    rest = [key for key in counts if key not in labels]
    lines = []
    for key in (*labels, *rest):
        shown_by = scope.dated(**{name: key or "none"})
        lines.append({"key": key, "name": labels.get(key, key) or key, **figure(counts.get(key, 0), shown_by)})
    return [line for line in lines if line["count"] or line["key"] in labels]


def domain_labels() -> dict[str, str]:
    return {value: str(label) for value, label in Domain.choices} | {"": _("not classified yet")}


def channel_labels() -> dict[str, str]:
    return {value: str(label) for value, label in Channel.choices}


def now_open(scope: Scope) -> list[dict[str, Any]]:
    """Open cases by part of the region and colour, with the urgent ones."""
    rows = scope.open.annotate(colour=colour(scope.now), part=scope.part).values("part", "colour")
    found = rows.annotate(
        count=Count("pk"),
        urgent=Count("pk", filter=Q(urgency__in=URGENT)),
        overdue=Count("pk", filter=Q(due_at__lt=scope.now)),
    )
    return [dict(row) for row in found]


def deadlines(scope: Scope, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    counts = summed(rows, "colour")
    return [{"key": name, **figure(counts[name], scope.standing(deadline=name))} for name in COLOURS]


def regions(scope: Scope, received: Counter[str], rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The parts of the region: received in the period; open, overdue and urgent as it is now."""
    rows = list(rows)
    now = {what: summed(rows, "part", what) for what in ("count", "overdue", "urgent")}
    named = scope.parts({*received, *now["count"]})
    lines = []
    for code, name in named.items():
        at = scope.at(code)
        lines.append(
            {
                "key": code,
                "name": name,
                "received": figure(received[code], at | scope.days),
                "open": figure(now["count"][code], at | {"state": "open"}),
                "overdue": figure(now["overdue"][code], at | {"due": "overdue"}),
                "urgent": figure(now["urgent"][code], at | {"state": "open", "urgency": ",".join(URGENT)}),
            }
        )
    return lines


def topics(scope: Scope, names: Mapping[str, str], most: int) -> list[dict[str, Any]]:
    """This period's topics beside the mean of the four of the same length before, the fastest growing first."""
    lines = []
    for row in _against_before(scope, scope.seen.exclude(topic=""), "topic"):
        key = row["topic"]
        told = {what: row[what] for what in ("mean", "change", "hot")}
        lines.append({"key": key, "name": names.get(key, key), **figure(row["w0"], scope.dated(topic=key)), **told})
    return sorted(lines, key=lambda line: (-line["hot"], -line["count"], line["key"]))[:most]


def hot_spots(scope: Scope, names: Mapping[str, str], most: int) -> list[dict[str, Any]]:
    """Topic and part of the region where more came in than usual, the strongest first."""
    cases = scope.seen.exclude(topic="").exclude(region=None).annotate(part=scope.part)
    rows = _against_before(scope, cases, "topic", "part")
    hot = sorted((row for row in rows if row["hot"]), key=lambda row: (-row["change"], row["topic"], row["part"]))
    parts = scope.parts({row["part"] for row in hot[:most]})
    lines = []
    for row in hot[:most]:
        shown_by = scope.at(row["part"]) | scope.days | {"topic": row["topic"]}
        name, part = names.get(row["topic"], row["topic"]), parts.get(row["part"], row["part"])
        lines.append({"name": name, "part": part, "mean": row["mean"], **figure(row["w0"], shown_by)})
    return lines


def _against_before(scope: Scope, cases: QuerySet[Case], *keys: str) -> list[dict[str, Any]]:
    """What came in in the period by these keys, with the mean of the periods before. Where nothing at all came in
    before, there is no usual to compare with, and nothing is hot."""
    windows = scope.windows()
    counts = {
        f"w{n}": Count("pk", filter=Q(received_at__gte=first, received_at__lt=last))
        for n, (first, last) in enumerate(windows)
    }
    cases = cases.filter(received_at__gte=windows[-1][0], received_at__lt=windows[0][1])
    rows = [dict(row) for row in cases.values(*keys).annotate(**counts)]
    before = [sum(row[f"w{n}"] for n in range(1, EARLIER + 1)) for row in rows]
    known = any(before)
    for row, earlier in zip(rows, before, strict=True):
        mean = earlier / EARLIER
        change = row["w0"] - mean
        hot = known and row["w0"] >= LEAST_HOT and change > ORDINARY * max(mean, 1.0) ** 0.5
        row |= {"mean": round(mean, 1), "change": round(change, 1), "hot": hot}
    return [row for row in rows if row["w0"]]


def units(scope: Scope) -> list[dict[str, Any]]:
    """Units with something open or given to them in the period, the most overdue first. open, overdue: led by the unit,
    as it is now. given: received in the period, and the unit works or worked on them; returned: of those, by it."""
    standing = (
        scope.open.filter(lead_unit__isnull=False)
        .values("lead_unit")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=scope.now)))
    )
    gave_back = Event.objects.filter(case=OuterRef("case"), kind="return", unit=OuterRef("unit"))
    given = (
        Assignment.objects.filter(case__in=scope.received.values("pk"))
        .order_by()
        .annotate(back=Exists(gave_back))
        .values("unit")
        .annotate(given=Count("pk"), returned=Count("pk", filter=Q(back=True)))
    )
    now: dict[int, dict[str, Any]] = {row["lead_unit"]: dict(row) for row in standing}
    period: dict[int, dict[str, Any]] = {row["unit"]: dict(row) for row in given}
    names = dict(Unit.objects.filter(pk__in={*now, *period}).values_list("pk", "name"))
    lines = []
    for pk, name in names.items():
        unit, at_now, since = str(pk), now.get(pk, {}), period.get(pk, {})
        led = scope.standing(lead=unit)
        lines.append(
            {
                "key": unit,
                "name": name,
                "open": figure(at_now.get("open", 0), led | {"state": "open"}),
                "overdue": figure(at_now.get("overdue", 0), led | {"due": "overdue"}),
                "given": figure(since.get("given", 0), scope.dated(unit=unit)),
                "returned": figure(since.get("returned", 0), scope.dated(unit=unit, happened=f"return.{unit}")),
            }
        )
    return sorted(lines, key=lambda one: (-one["overdue"]["count"], -one["open"]["count"], one["key"]))


def urgent(cases: QuerySet[Case], names: Mapping[str, str], most: int) -> list[dict[str, Any]]:
    """U1 and U2, the most urgent and oldest first; numbers and codes only, nobody's words."""
    rows = cases.filter(urgency__in=URGENT).select_related("region", "lead_unit").order_by("urgency", "pk")[:most]
    return [
        {
            "number": case.number,
            "urgency": case.urgency,
            "topic": names.get(case.topic, case.topic),
            "unit": case.lead_unit.name if case.lead_unit else "",
            "region": case.region.full_name if case.region else "",
            "state": str(case.get_state_display()),
            "received_at": case.received_at,
        }
        for case in rows.defer("text", "sealed_text", "place")
    ]


def topic_names() -> dict[str, str]:
    """Of topics, and of what is none of them (nuisance calls and the like)."""
    return dict(Topic.objects.values_list("code", "name")) | classifier.disposition_names()


def three_rates(scope: Scope, by: str = "none") -> list[rates.Rates]:
    return rates.rates(scope.viewer, by, scope.since, scope.until, scope.only)


def rates_of(scope: Scope, group: rates.Rates, by: str = "none") -> list[dict[str, Any]]:
    """The figures of one group, each with the filters of its denominator, its numerator and the rest."""
    place = scope.standing()
    lines = []
    for name in rates.FIGURES:
        share: Share = getattr(group, name)
        tokens = {
            part: place | {"rate": rates.Behind(name, part, by, group.key, scope.since, scope.until).token}
            for part in rates.PARTS
        }
        lines.append({"key": name, **asdict(share), "cases": tokens})
    return lines
