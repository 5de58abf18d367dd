"""Over which cases figures are counted: what a viewer may see, of a region, received in a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Left, RPad
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from complaints.errors import Forbidden, Invalid
from complaints.lifecycle import OPEN
from complaints.models import Case, User
from complaints.models.case import within
from complaints.rates import moments
from routing.models import Region
from routing.models.places import scope_prefix

EARLIER: Final = 4  # periods of the same length before, whose mean a topic is compared with
Filter = dict[str, str]


@dataclass(frozen=True)
class Scope:
    """region "": all that the viewer sees, also cases whose place nobody knows. Days of Beijing, both included."""

    viewer: User
    since: date
    until: date
    region: str
    now: datetime

    @classmethod
    def of(cls, viewer: User, since: date, until: date, region: str = "") -> Scope:
        """Raises Invalid for a region that nobody knows, Forbidden for one that the viewer does not cover."""
        if region:
            if not Region.objects.filter(pk=region).exists():
                message = _("There is no region with this code.")
                raise Invalid("unknown_region", message, {"region": message})
            covered = scope_prefix(viewer.region_id or "")
            if not viewer.is_superuser and not scope_prefix(region).startswith(covered):
                raise Forbidden("not_allowed", _("You do not cover this region."))
        return cls(viewer, since, until, region, timezone.now())

    @property
    def key(self) -> str:
        """The same for all who see the same: what a supervisor may see follows from the region alone (visible_to)."""
        sees = "all" if self.viewer.is_superuser else f"{self.viewer.role}-{self.viewer.region_id}"
        return f"wall.{sees}.{self.region}.{self.since}.{self.until}"

    @cached_property
    def only(self) -> Q:
        return within(self.region) if self.region else Q()

    @cached_property
    def seen(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.viewer).filter(self.only).order_by()

    @cached_property
    def bounds(self) -> tuple[datetime, datetime]:
        """From the first moment until the last one that can already be counted."""
        first, after = moments(self.since, self.until)
        return first, max(first, min(after, self.now))

    @property
    def received(self) -> QuerySet[Case]:
        first, after = moments(self.since, self.until)
        return self.seen.filter(received_at__gte=first, received_at__lt=after)

    @property
    def open(self) -> QuerySet[Case]:
        return self.seen.filter(state__in=sorted(OPEN))

    def windows(self) -> list[tuple[datetime, datetime]]:
        """The period as far as it has gone, and the four of that length before it, each a period apart."""
        first, last = self.bounds
        length = moments(self.since, self.until)[1] - first
        return [(first - length * n, last - length * n) for n in range(EARLIER + 1)]

    def standing(self, **more: str) -> Filter:
        """A filter of the list of cases: within this scope, whenever they came in."""
        return ({"region": self.region} if self.region else {}) | more

    def dated(self, **more: str) -> Filter:
        """A filter of the list of cases: within this scope, received in the period."""
        return self.standing() | self.days | more

    @property
    def days(self) -> Filter:
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}

    @cached_property
    def root(self) -> str:
        """The region whose parts are compared; "" for the whole country."""
        return self.region or self.viewer.region_id or ""

    @property
    def part(self) -> Combinable:
        """As an expression: the code of the part of `root` that a case lies in; "" where the place is unknown."""
        digits = len(scope_prefix(self.root)) + 2
        if digits >= 6:
            return Coalesce("region_id", Value(""))
        return Coalesce(RPad(Left("region_id", digits), 6, Value("0")), Value(""))

    def at(self, part: str) -> Filter:
        """The filter for one part: what lies in the root itself and in none of its parts is meant exactly."""
        if not part:
            return {"at": "none"}
        return {"at": part} if part == self.root else {"region": part}

    def parts(self, found: Iterable[str]) -> dict[str, str]:
        """Names of the parts of the root, in the order of their codes, then what else was found."""
        codes = set(found)
        rows = Region.objects.filter(Q(parent=self.root or None) | Q(pk__in=codes)).order_by("code")
        named: dict[str, str] = {}
        for region in rows:
            if region.pk != self.root:
                named[region.pk] = region.name
        if self.root in codes and self.root:
            named[self.root] = _("not told more exactly")
        if "" in codes:
            named[""] = _("place unknown")
        return named


def figure(count: int, shown_by: Filter) -> dict[str, Any]:
    return {"count": count, "filter": shown_by}


def every_day(since: date, until: date) -> list[date]:
    return [since + timedelta(days=n) for n in range((until - since).days + 1)]
