"""The daily, weekly and monthly report as one document: sentences and tables that page, Excel and PDF show alike.

No personal data and no citizen's words: counts, names of units, places and topics, numbers of cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.figures import counts
from complaints.figures.counts import URGENT
from complaints.figures.periods import Kind, period_words
from complaints.figures.scope import EARLIER, Filter, Scope, figure
from complaints.figures.wall import region_name
from complaints.models import RiskSignal
from complaints.models.case import Urgency
from complaints.rates import Rates, moments

MOST_TOPICS: Final = 20
MOST_HOT: Final = 15
MOST_URGENT: Final = 100
MOST_SIGNALS: Final = 50


def report(scope: Scope, kind: Kind) -> dict[str, Any]:
    """title, sentences and sections; `over`: the period has ended, so that nothing is to come."""
    names = counts.topic_names()
    cube, standing = counts.cube(scope), counts.now_open(scope)
    totals = _totals(scope, cube, standing)
    rates = next(iter(counts.three_rates(scope)), Rates("", ""))
    topics, hot = counts.topics(scope, names, MOST_TOPICS), counts.hot_spots(scope, names, MOST_HOT)
    place = region_name(scope.root)
    return {
        "kind": kind,
        "title": _title(kind) % {"region": place},
        "region": {"code": scope.root, "name": place},
        "since": scope.since,
        "until": scope.until,
        "at": scope.now,
        "over": moments(scope.since, scope.until)[1] <= scope.now,
        "sentences": _sentences(scope, place, totals, rates, topics, hot),
        "sections": [
            _overview(totals, rates),
            _shares("kinds", _("By kind"), counts.shares(scope, counts.summed(cube, "intent"), "intent", _kinds())),
            _shares("domains", _("By domain"),
                    counts.shares(scope, counts.summed(cube, "domain"), "domain", counts.domain_labels())),
            _shares("channels", _("By channel"),
                    counts.shares(scope, counts.summed(cube, "channel"), "channel", counts.channel_labels())),
            _topics(topics),
            _hot(hot),
            _rates(scope, rates),
            _units(scope),
            _regions(counts.regions(scope, counts.summed(cube, "part"), standing)),
            _urgent(counts.urgent(scope.received, names, MOST_URGENT)),
            _signals(scope),
        ],
    }  # fmt: skip


def _title(kind: Kind) -> str:
    if kind == "daily":
        return _("%(region)s: daily report on quality complaints")
    if kind == "weekly":
        return _("%(region)s: weekly report on quality complaints")
    return _("%(region)s: monthly report on quality complaints")


def _kinds() -> dict[str, str]:
    return {
        "complaint": pgettext("intent", "complaint"),
        "report": pgettext("intent", "report"),
        "consult": pgettext("intent", "question"),
        "suggest": pgettext("intent", "proposal"),
        "help": pgettext("intent", "call for help"),
        "praise": pgettext("intent", "praise"),
        "follow_up": pgettext("intent", "reminder"),
        "withdraw": pgettext("intent", "withdrawal"),
        "": _("not classified yet"),
    }


def _totals(scope: Scope, cube: list[dict[str, Any]], standing: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    earlier = {
        f"w{n}": Count("pk", filter=Q(received_at__gte=first, received_at__lt=last))
        for n, (first, last) in enumerate(scope.windows()[1:])
    }
    longest = scope.windows()[-1][0]
    counted = sum(scope.seen.filter(received_at__gte=longest).aggregate(**earlier).values())
    return {
        "received": figure(sum(row["count"] for row in cube), scope.dated()),
        "before": {"mean": round(counted / EARLIER, 1)},
        "dispatched": figure(sum(row["dispatched"] for row in cube), scope.dated(lead="any")),
        **counts.fate(scope),
        "urgent_in": figure(
            scope.received.filter(urgency__in=URGENT).aggregate(n=Count("pk"))["n"],
            scope.dated(urgency=",".join(URGENT)),
        ),
        "open": figure(sum(row["count"] for row in standing), scope.standing(state="open")),
        "overdue": figure(sum(row["overdue"] for row in standing), scope.standing(due="overdue")),
        **counts.supervision(scope),
    }


def _sentences(  # noqa: PLR0917 (what a report speaks of)
    scope: Scope,
    place: str,
    totals: Mapping[str, Mapping[str, Any]],
    rates: Rates,
    topics: list[dict[str, Any]],
    hot: list[dict[str, Any]],
) -> list[str]:
    number = {name: one.get("count", 0) for name, one in totals.items()}
    period = {"period": period_words(scope.since, scope.until), "region": place}
    mean = totals["before"]["mean"]
    said = [
        _("%(period)s: %(received)d matters came in from %(region)s; the four periods before had %(mean)s on "
          "average.") % {**period, "received": number["received"], "mean": _plain(mean)},
        _("Of these, %(dispatched)d were given to units, %(returned)d were returned, %(reopened)d reopened, %(raised)d "
          "raised a level, and %(repeated)d say again what was closed as solved before.") % number,
        _("%(closed)d cases were closed; %(yuan)s yuan were recovered for citizens.")
        % {"closed": rates.closed, "yuan": rates.recovered},
        _("At the time of this report %(open)d cases are open, %(overdue)d of them overdue; %(supervised)d are under "
          "supervision, %(supervised_late)d of them without an answer in time.") % number,
    ]  # fmt: skip
    if topics:
        most = sorted(topics, key=lambda one: (-one["count"], one["key"]))[:3]
        listed = _join(f"{one['name']}（{one['count']}）" for one in most)
        said.append(_("Most cases were about: %(topics)s.") % {"topics": listed})
    if hot:
        listed = _join(f"{one['part']} {one['name']}（{one['count']}）" for one in hot[:3])
        said.append(_("Unusually many: %(spots)s.") % {"spots": listed})
    if moments(scope.since, scope.until)[1] > scope.now:
        at = date_format(timezone.localtime(scope.now), "DATETIME_FORMAT")
        said.append(_("The period is not over; counted until %(at)s.") % {"at": at})
    return said


def _join(parts: Iterable[str]) -> str:
    return "、".join(parts)


def _plain(number: float) -> str:
    """Without a zero behind the point."""
    return f"{number:g}"


def _signed(number: float) -> str:
    return f"{number:+g}" if number else "0"


def word(text: str, case: str = "") -> dict[str, Any]:
    return {"text": text, "number": None, "filter": None, "case": case}


def num(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": str(one["count"]), "number": one["count"], "filter": one["filter"], "case": ""}


def bare(number: float, text: str = "") -> dict[str, Any]:
    return {"text": text or _plain(number), "number": number, "filter": None, "case": ""}


def part_of(count: int, of: int, shown_by: Filter | None = None) -> dict[str, Any]:
    """83.3%（5/6）; — where there is nothing to divide by."""
    text = f"{100 * count / of:.1f}%（{count}/{of}）" if of else "—"
    return {"text": text, "number": None, "filter": shown_by if of else None, "case": ""}


Rows = list[list[dict[str, Any]]]  # cells, as num, bare, word and part_of make them


def section(key: str, title: str, columns: list[str], rows: Rows, note: str = "") -> dict[str, Any]:
    return {"key": key, "title": title, "columns": columns, "rows": rows, "note": note}


def _overview(totals: Mapping[str, Mapping[str, Any]], rates: Rates) -> dict[str, Any]:
    lines = {
        "received": _("Received"),
        "dispatched": _("Given to units"),
        "returned": _("Returned by a unit"),
        "reopened": _("Reopened"),
        "raised": _("Raised a level"),
        "repeated": _("Filed again"),
        "urgent_in": _("Urgent (U1, U2)"),
        "open": _("Open now"),
        "overdue": _("Overdue now"),
        "supervised": _("Under supervision now"),
        "supervised_late": _("Supervision overdue now"),
    }
    rows = [[word(label), num(totals[name])] for name, label in lines.items()]
    rows.insert(1, [word(_("Mean of the four periods before")), bare(totals["before"]["mean"])])
    rows.append([word(_("Closed in the period")), bare(rates.closed)])
    rows.append([word(_("Recovered, yuan")), bare(float(rates.recovered), f"{rates.recovered:.2f}")])
    note = _("From “given to units” to “urgent”: of those received in the period, as they stand now.")
    return section("overview", _("Overview"), [_("Figure"), _("Cases")], rows, note)


def _shares(key: str, title: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    total = sum(line["count"] for line in lines)
    rows = [[word(line["name"]), num(line), part_of(line["count"], total)] for line in lines]
    return section(key, title, [title, _("Cases"), _("Share")], rows)


def _topics(lines: list[dict[str, Any]]) -> dict[str, Any]:
    lines = sorted(lines, key=lambda one: (-one["count"], one["key"]))
    rows = [
        [word(line["name"]), num(line), bare(line["mean"]), bare(line["change"], _signed(line["change"])),
         word(_("unusually many") if line["hot"] else "")]
        for line in lines
    ]  # fmt: skip
    columns = [_("Topics"), _("Cases"), _("Mean of the four periods before"), _("Change"), _("Remark")]
    return section("topics", _("Topics"), columns, rows)


def _hot(lines: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [[word(line["part"]), word(line["name"]), num(line), bare(line["mean"])] for line in lines]
    columns = [_("Region"), _("Topics"), _("Cases"), _("Mean of the four periods before")]
    note = _("At least three cases, and more than two standard deviations above the mean.")
    return section("hot", _("Hot spots"), columns, rows, note)


def _rates(scope: Scope, group: Rates) -> dict[str, Any]:
    named = {
        "response": _("Response rate"),
        "resolution": _("Resolution rate"),
        "resolution_net": _("Resolution rate without those filed again"),
        "satisfaction": _("Satisfaction rate"),
    }
    rows = [
        [word(named[one["key"]]), part_of(one["count"], one["of"], one["cases"]["of"]),
         word(f"{100 * one['low']:.1f}%–{100 * one['high']:.1f}%" if one["of"] else "—")]
        for one in counts.rates_of(scope, group)
    ]  # fmt: skip
    return section("rates", _("The three rates"), [_("Figure"), _("Share"), _("95 % interval")], rows)


def _units(scope: Scope) -> dict[str, Any]:
    by_unit = {group.key: group for group in counts.three_rates(scope, "unit")}
    rows = []
    lines = counts.units(scope)
    known = {line["key"] for line in lines}
    gone = [group for key, group in by_unit.items() if key and key not in known]  # only closed in the period
    none = figure(0, {})
    lines += [
        {"key": group.key, "name": group.name, **dict.fromkeys(("open", "overdue", "given", "returned"), none)}
        for group in gone
    ]
    for line in sorted(lines, key=lambda one: (-one["given"]["count"], one["key"])):
        group = by_unit.get(line["key"], Rates(line["key"], line["name"]))
        shares = {one["key"]: one for one in counts.rates_of(scope, group, "unit")}
        rows.append(
            [
                word(line["name"]),
                num(line["given"]),
                part_of(line["returned"]["count"], line["given"]["count"], line["returned"]["filter"]),
                num(line["open"]),
                num(line["overdue"]),
                *(
                    part_of(shares[name]["count"], shares[name]["of"], shares[name]["cases"]["of"])
                    for name in ("response", "resolution", "satisfaction")
                ),
                bare(float(group.recovered), f"{group.recovered:.2f}"),
            ]
        )
    columns = [_("Unit"), _("Given"), _("Return rate"), _("Open now"), _("Overdue now"), _("Response rate"),
               _("Resolution rate"), _("Satisfaction rate"), _("Recovered, yuan")]  # fmt: skip
    return section("units", _("By unit"), columns, rows)


def _regions(lines: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [
        [word(line["name"]), *(num(line[what]) for what in ("received", "open", "overdue", "urgent"))] for line in lines
    ]
    columns = [_("Region"), _("Received"), _("Open now"), _("Overdue now"), _("Urgent, open now")]
    return section("regions", _("By region"), columns, rows)


def _urgent(lines: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [
        [word(str(Urgency(line["urgency"]).label)), word(line["number"], line["number"]), word(line["topic"]),
         word(line["region"]), word(line["unit"]), word(line["state"]),
         word(f"{timezone.localtime(line['received_at']):%m-%d %H:%M}")]
        for line in lines
    ]  # fmt: skip
    columns = [_("Urgency"), _("Number"), _("Topics"), _("Region"), _("Lead unit"), _("State"), _("Received")]
    return section("urgent", _("Urgent cases of the period"), columns, rows)


def _signals(scope: Scope) -> dict[str, Any]:
    first, after = moments(scope.since, scope.until)
    found = RiskSignal.objects.filter(case__in=scope.seen, last_at__gte=first, at__lt=after).select_related("case")
    rows = [
        [word(row.why), bare(row.cases), bare(len(row.counties)), word(row.case.number, row.case.number),
         word(str(row.get_state_display()))]
        for row in found.order_by("-cases", "pk")[:MOST_SIGNALS]
    ]  # fmt: skip
    columns = [_("Rule"), _("Cases"), _("Counties"), _("Latest case"), _("State")]
    return section("signals", _("Risk signals"), columns, rows)
