"""The special report (专报) on a cluster: what a risk signal stands for, on one page, in the form of period reports.

Like them without personal data and without citizens' words: counts, units, places, topics, numbers of cases.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from complaints import privacy
from complaints.figures import counts
from complaints.figures.conditions import supervised
from complaints.figures.periods import period_words
from complaints.figures.report import Rows, bare, section, word
from complaints.figures.scope import Scope
from complaints.lifecycle import OPEN
from complaints.models import Case, RiskSignal, SignalState, User
from complaints.models.case import Urgency
from complaints.rates import Rates

BEFORE: Final = timedelta(days=30)  # the longest window by which cases are found to belong together (rule G3)
MOST_CASES: Final = 20
_ABOUT: Final = {"company": "respondent__company", "lot": "respondent__lot", "name": "respondent__name_index"}


@dataclass(frozen=True)
class Cluster(Scope):
    """The cases about one subject that the viewer may see. subject: as in RiskSignal."""

    subject: str = ""

    @cached_property
    def only(self) -> Q:
        kind, _colon, value = self.subject.partition(":")
        return Q(**{_ABOUT[kind]: value})


def special_report(viewer: User, signal: RiskSignal) -> dict[str, Any]:
    """Title, sentences and tables about the cases of a signal, from 30 days before it until now."""
    scope = _cluster(viewer, signal)
    names = counts.topic_names()
    cases = scope.received
    about = subject_name(signal)
    rates = next(iter(counts.three_rates(scope)), Rates("", ""))
    return {
        "kind": f"special-{signal.pk}",
        "title": _("Special report: %(about)s") % {"about": about},
        "region": {"code": scope.root, "name": ""},
        "since": scope.since,
        "until": scope.until,
        "at": scope.now,
        "over": False,
        "sentences": _sentences(scope, signal, about, rates),
        "sections": [
            _counted("regions", _("By region"), _("Region"), _regions(scope)),
            _counted("topics", _("By topic"), _("Topics"), _topics(cases, names)),
            _counted("units", _("By unit"), _("Lead unit"), _units(cases)),
            _cases(cases, names),
        ],
    }


def subject_name(signal: RiskSignal) -> str:
    """The company or lot as registered; else the respondent as it was called, without what is personal in it."""
    respondent = signal.case.respondent
    kind = signal.subject.partition(":")[0]
    if kind == "company" and respondent.company:
        return respondent.company.name
    if kind == "lot" and respondent.lot:
        return _("%(product)s, lot %(lot)s") % {"product": respondent.lot.product.name, "lot": respondent.lot.number}
    return privacy.mask_text(respondent.name)


def _cluster(viewer: User, signal: RiskSignal) -> Cluster:
    now, since = timezone.now(), signal.at - BEFORE
    found = Cluster(viewer, timezone.localdate(since), timezone.localdate(now), "", now, signal.subject)
    first = found.received.aggregate(first=Min("received_at"))["first"]
    day = timezone.localdate(first or signal.at)
    return Cluster(viewer, day, found.until, "", now, signal.subject)


def _sentences(scope: Cluster, signal: RiskSignal, about: str, rates: Rates) -> list[str]:
    is_open = Q(state__in=sorted(OPEN))
    counted = scope.received.aggregate(
        cases=Count("pk"),
        counties=Count("region", distinct=True),
        grave=Count("pk", filter=Q(urgency__in=counts.URGENT)),
        closed=Count("pk", filter=Q(closed_at__isnull=False)),
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(due_at__lt=scope.now)),
        supervised=Count("pk", filter=Q(supervised("running", scope.now))),
    )
    period = period_words(scope.since, scope.until)
    said = [
        _("%(period)s: %(cases)d matters about %(about)s came in, from %(counties)d counties or districts; %(grave)d "
          "of them are urgent (U1, U2).") % {**counted, "period": period, "about": about},
        _("%(closed)d are closed, %(open)d are open, %(overdue)d of these overdue; %(supervised)d are under "
          "supervision. %(yuan)s yuan were recovered for citizens.")
        % {**counted, "yuan": f"{rates.recovered:.2f}"},
        _("Found by: %(why)s.") % {"why": signal.why},
    ]  # fmt: skip
    if signal.state == SignalState.SETTLED:
        said.append(_("Settled: %(conclusion)s") % {"conclusion": privacy.mask_text(signal.conclusion)})
    return said


def _counted(key: str, title: str, column: str, found: Counter[str]) -> dict[str, Any]:
    rows: Rows = [[word(name), bare(count)] for name, count in sorted(found.items(), key=lambda one: (-one[1], one[0]))]
    return section(key, title, [column, _("Cases")], rows)


def _regions(scope: Cluster) -> Counter[str]:
    found = scope.received.values("region__full_name").annotate(count=Count("pk"))
    return Counter({row["region__full_name"] or _("place unknown"): row["count"] for row in found})


def _topics(cases: QuerySet[Case], names: dict[str, str]) -> Counter[str]:
    found = cases.values("topic").annotate(count=Count("pk"))
    return Counter({names.get(row["topic"], "") or _("not classified yet"): row["count"] for row in found})


def _units(cases: QuerySet[Case]) -> Counter[str]:
    found = cases.values("lead_unit__name").annotate(count=Count("pk"))
    return Counter({row["lead_unit__name"] or _("not given to a unit yet"): row["count"] for row in found})


def _cases(cases: QuerySet[Case], names: dict[str, str]) -> dict[str, Any]:
    """The most urgent and then the latest."""
    rows: Rows = [
        [
            word(case.number, case.number),
            word(names.get(case.topic, case.topic)),
            word(str(Urgency(case.urgency).label)),
            word(case.lead_unit.name if case.lead_unit else ""),
            word(str(case.get_state_display())),
            word(f"{timezone.localtime(case.received_at):%m-%d %H:%M}"),
        ]
        for case in cases.select_related("lead_unit")
        .order_by("urgency", "-pk")
        .defer("text", "sealed_text", "place")[:MOST_CASES]
    ]
    columns = [_("Number"), _("Topics"), _("Urgency"), _("Lead unit"), _("State"), _("Received")]
    note = _("The %(most)d most urgent and latest.") % {"most": MOST_CASES} if len(rows) == MOST_CASES else ""
    return section("cases", _("Cases of the cluster"), columns, rows, note)
