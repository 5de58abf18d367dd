"""Cursors: whatever the order, pages put together are the list; what is no cursor is told at every list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaints.errors import Invalid
from complaints.keyset import NEWEST, Keyset, numbers
from complaints.models import Case, Role
from tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LISTS = (
    "/api/v1/cases/",
    "/api/v1/cases/?order=due",
    "/api/v1/cases/?order=urgent",
    "/api/v1/cases/?since=2026-01-01",
    "/api/v1/supervision/orders/",
    "/api/v1/supervision/notices/",
    "/api/v1/supervision/signals/",
    "/api/v1/watchdog/triage/",
    "/api/v1/followups/",
    "/api/v1/followups/?ended=1",
    "/api/v1/knowledge/",
    "/api/v1/knowledge/?q=牛奶",
    "/api/v1/respondents/?q=甲",
)


@pytest.mark.parametrize(
    ("keyset", "order"),
    [
        (NEWEST, ["-pk"]),
        (Keyset(), ["pk"]),
        (Keyset("received_at"), ["received_at", "pk"]),
        (Keyset("received_at", down=True), ["-received_at", "-pk"]),
        (Keyset("urgency", code=True), ["urgency", "pk"]),
    ],
)
def test_pages_put_together_are_the_list_ties_and_microseconds_included(keyset, order):
    moments = [
        NOON,
        NOON,
        NOON + timedelta(microseconds=1),
        NOON - timedelta(days=9),
        NOON,
        datetime(1970, 1, 1, tzinfo=UTC),
    ]
    for moment, urgency in zip(moments, ("U3", "U1", "U3", "U3", "U2", "U1"), strict=True):
        Case.objects.filter(pk=make.case().pk).update(received_at=moment, urgency=urgency)
    whole = list(Case.objects.order_by(*order))
    for size in (1, 2, 3, 6, 7):
        seen, cursor = [], ""
        while cursor is not None:
            page, cursor = keyset.page(Case.objects.all(), cursor, size)
            assert len(page) <= size
            seen += page
        assert seen == whole


def test_values_have_the_place_of_their_row():
    case = make.case()
    keyset = Keyset("received_at")
    assert keyset.cursor(Case.objects.values("pk", "received_at").get()) == keyset.cursor(case)


@pytest.mark.parametrize(
    "cursor", ["x", "1.x", "x.1", "1.", ".1", "-1.1", "9999999999999999999.1", "999999999999999999.1"]
)
def test_what_is_no_place_by_a_time_is_refused(cursor):
    with pytest.raises(Invalid) as told:
        Keyset("received_at").behind(Case.objects.all(), cursor)
    assert set(told.value.fields) == {"cursor"}


@pytest.mark.parametrize("cursor", ["U1", "U1.", ".1", "U1.-1", "U\x00.1", "U1.U1.1"])
def test_what_is_no_place_by_a_code_is_refused(cursor):
    with pytest.raises(Invalid):
        Keyset("urgency", code=True).behind(Case.objects.all(), cursor)


@pytest.mark.parametrize("cursor", ["", "1", "1.x", "x.1", "1.1.1"])
def test_two_numbers_are_two_numbers(cursor):
    assert numbers("12.7") == (12, 7)
    with pytest.raises(Invalid):
        numbers(cursor)


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("cursor", ["x", "%00.1", "1.%00", "1.1.1", "9" * 40])
def test_every_list_tells_what_is_no_cursor(url, cursor):
    client = make.client(make.user(Role.SUPERVISOR, region=make.ZHEJIANG))
    answer = client.get(f"{url}{'&' if '?' in url else '?'}cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
    assert list(answer.json()["errors"]) == ["cursor"]
