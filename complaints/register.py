"""What the register of respondents says to one viewer: entries, and figures over the cases that the viewer may see.

The cases of an entry are those of every entry merged into it. "The year" is the last 365 days, by day of receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.errors import Missing
from complaints.keyset import NEWEST
from complaints.models import Case, Company, CompanyChange, Refiling, Solved, Viewer
from complaints.models.case import Respondent

YEAR: Final = timedelta(days=365)
MOST: Final = 50
RECENT: Final = 20


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases of a company within the year: all, closed, closed as solved, and filed again after they were."""

    cases: int = 0
    closed: int = 0
    solved: int = 0
    refiled: int = 0

    @property
    def repeat_offender(self) -> bool:
        return self.cases >= settings.REPEAT_CASES


@dataclass(frozen=True, slots=True)
class Entry:
    company: Company
    counts: Counts


@dataclass(frozen=True, slots=True)
class Figures:
    """One company in full. by_month: (first day of the month, cases); by_topic: (code, cases); by_outcome: yes,
    partly, no, unstated (closed without a word), open."""

    company: Company
    counts: Counts
    total: int
    by_month: list[tuple[Any, int]] = field(default_factory=list)
    by_topic: list[tuple[str, int]] = field(default_factory=list)
    by_outcome: list[tuple[str, int]] = field(default_factory=list)
    recent: list[Case] = field(default_factory=list)


def about(company: int) -> Q:
    """Cases about an entry or one that was merged into it."""
    return Q(respondent__company=company) | Q(respondent__company__merged_into=company)


def cases_of(viewer: Viewer, company: int) -> QuerySet[Case]:
    """Those of them that the viewer may see."""
    return Case.objects.visible_to(viewer).filter(about(company))


def entries(viewer: Viewer, words: str, cursor: str, limit: int) -> tuple[list[Entry], str | None]:
    """A page of entries that are called so, newest first, and the cursor of the next one."""
    found = Company.objects.standing().called(words).select_related("region", "merged_into")
    page, following = NEWEST.page(found, cursor, limit)
    counts = _counts(viewer, [company.pk for company in page])
    return [Entry(company, counts.get(company.pk, Counts())) for company in page], following


def most_complained(viewer: Viewer) -> list[Entry]:
    """Those with most cases of the year among what the viewer may see, at most MOST."""
    counts = _counts(viewer, None)
    companies = Company.objects.select_related("region").in_bulk(list(counts))
    return [Entry(companies[pk], count) for pk, count in counts.items()]


def _counts(viewer: Viewer, only: Iterable[int] | None) -> Mapping[int, Counts]:
    """By entry, most cases first. One query."""
    visible = Case.objects.visible_to(viewer).filter(received_at__gte=timezone.now() - YEAR)
    again = Exists(Refiling.objects.standing().filter(first=OuterRef("case")))
    rows = Respondent.objects.filter(case__in=visible, company__isnull=False)
    rows = rows.annotate(entry=Company.standing_id("company"), again=again)
    if only is not None:
        rows = rows.filter(entry__in=list(only))
    closed = Q(case__closed_at__isnull=False)
    figures = rows.values("entry").annotate(
        cases=Count("pk"),
        closed=Count("pk", filter=closed),
        solved=Count("pk", filter=closed & Q(case__outcome__solved=Solved.YES)),
        refiled=Count("pk", filter=Q(again=True)),
    )
    ordered = figures.order_by("-cases", "entry")
    shown = ordered[:MOST] if only is None else ordered
    return {row["entry"]: Counts(row["cases"], row["closed"], row["solved"], row["refiled"]) for row in shown}


def figures_of(viewer: Viewer, company: int) -> Figures:
    """Everything about one entry; Missing when there is none."""
    changes = Prefetch("changes", CompanyChange.objects.select_related("by").order_by("-pk"))
    entry = (
        Company.objects.select_related("region", "parent", "merged_into")
        .prefetch_related("aliases", "branches", "merged", "products__lots", changes)
        .filter(pk=company)
        .first()
    )
    if entry is None:
        raise Missing("no_such_company", _("There is no such company in the register."))
    cases = cases_of(viewer, entry.pk)
    year = cases.filter(received_at__gte=timezone.now() - YEAR).order_by()
    by_month = year.annotate(month=TruncMonth("received_at")).values_list("month").annotate(count=Count("pk"))
    by_topic = year.values_list("topic").annotate(count=Count("pk")).order_by("-count", "topic")
    closed, opened = Q(closed_at__isnull=False), Q(closed_at=None)
    outcome = year.aggregate(
        **{str(word): Count("pk", filter=closed & Q(outcome__solved=word)) for word in Solved.values},
        unstated=Count("pk", filter=closed & Q(outcome=None)),
        open=Count("pk", filter=opened),
    )
    recent = cases.select_related("region", "lead_unit").order_by("-pk")[:RECENT]
    return Figures(
        entry,
        _counts(viewer, [entry.pk]).get(entry.pk, Counts()),
        cases.count(),
        sorted(by_month),
        list(by_topic),
        list(outcome.items()),
        list(recent),
    )


def year_count(viewer: Viewer, company: int) -> int:
    """Cases of the year that the viewer may see."""
    return cases_of(viewer, company).filter(received_at__gte=timezone.now() - YEAR).count()
