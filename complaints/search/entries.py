"""What finds a case: its words and its scopes, kept in step with the case inside the same transaction.

A scope is a short word for something by which cases are narrowed down: u12 (a unit that works or worked on it), r33,
r3301, r330106 (its region and those above; r alone: nobody knows), p5 and k12 (the account and the desk that took it
down), w2968 (the week of receipt), tP01 and dproduct (topic, domain), open. Scopes only make the search quick: what
somebody may see is decided by `Case.objects.visible_to` afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db import connection
from django.db.models import Prefetch, QuerySet

from complaints import privacy
from complaints.lifecycle import OPEN
from complaints.models import Case, Event, Respondent
from complaints.search.words import lexemes, vector
from routing.models import Region

SPOKEN: Final = frozenset({"supplement", "reply", "refuse"})  # events whose words belong to the matter
WEEK: Final = 7 * 24 * 3600  # seconds
PERSONAL_NAME: Final = 4  # characters; longer names are those of companies

# One statement whatever happened: nothing is written where neither words nor scopes changed.
_FOLLOW: Final = """
UPDATE complaints_searchentry entry SET words = entry.words || %(words)s::tsvector, scopes = now.scopes
FROM (SELECT %(scopes)s::text[] || ARRAY(
        SELECT 'u' || unit_id FROM complaints_assignment WHERE case_id = %(case)s ORDER BY unit_id) AS scopes) now
WHERE entry.case_id = %(case)s AND (%(spoken)s OR entry.scopes <> now.scopes)
"""
_INDEX: Final = """
INSERT INTO complaints_searchentry (case_id, words, scopes) VALUES (%(case)s, %(words)s::tsvector, %(scopes)s::text[] ||
    ARRAY(SELECT 'u' || unit_id FROM complaints_assignment WHERE case_id = %(case)s ORDER BY unit_id))
ON CONFLICT (case_id) DO UPDATE SET words = excluded.words, scopes = excluded.scopes
"""


def follow(case: Case, event: Event) -> None:
    """Bring the entry of a case up to an event that was just written."""
    if event.kind == "register":
        _write(case, [])
        return
    spoken = event.kind in SPOKEN
    words = region_words(case.region_id or "")
    if spoken:
        words |= lexemes(privacy.mask_text(event.note), case.requester.telltales())
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"words": vector(words), "scopes": scopes(case), "case": case.pk, "spoken": spoken})


def index(cases: Iterable[int]) -> int:
    """Make the entries of these cases (ids) anew; returns how many."""
    said = Event.objects.filter(kind__in=SPOKEN)
    found = Case.objects.filter(pk__in=list(cases)).select_related("requester", "respondent")
    count = 0
    for case in found.prefetch_related(Prefetch("events", said)):
        _write(case, [privacy.mask_text(event.note) for event in case.events.all()])
        count += 1
    return count


def unindexed() -> QuerySet[Case]:
    """Cases that cannot be found by their words yet."""
    return Case.objects.filter(search_entry=None)


def _write(case: Case, said: Iterable[str]) -> None:
    who = case.requester.telltales()
    text = lexemes("\n".join([case.text, *said]), who) | region_words(case.region_id or "")
    text |= lexemes(street(case.place), who) | lexemes(company(case.respondent))
    with connection.cursor() as cursor:
        words = vector(text, lexemes(case.title, who))
        cursor.execute(_INDEX, {"words": words, "scopes": scopes(case), "case": case.pk})


def scopes(case: Case) -> list[str]:
    """All scopes of a case but those of its units."""
    found = region_scopes(case.region_id or "")
    found += [f"w{week_of(case.received_at)}"]
    found += [f"{letter}{value}" for letter, value in _columns(case) if value]
    return [*found, "open"] if case.state in OPEN else found


def _columns(case: Case) -> list[tuple[str, object]]:
    return [("t", case.topic), ("d", case.domain), ("p", case.taken_by_id), ("k", case.taken_by_unit_id)]


def region_scopes(region: str) -> list[str]:
    return [f"r{region[:length]}" for length in (2, 4, 6)] if region else ["r"]


def week_of(moment: datetime) -> int:
    """Weeks since 1970."""
    return int(moment.timestamp()) // WEEK


def street(place: str) -> str:
    """The part of a place that is nobody's home: up to the street."""
    return privacy.mask_address(place).replace("*", "")


def company(respondent: Respondent) -> str:
    """The name of a company. A person's is found as a whole only, by its blind index."""
    name = respondent.name
    return name if respondent.uscc or len(name) > PERSONAL_NAME else ""


def region_words(code: str) -> set[str]:
    return set(_region_words(code)) if code else set()


@lru_cache(maxsize=4096)
def _region_words(code: str) -> frozenset[str]:
    name = Region.objects.filter(pk=code).values_list("full_name", flat=True).first()
    return frozenset(lexemes(name or ""))
