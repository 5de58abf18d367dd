"""What the supervisor's wall (大屏) shows, in a fixed number of queries."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from complaints.figures import counts
from complaints.figures.counts import URGENT
from complaints.figures.scope import Scope, figure
from complaints.lifecycle import MOVES
from complaints.models import Event
from complaints.rates import Rates
from routing.models import Region

MOST_TOPICS: Final = 10
MOST_UNITS: Final = 12
MOST_URGENT: Final = 12
MOST_EVENTS: Final = 20
# What a room full of people may read: no step that tells who reported, nothing of rewards, notes and looks.
TICKER: Final = (
    "register", "route", "dispatch", "sign", "return", "adjudicate", "start", "reply", "close", "reopen",
    "level_up", "transfer", "hand_over", "overdue", "escalate", "order_supervision", "instruct", "supervision_overdue",
)  # fmt: skip


def wall(scope: Scope) -> dict[str, Any]:
    """Everything at once, over one moment; `Scope.of` says who may ask."""
    names = counts.topic_names()
    received, standing = counts.cube(scope), counts.now_open(scope)
    by_part = counts.summed(received, "part")
    overdue = sum(row["overdue"] for row in standing)
    pressing = sum(row["urgent"] for row in standing)
    figures = {
        "received": figure(by_part.total(), scope.dated()),
        "dispatched": figure(sum(row["dispatched"] for row in received), scope.dated(lead="any")),
        "open": figure(sum(row["count"] for row in standing), scope.standing(state="open")),
        "overdue": figure(overdue, scope.standing(due="overdue")),
        "urgent": figure(pressing, scope.standing(state="open", urgency=",".join(URGENT))),
        **counts.fate(scope),
        **counts.supervision(scope),
    }
    units = [unit for unit in counts.units(scope) if unit["open"]["count"]]
    return {
        "at": scope.now,
        "since": scope.since,
        "until": scope.until,
        "region": {"code": scope.root, "name": region_name(scope.root)},
        "figures": figures,
        "inflow": counts.inflow(scope),
        "domains": counts.shares(scope, counts.summed(received, "domain"), "domain", counts.domain_labels()),
        "channels": counts.shares(scope, counts.summed(received, "channel"), "channel", counts.channel_labels()),
        "regions": counts.regions(scope, by_part, standing),
        "deadlines": counts.deadlines(scope, standing),
        "topics": counts.topics(scope, names, MOST_TOPICS),
        "rates": counts.rates_of(scope, next(iter(counts.three_rates(scope)), Rates("", ""))),
        "units": units[:MOST_UNITS],
        "urgent": counts.urgent(scope.open, names, MOST_URGENT),
        "events": latest(scope),
    }


def latest(scope: Scope) -> list[dict[str, Any]]:
    """The newest steps of visible cases: kind, number, place; nobody's words."""
    rows = Event.objects.filter(kind__in=TICKER, case__in=scope.seen).order_by("-pk")
    found = rows.values("pk", "at", "kind", "case__number", "case__urgency", "case__region__full_name")[:MOST_EVENTS]
    return [
        {
            "id": row["pk"],
            "at": row["at"],
            "number": row["case__number"],
            "kind": row["kind"],
            "name": str(MOVES[row["kind"]].label),
            "urgency": row["case__urgency"],
            "region": row["case__region__full_name"] or "",
        }
        for row in found
    ]


def region_name(code: str) -> str:
    """ "" stands for all that there is."""
    if not code:
        return _("all regions")
    return Region.objects.values_list("full_name", flat=True).get(pk=code)
