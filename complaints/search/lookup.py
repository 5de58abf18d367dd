"""The newest cases that hold a query's words and that somebody may see, whatever the size of the table.

A word that stands in few cases is looked up at once. A common one, as the last weeks tell, is looked for from now
backwards, in spans of weeks that should hold enough and double, until enough was found; `scopes`
(complaints.search.entries) keep each look small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final, cast

from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from complaints import privacy
from complaints.models import Case, Respondent, Role, User, Viewer
from complaints.search.entries import week_of
from complaints.search.words import Query
from routing.models.places import scope_prefix

CAP: Final = 500  # results of a search
AT_ONCE: Final = 2_000  # candidates of one look
LATELY: Final = 2  # weeks that tell how common a word is
COMMON: Final = 100  # hits in these weeks from which on a word is not looked up in all years at once
PATIENCE: Final = 20_000  # candidates looked at before a search with a rare filter gives up
Scopes = Collection[str]  # a case has at least one of them


@dataclass(frozen=True, slots=True)
class Found:
    """Hits as (id, received), newest first. capped: there may be more, older ones. ranks: how well each fits."""

    hits: list[tuple[int, datetime]]
    capped: bool
    ranks: dict[int, float]


def find(
    viewer: Viewer, cases: QuerySet[Case], query: Query, narrow: Sequence[Scopes] = (), *, best: bool = False
) -> Found:
    """At most CAP of the cases (a queryset that `visible_to` made), newest first. narrow: scopes that follow from the
    queryset's filters; all of them must hold. best: tell how well each fits, too."""
    if query.number:
        numbered = cases.filter(number__startswith=query.number).order_by("-number")
        first = list(numbered.values_list("pk", "received_at")[: CAP + 1])
        return Found(_newest(first[:CAP]), len(first) > CAP, {})
    if not query.words:
        return Found([], False, {})
    scopes = [*narrow, *([own] if (own := _scopes_of(viewer)) is not None else [])]
    with transaction.atomic(), connection.cursor() as cursor:
        # With a LIMIT the planner believes that a walk through the whole table will soon meet enough.
        cursor.execute("SET LOCAL enable_seqscan = off")
        found = _found(cases, query, scopes, best)
        cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _found(cases: QuerySet[Case], query: Query, scopes: list[Scopes], best: bool) -> Found:
    oldest = Case.objects.aggregate(first=Min("received_at"))["first"]
    if oldest is None:
        return Found([], False, {})
    last, first = week_of(timezone.now()) + 1, week_of(oldest)  # the next week too, for clocks differ
    newest = _looks(query, [*scopes, _weeks(last - LATELY + 1, last)], best)
    lately = next(newest)
    if len(lately) < COMMON and len(lately) * (last - first + 1) <= AT_ONCE * LATELY:
        ranks = _look(query, scopes, AT_ONCE + 1, best=best)
        if len(ranks) <= AT_ONCE:
            hits = _newest(_may_see(cases, [*ranks, *_by_name(query)]))
            return Found(hits[:CAP], len(hits) > CAP, ranks)
    size = LATELY * max(CAP // max(len(lately), 1), 1)  # so many weeks should hold enough
    earlier = (_looks(query, [*scopes, weeks], best) for weeks in _spans(last - LATELY, first, size))
    ranks, hits, seen = {}, _may_see(cases, _by_name(query)), 0
    for look in chain([lately], newest, chain.from_iterable(earlier)):
        ranks |= look
        hits += _newest(_may_see(cases, list(look)))
        seen += len(look)
        if len(hits) > CAP or seen >= PATIENCE:
            return Found(_newest(hits)[:CAP], True, ranks)
    return Found(_newest(hits), False, ranks)


def _looks(query: Query, scopes: Sequence[Scopes], best: bool) -> Iterator[dict[int, float]]:
    """All candidates of the scopes, the newest first, so many at a time; at least one look."""
    below: int | None = None
    while True:
        look = _look(query, scopes, AT_ONCE, below, newest=True, best=best)
        yield look
        if len(look) < AT_ONCE:
            return
        below = min(look)


def _look(
    query: Query,
    scopes: Sequence[Scopes],
    limit: int,
    below: int | None = None,
    *,
    newest: bool = False,
    best: bool = False,
) -> dict[int, float]:
    """Candidates and how well they fit (0: nobody asked)."""
    where = ["words @@ %s::tsquery", *("scopes && %s::text[]" for _ in scopes)]
    params: list[Any] = [query.tsquery, *(list(scope) for scope in scopes)]
    if below is not None:
        where.append("case_id < %s")
        params.append(below)
    order = "ORDER BY case_id DESC" if newest else ""
    # Materialised: otherwise the order would tempt the planner to walk the primary key.
    columns = "case_id, words" if best else "case_id"
    sql = f"""
        WITH found AS MATERIALIZED (SELECT {columns} FROM complaints_searchentry WHERE {" AND ".join(where)}
                                    {"" if newest else f"LIMIT {limit}"})
        SELECT case_id, {"ts_rank(words, %s::tsquery)" if best else "0.0::float8"} FROM found {order} LIMIT {limit}
    """  # noqa: S608 (conditions of ours; every value is a parameter)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, query.tsquery] if best else params)
        return dict(cursor.fetchall())


def _may_see(cases: QuerySet[Case], ids: list[int]) -> list[tuple[int, datetime]]:
    if not ids:
        return []
    asked = cases.order_by().extra(where=["complaints_case.id = ANY(%s)"], params=[cast(Any, ids)])
    return list(asked.values_list("pk", "received_at"))


def _newest(hits: list[tuple[int, datetime]]) -> list[tuple[int, datetime]]:
    return sorted(set(hits), key=lambda hit: (hit[1], hit[0]), reverse=True)


def _by_name(query: Query) -> list[int]:
    """Cases against exactly this name, which may be a person's and so is no search word."""
    index = privacy.keyed_hash(query.typed, "respondent-name")
    return list(Respondent.objects.filter(name_index=index).values_list("case_id", flat=True)[:AT_ONCE])


def _spans(last: int, first: int, size: int) -> Iterator[list[str]]:
    """The scopes of so many weeks back from the last one, of twice as many before those, and so on until the first."""
    while last >= first:
        yield _weeks(last - size + 1, last)
        last, size = last - size, size * 2


def _weeks(first: int, last: int) -> list[str]:
    return [f"w{week}" for week in range(first, last + 1)]


def _scopes_of(viewer: Viewer) -> Scopes | None:
    """Scopes that every case visible to the viewer has at least one of; None: no such thing is known."""
    if not isinstance(viewer, User) or viewer.is_superuser:
        return None
    match viewer.role:
        case Role.OFFICER:
            return [f"u{viewer.unit_id}"]
        case Role.CALL_TAKER:
            return [f"p{viewer.pk}", *([f"k{viewer.unit_id}"] if viewer.unit_id else [])]
        case Role.DISPATCHER | Role.SUPERVISOR if viewer.region_id:
            prefix = scope_prefix(viewer.region_id)
            return None if len(prefix) == 2 else [f"r{prefix}", "r"]
        case Role.PARTNER:
            return [f"p{viewer.pk}"]
    return None
