"""Response, resolution and satisfaction rates (三率), each as a question about single cases.

A figure is made of two sets of cases: those it is about (`of`) and those that count (`count`). Both are querysets, used
here to count and by the list of cases to show: that is why every figure reconciles. docs/outcomes.md says why each
denominator is what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncWeek
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.errors import Invalid
from complaints.models import Case, Clock, ClockState, Event, Outcome, Refiling, Satisfaction, Solved, Viewer
from complaints.models.case import Channel
from complaints.quality import Share, share
from routing.models import Region, Topic, Unit

SATISFIED: Final = 4  # grades 4 and 5 of five
RESPONSE_CLOCK: Final = "hot.sign"  # 签收: the first thing that the citizen's hotline waits for
FIGURES: Final = ("response", "resolution", "resolution_net", "satisfaction")
PARTS: Final = ("of", "count", "rest")
_KEYS: Final[Mapping[str, Combinable]] = {
    "none": Value(""),
    "unit": F("lead_unit_id"),
    "region": Coalesce("region_id", Value("")),
    "topic": F("topic"),
    "channel": F("channel"),
}
BY: Final = (*_KEYS, "week")


@dataclass(frozen=True, slots=True)
class Rates:
    """Of one group. closed: cases closed in the period; refiled: solved ones filed again; recovered: yuan."""

    key: str
    name: str
    closed: int = 0
    refiled: int = 0
    recovered: Decimal = Decimal(0)
    response: Share = field(default_factory=lambda: share(0, 0))
    resolution: Share = field(default_factory=lambda: share(0, 0))
    resolution_net: Share = field(default_factory=lambda: share(0, 0))
    satisfaction: Share = field(default_factory=lambda: share(0, 0))


def _responding(cases: QuerySet[Case], since: datetime, until: datetime) -> QuerySet[Case]:
    """Received in the period, and whether a unit signed in time is known: signed, or the time has run out."""
    clocks = Clock.objects.filter(case=OuterRef("pk"), policy__clock=RESPONSE_CLOCK)
    past = Q(state=ClockState.RUNNING, due_at__lte=timezone.now())
    late = clocks.filter(Q(state=ClockState.MISSED) | past)
    decided = clocks.filter(Q(state__in=[ClockState.MET, ClockState.MISSED]) | past)
    cases = cases.filter(received_at__gte=since, received_at__lt=until)
    return cases.filter(Exists(decided)).annotate(late=Exists(late), moment=F("received_at"))


def _closed(cases: QuerySet[Case], since: datetime, until: datetime) -> QuerySet[Case]:
    """Closed in the period and not reopened since. word: what became of it, the citizen's word before the unit's;
    again: filed again, and nobody dismissed it; grade: the newest. What was said before a rework does not count."""
    reworked = Event.objects.filter(case=OuterRef("case"), kind__in=["reopen", "level_up"], at__gte=OuterRef("at"))
    said = Satisfaction.objects.filter(~Exists(reworked), case=OuterRef("pk")).order_by("-at", "-pk")
    word = Coalesce(
        Subquery(said.exclude(solved="").values("solved")[:1]),
        Subquery(Outcome.objects.filter(case=OuterRef("pk")).values("solved")[:1]),
        Value(""),
    )
    return cases.filter(closed_at__gte=since, closed_at__lt=until).annotate(
        word=word,
        grade=Subquery(said.exclude(grade=None).values("grade")[:1]),
        again=Exists(Refiling.objects.standing().filter(first=OuterRef("pk"))),
        moment=F("closed_at"),
    )


_SOLVED: Final = Q(word=Solved.YES)
# of each figure: the cases it is about, which of them are its denominator, which of these count
_MEANING: Final[Mapping[str, tuple[Any, Q, Q]]] = {
    "response": (_responding, Q(), Q(late=False)),
    "resolution": (_closed, Q(), _SOLVED),
    "resolution_net": (_closed, Q(), _SOLVED & Q(again=False)),
    "satisfaction": (_closed, Q(grade__isnull=False), Q(grade__gte=SATISFIED)),
}


def rates(viewer: Viewer, by: str, first: date, last: date, only: Q | None = None) -> list[Rates]:
    """Every figure of the days from first to last, by group, over the cases that the viewer may see (`only` narrows
    them). Two queries, and one for the names."""
    visible = Case.objects.visible_to(viewer).filter(only or Q())
    period = moments(first, last)
    answered = {row["key"]: row for row in _grouped(_responding(visible, *period), by, ["response"])}
    ended = _grouped(
        _closed(visible, *period),
        by,
        ["resolution", "resolution_net", "satisfaction"],
        refiled=Count("pk", filter=_SOLVED & Q(again=True)),
        recovered=Sum("outcome__recovered"),
    )
    closed = {row["key"]: row for row in ended}
    keys = sorted({*answered, *closed}, key=str)
    texts = {key: _text(key) for key in keys}
    names = _names(by, texts.values())
    return [_rates(texts[key], names, answered.get(key, {}), closed.get(key, {})) for key in keys]


@dataclass(frozen=True, slots=True)
class Behind:
    """The cases behind one part of one figure of one group; as a token it is the `rate` filter of the list of cases.

    part: of (the denominator), count (the numerator) or rest. key: the group as `rates` names it. Days of Beijing,
    both included.
    """

    figure: str
    part: str
    by: str
    key: str
    since: date
    until: date

    @classmethod
    def read(cls, token: str) -> Behind:
        """Raises Invalid for what `token` never made."""
        try:
            figure, part, by, key, since, until = token.split(".")
            made = cls(figure, part, by, key, date.fromisoformat(since), date.fromisoformat(until))
            if figure not in FIGURES or part not in PARTS or by not in BY:
                raise ValueError(token)
            if by == "week":
                date.fromisoformat(key)
            elif by == "unit" and key and not (key.isascii() and key.isdigit() and len(key) < 19):
                raise ValueError(token)
        except ValueError:
            message = _("There is no such figure.")
            raise Invalid("unknown_figure", message, {"rate": message}) from None
        return made

    @property
    def token(self) -> str:
        return f"{self.figure}.{self.part}.{self.by}.{self.key}.{self.since}.{self.until}"

    def of(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Of these cases, those that are meant."""
        about, of, count = _MEANING[self.figure]
        found: QuerySet[Case] = about(cases, *moments(self.since, self.until)).filter(of)
        if self.part != "of":
            found = found.filter(count) if self.part == "count" else found.exclude(count)
        if self.by == "week":
            monday = date.fromisoformat(self.key)
            first, after = moments(monday, monday + timedelta(days=6))
            week: dict[str, Any] = {"moment__gte": first, "moment__lt": after}
            return found.filter(**week)
        if self.by == "unit":
            return found.filter(lead_unit=int(self.key)) if self.key else found.filter(lead_unit=None)
        return found.alias(key=_KEYS[self.by]).filter(key=self.key) if self.by != "none" else found


def behind(token: str) -> Q:
    """The `rate` filter as a condition on cases; raises Invalid."""
    return Q(pk__in=Behind.read(token).of(Case.objects.all()).values("pk"))


def moments(since: date, until: date) -> tuple[datetime, datetime]:
    """From the first moment of the one day until before the first after the other, in Beijing."""
    first, last = (timezone.make_aware(datetime.combine(day, time.min)) for day in (since, until + timedelta(days=1)))
    return first, last


def _grouped(cases: QuerySet[Case], by: str, figures: Iterable[str], **more: Any) -> Iterable[Mapping[str, Any]]:
    counts: dict[str, Any] = {}
    for figure in figures:
        _about, of, count = _MEANING[figure]
        counts[f"{figure}_of"] = Count("pk", filter=of) if of else Count("pk")
        counts[f"{figure}_count"] = Count("pk", filter=of & count)
    key = TruncWeek("moment") if by == "week" else _KEYS[by]
    return cases.order_by().annotate(key=key).values("key").annotate(all=Count("pk"), **counts, **more)


def _rates(key: str, names: Mapping[str, str], answered: Mapping[str, Any], closed: Mapping[str, Any]) -> Rates:
    row = {**closed, **{name: value for name, value in answered.items() if name.startswith("response")}}
    shares = {figure: share(row.get(f"{figure}_count", 0), row.get(f"{figure}_of", 0)) for figure in FIGURES}
    return Rates(
        key=key,
        name=names.get(key, key),
        closed=closed.get("all", 0),
        refiled=closed.get("refiled", 0),
        recovered=closed.get("recovered") or Decimal(0),
        **shares,
    )


def _text(key: Any) -> str:
    if isinstance(key, datetime):
        return timezone.localtime(key).date().isoformat()
    return "" if key is None else str(key)


def _names(by: str, keys: Iterable[str]) -> dict[str, str]:
    """What groups are called; a week is called by its Monday."""
    known = [key for key in keys if key]
    if by == "channel":
        return {value: str(label) for value, label in Channel.choices}
    if by == "region":
        regions = Region.objects.filter(code__in=known)
        return {region.code: region.full_name for region in regions} | {"": _("place unknown")}
    if by == "unit":
        units = Unit.objects.filter(pk__in=[int(key) for key in known]).values_list("pk", "name")
        return {str(pk): name for pk, name in units} | {"": _("no unit yet")}
    if by == "topic":
        return dict(Topic.objects.filter(code__in=known).values_list("code", "name")) | {"": _("no topic yet")}
    return {}
