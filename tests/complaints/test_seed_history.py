"""The made-up past: whole in every table, and lived by the rules that hold for real cases."""

from __future__ import annotations

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q

from complaints.clocks.policies import current_book
from complaints.clocks.times import reckon
from complaints.lifecycle import AT_WORK, ENDED, MOVES, OPEN
from complaints.management.commands import seed_history
from complaints.models import Assignment, Case, Clock, Event, Part, Role, SearchEntry
from complaints.numbers import normalise_number
from complaints.search import index
from tests import make

pytestmark = pytest.mark.django_db
COUNT = 400


@pytest.fixture
def seeded():
    call_command("seed_history", cases=COUNT, verbosity=0, stdout=StringIO())
    return Case.objects.order_by("pk")


def test_every_case_is_whole(seeded):
    assert seeded.count() == COUNT
    assert not seeded.filter(synthetic=False).exists()
    for case in seeded.select_related("requester", "respondent", "search_entry")[:50]:
        assert normalise_number(case.number) == case.number
        assert case.number[:8] == f"{case.received_at.astimezone():%Y%m%d}"
        assert case.text
        assert case.respondent.name
        assert case.requester.anonymous or len(case.requester.phone) == 11
        assert case.search_entry.words
    assert seeded.filter(decisions=None).count() == seeded.filter(predictions=None).count() == 0


def test_events_follow_the_table_of_moves(seeded):
    for case in seeded.prefetch_related("events"):
        events = sorted(case.events.all(), key=lambda event: event.version)
        assert [event.version for event in events] == list(range(1, case.version + 1))
        assert (events[0].kind, events[0].from_state, events[0].at) == ("register", "", case.received_at)
        for before, event in pairwise(events):
            assert event.from_state == before.to_state
            assert event.at >= before.at
            assert before.to_state in MOVES[event.kind].sources
            assert event.to_state == (MOVES[event.kind].target or event.from_state)
        assert events[-1].to_state == case.state


def test_units_at_work_fit_the_state(seeded):
    active = Count("assignments", filter=Q(assignments__active=True, assignments__part=Part.LEAD))
    for case in seeded.annotate(active=active):
        assert case.active == (case.state in AT_WORK)
    lead = Assignment.objects.filter(part=Part.LEAD).exclude(unit=F("case__lead_unit"))
    assert not lead.exists()


def test_deadlines_are_those_that_the_calendar_gives(seeded):
    book = current_book()
    clocks = list(Clock.objects.select_related("case", "policy"))
    assert len(clocks) > COUNT
    for clock in clocks:
        assert reckon(clock, book, clock.case.region_id or "").due == clock.due_at
        assert clock.runs == (clock.state in ("running", "paused"))
        if clock.case.state in ENDED and clock.runs:
            assert clock.policy.outlives_case
    running = {clock.case_id for clock in clocks if clock.state == "running" and not clock.policy.is_window}
    assert set(seeded.filter(due_at__isnull=False).values_list("pk", flat=True)) == running


def test_figures_are_plausible(seeded):
    assert 0 < seeded.filter(state__in=OPEN).count() < COUNT * 0.15
    assert seeded.filter(state="closed").count() > COUNT * 0.7
    assert seeded.values("topic").distinct().count() > 25
    assert seeded.values("lead_unit").distinct().count() > 50
    assert not seeded.filter(state="closed", closed_at=None).exists()


def test_they_are_found_worked_on_and_seen_as_any_case(seeded):
    client = make.client(make.user(Role.SUPERVISOR, region=make.ZHEJIANG))
    page = client.get("/api/v1/cases/", {"q": "希望尽快处理"}).json()
    assert page["results"]
    for case in (seeded.filter(state__in=OPEN).first(), seeded.filter(state="closed").first()):
        assert client.get(f"/api/v1/cases/{case.number}/").status_code == 200
    number = make.case().number
    assert Case.objects.get(number=number).pk > seeded.last().pk or not Case.objects.filter(
        number=number, synthetic=True
    )


def test_the_words_are_those_that_the_search_would_have_found(seeded):
    sample = list(seeded.values_list("pk", flat=True)[::4])
    made = {entry.pk: (entry.words, set(entry.scopes)) for entry in SearchEntry.objects.filter(case__in=sample)}
    assert index(sample) == len(sample) == COUNT // 4
    for entry in SearchEntry.objects.filter(case__in=sample).select_related("case"):
        assert made[entry.pk] == (entry.words, set(entry.scopes)), entry.case.text


def test_real_cases_are_not_mixed_with_made_up_ones():
    make.case()
    with pytest.raises(CommandError):
        call_command("seed_history", cases=10)
    assert Case.objects.count() == 1
    assert Event.objects.count() == 1


def test_the_same_seed_tells_the_same_stories(seeded):
    texts = list(seeded.values_list("text", flat=True)[: COUNT // 2])  # the last ones go on between two runs
    last = seeded[COUNT - 1].pk
    call_command("seed_history", cases=COUNT, yes=True, stdout=StringIO())
    again = Case.objects.filter(pk__gt=last).order_by("pk").values_list("text", flat=True)
    assert list(again[: COUNT // 2]) == texts


def test_every_link_leads_somewhere(seeded):
    """Foreign keys are not checked while the rows come in."""
    seen = 0
    with connection.cursor() as cursor:
        cursor.execute(_LINKS)
        for table, column, target, key in cursor.fetchall():
            cursor.execute(
                f"SELECT count(t.{column}), count(t.{column}) FILTER (WHERE o.{key} IS NULL)"  # noqa: S608
                f" FROM {table} t LEFT JOIN {target} o ON o.{key} = t.{column}"
            )
            links, broken = cursor.fetchone()
            assert not broken, (table, column)
            seen += links > 0
        assert seen > 15
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)


_LINKS = """
SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.conrelid::regclass::text LIKE 'complaints_%'
"""


@pytest.mark.parametrize("may_trust", [True, False])
def test_what_is_taken_down_is_put_back(monkeypatch, may_trust):
    monkeypatch.setattr(seed_history, "GREAT", 1)
    if not may_trust:
        monkeypatch.setattr(seed_history, "trust_links", lambda: False)
    tables = [model._meta.db_table for model in (Case, Event, SearchEntry)]
    before = _definitions(tables)
    call_command("seed_history", cases=5, stdout=StringIO())
    assert _definitions(tables) == before
    assert Case.objects.count() == 5


def _definitions(tables):
    with connection.cursor() as cursor:
        # PostgreSQL words a condition anew when it reads its own definition back
        cursor.execute(
            "SELECT indexname, split_part(indexdef, ' WHERE ', 1) FROM pg_indexes WHERE tablename = ANY(%s) ORDER BY 1",
            [tables],
        )
        found = cursor.fetchall()
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = ANY(%s::regclass[]) ORDER BY 1",
            [tables],
        )
        return found + cursor.fetchall()
