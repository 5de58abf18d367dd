"""Counting days: every official holiday arrangement of 2018-2026, and what must hold for any day and any number."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from complaints.clocks.calendar import ZONE, Calendar, OfficeTime
from complaints.clocks.due import Reckoning
from complaints.clocks.load import DATA


def shipped() -> dict[date, bool]:
    with (DATA / "calendar.csv").open(encoding="utf-8", newline="") as lines:
        return {date.fromisoformat(row["date"]): row["kind"] == "makeup" for row in csv.DictReader(lines)}


CALENDAR = Calendar(shipped())
OFFICE = OfficeTime(CALENDAR, time(9), time(12), time(13, 30), time(17, 30))
LITERAL = OfficeTime(CALENDAR, time(9), time(12), time(13, 30), time(17, 30), late_is_next_day=False)

# Each official arrangement: from the last working day before it, and before its make-up days, so many working days lead
# to the first working day after all of it. Facts: State Council notices, checked against chinesecalendar 1.11.0.
ARRANGEMENTS = [
    ("2018元旦", "2017-12-29", 1, "2018-01-02"),
    ("2018春节", "2018-02-09", 8, "2018-02-26"),
    ("2018清明节", "2018-04-04", 2, "2018-04-09"),
    ("2018劳动节", "2018-04-27", 2, "2018-05-02"),
    ("2018端午节", "2018-06-15", 1, "2018-06-19"),
    ("2018中秋节", "2018-09-21", 1, "2018-09-25"),
    ("2018国庆节", "2018-09-28", 3, "2018-10-08"),
    ("2019元旦", "2018-12-28", 2, "2019-01-02"),
    ("2019春节", "2019-02-01", 3, "2019-02-11"),
    ("2019清明节", "2019-04-04", 1, "2019-04-08"),
    ("2019劳动节", "2019-04-26", 5, "2019-05-06"),
    ("2019端午节", "2019-06-06", 1, "2019-06-10"),
    ("2019中秋节", "2019-09-12", 1, "2019-09-16"),
    ("2019国庆节", "2019-09-27", 8, "2019-10-14"),
    ("2020元旦", "2019-12-31", 1, "2020-01-02"),
    ("2020春节", "2020-01-17", 6, "2020-02-03"),
    ("2020清明节", "2020-04-03", 1, "2020-04-07"),
    ("2020劳动节", "2020-04-24", 10, "2020-05-11"),
    ("2020端午节", "2020-06-24", 2, "2020-06-29"),
    ("2020国庆节", "2020-09-25", 7, "2020-10-12"),
    ("2021元旦", "2020-12-31", 1, "2021-01-04"),
    ("2021春节", "2021-02-05", 8, "2021-02-22"),
    ("2021清明节", "2021-04-02", 1, "2021-04-06"),
    ("2021劳动节", "2021-04-23", 10, "2021-05-10"),
    ("2021端午节", "2021-06-11", 1, "2021-06-15"),
    ("2021中秋节", "2021-09-17", 2, "2021-09-22"),
    ("2021国庆节", "2021-09-24", 8, "2021-10-11"),
    ("2022元旦", "2021-12-31", 1, "2022-01-04"),
    ("2022春节", "2022-01-28", 3, "2022-02-07"),
    ("2022清明节", "2022-04-01", 2, "2022-04-06"),
    ("2022劳动节", "2022-04-22", 10, "2022-05-09"),
    ("2022端午节", "2022-06-02", 1, "2022-06-06"),
    ("2022中秋节", "2022-09-09", 1, "2022-09-13"),
    ("2022国庆节", "2022-09-30", 3, "2022-10-10"),
    ("2023元旦", "2022-12-30", 1, "2023-01-03"),
    ("2023春节", "2023-01-20", 3, "2023-01-30"),
    ("2023清明节", "2023-04-04", 1, "2023-04-06"),
    ("2023劳动节", "2023-04-21", 10, "2023-05-08"),
    ("2023端午节", "2023-06-21", 2, "2023-06-26"),
    ("2023中秋节", "2023-09-28", 1, "2023-10-07"),
    ("2023国庆节", "2023-09-28", 3, "2023-10-09"),
    ("2024元旦", "2023-12-29", 1, "2024-01-02"),
    ("2024春节", "2024-02-02", 8, "2024-02-19"),
    ("2024清明节", "2024-04-03", 2, "2024-04-08"),
    ("2024劳动节", "2024-04-26", 10, "2024-05-13"),
    ("2024端午节", "2024-06-07", 1, "2024-06-11"),
    ("2024中秋节", "2024-09-13", 2, "2024-09-18"),
    ("2024国庆节", "2024-09-27", 8, "2024-10-14"),
    ("2025元旦", "2024-12-31", 1, "2025-01-02"),
    ("2025春节", "2025-01-24", 7, "2025-02-10"),
    ("2025清明节", "2025-04-03", 1, "2025-04-07"),
    ("2025劳动节", "2025-04-25", 5, "2025-05-06"),
    ("2025端午节", "2025-05-30", 1, "2025-06-03"),
    ("2025国庆节", "2025-09-26", 7, "2025-10-13"),
    ("2025中秋节", "2025-09-30", 1, "2025-10-09"),
    ("2026元旦", "2025-12-31", 2, "2026-01-05"),
    ("2026春节", "2026-02-13", 7, "2026-03-02"),
    ("2026清明节", "2026-04-03", 1, "2026-04-07"),
    ("2026劳动节", "2026-04-30", 5, "2026-05-11"),
    ("2026端午节", "2026-06-18", 1, "2026-06-22"),
    ("2026国庆节", "2026-09-18", 12, "2026-10-12"),
    ("2026中秋节", "2026-09-24", 1, "2026-09-28"),
]
days = st.dates(date(2018, 1, 1), date(2026, 12, 31))
counts = st.integers(0, 200)
moments = st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 31), timezones=st.just(ZONE))
amounts = st.one_of(
    st.tuples(st.integers(1, 120).map(lambda halves: Decimal(halves) / 2), st.just("wd")),
    st.tuples(st.integers(1, 120).map(Decimal), st.sampled_from(["d", "h", "min"])),
)
a_while = st.integers(0, 40 * 86400).map(lambda seconds: timedelta(seconds=seconds))


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def due(start: datetime, amount: Decimal, unit: str, office: OfficeTime = OFFICE) -> datetime:
    return Reckoning(office, start, amount, unit).due


@pytest.mark.parametrize(("name", "start", "count", "end"), ARRANGEMENTS, ids=[row[0] for row in ARRANGEMENTS])
def test_every_official_arrangement(name, start, count, end):
    assert CALENDAR.add_working_days(day(start), count) == day(end)
    assert CALENDAR.working_days_between(day(start), day(end)) == count
    assert due(at(f"{start}T10:00"), Decimal(count), "wd") == at(f"{end}T17:30")


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-09-30T10:00", "7", "wd", "2026-10-15T17:30"),
        ("2026-09-30T10:00", "15", "wd", "2026-10-27T17:30"),
        ("2026-02-12T10:00", "7", "wd", "2026-02-28T17:30"),  # ends on a make-up Saturday
        ("2026-02-12T10:00", "60", "d", "2026-04-13T17:30"),
        ("2026-09-20T16:00", "10", "d", "2026-09-30T17:30"),
        ("2026-09-24T10:00", "7", "d", "2026-10-08T17:30"),  # ends on 1 October: rolls over the holiday
        ("2026-04-24T10:00", "15", "d", "2026-05-09T17:30"),  # ends on a Saturday that is worked
        ("2026-11-16T10:00", "0.5", "wd", "2026-11-17T12:00"),
        ("2026-11-16T10:00", "1.5", "wd", "2026-11-18T12:00"),
        ("2026-11-16T17:30", "1", "wd", "2026-11-17T17:30"),  # closing time is still in time
        ("2026-11-16T17:31", "1", "wd", "2026-11-18T17:30"),  # after closing: received on the next working day
        ("2026-11-20T18:00", "1", "wd", "2026-11-24T17:30"),  # Friday evening counts as Monday
        ("2026-11-21T10:00", "1", "wd", "2026-11-24T17:30"),  # and so does Saturday
        ("2026-02-14T10:00", "1", "wd", "2026-02-24T17:30"),  # a make-up Saturday is a day of receipt
        ("2026-09-30T23:00", "24", "h", "2026-10-01T23:00"),
        ("2026-10-01T02:00", "10", "min", "2026-10-01T02:10"),
    ],
)
def test_ends_to_the_minute(start, amount, unit, end):
    assert due(at(start), Decimal(amount), unit) == at(end)


def test_receipt_is_taken_in_the_time_of_china_wherever_it_was_written_down():
    assert due(datetime(2026, 11, 15, 17, 0, tzinfo=UTC), Decimal(1), "wd") == at("2026-11-17T17:30")


def test_an_office_may_count_late_receipt_on_its_own_day():
    assert due(at("2026-11-16T20:00"), Decimal(1), "wd", LITERAL) == at("2026-11-17T17:30")
    assert due(at("2026-11-21T10:00"), Decimal(1), "wd", LITERAL) == at("2026-11-23T17:30")


def test_shipped_days_are_exceptions_and_nothing_else():
    assert all((when.weekday() >= 5) == worked for when, worked in shipped().items())
    assert sorted(CALENDAR.known_years) == list(range(2018, 2027))
    assert len(shipped()) == 164 + 59


def test_a_year_without_its_notice_knows_weekends_only_and_says_so():
    assert not CALENDAR.is_provisional(at("2026-12-01T10:00"), at("2026-12-31T17:30"))
    assert CALENDAR.is_provisional(at("2026-12-25T10:00"), at("2027-01-04T17:30"))
    assert CALENDAR.add_working_days(day("2026-12-31"), 1) == day("2027-01-01")
    # the notice of 2028 may name days of December 2027: that does not make 2027 known
    assert 2027 not in Calendar({day("2027-12-31"): False}).known_years


def test_what_leaves_the_calendar_is_refused():
    with pytest.raises(ValueError, match="outside the calendar"):
        CALENDAR.add_working_days(day("2060-12-01"), 100)
    with pytest.raises(ValueError, match="outside the calendar"):
        CALENDAR.number(day("1999-01-01"))
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(day("2026-12-01"), -1)


@given(days, days, counts)
def test_monotone_in_the_day(one, other, count):
    first, second = sorted((one, other))
    assert CALENDAR.add_working_days(first, count) <= CALENDAR.add_working_days(second, count)
    assert CALENDAR.add_days(first, count) <= CALENDAR.add_days(second, count)


@given(moments, moments, amounts)
def test_monotone_in_the_moment(one, other, amount):
    first, second = sorted((one, other))
    assert due(first, *amount) <= due(second, *amount)
    assert due(first, *amount, office=LITERAL) <= due(second, *amount, office=LITERAL)


@given(days, counts, counts)
def test_monotone_in_the_number(start, one, other):
    fewer, more = sorted((one, other))
    assert CALENDAR.add_working_days(start, fewer) <= CALENDAR.add_working_days(start, more)


@given(days, counts, counts)
def test_additive(start, one, other):
    together = CALENDAR.add_working_days(start, one + other)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, one), other) == together


@given(days, counts)
def test_inverse(start, count):
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.working_days_between(start, end) == count
    assert CALENDAR.is_working(end) or count == 0


@given(st.integers(4000, 8000))
def test_halves_and_their_ends_are_inverse(number):
    assert OFFICE.halves(OFFICE.end_of_half(number)) == number
    assert OFFICE.halves(OFFICE.end_of_half(number) - timedelta(microseconds=1)) == number - 1


@given(st.integers(60_000_000, 100_000_000))
def test_office_seconds_and_their_moments_are_inverse(number):
    assert OFFICE.seconds(OFFICE.at_second(number)) == number


@given(moments, amounts)
def test_an_end_is_later_than_its_start_and_in_office_time(start, amount):
    end = due(start, *amount)
    assert end > start
    if amount[1] in ("wd", "d"):
        assert CALENDAR.is_working(end.date())
        assert end.time() in (time(12), time(17, 30))


@given(moments, amounts, st.lists(st.tuples(a_while, a_while), max_size=4))
def test_pauses_keep_what_was_left(start, amount, pauses):
    """However often it stops, the time that ran before the end is the time that was given."""
    clock = Reckoning(OFFICE, start, *amount)
    given_time = running(clock, start, clock.due)
    now, used = start, 0
    for runs, rests in pauses:
        stop = now + runs
        assume(stop < clock.due)
        used += running(clock, now, stop)
        clock.stop(stop, "suspend")
        clock.go_on(stop + rests, "suspend")
        now = stop + rests
    if amount[1] == "d":
        return  # whole days: held by the test below, for the end may roll over
    assert used + running(clock, now, clock.due) == given_time


def running(clock: Reckoning, begin: datetime, end: datetime) -> int | timedelta:
    """The measure that must be kept: half working days, or the time of day and night."""
    if clock.unit == "wd":
        return clock.office.halves(end) - clock.office.halves(begin)
    return (end - begin) // timedelta(microseconds=1)


@given(moments, st.integers(1, 90), a_while, a_while)
def test_calendar_days_keep_what_was_left_and_roll_over(start, amount, runs, rests):
    clock = Reckoning(OFFICE, start, Decimal(amount), "d")
    stop = start + runs
    assume(stop <= clock.due)
    last = start.date() + timedelta(days=amount)
    clock.stop(stop, "suspend")
    clock.go_on(stop + rests, "suspend")
    left = max(last - stop.date(), timedelta(0))
    assert clock.due == OFFICE.closing(CALENDAR.roll((stop + rests).date() + left))


@given(moments, amounts, a_while)
def test_a_pause_of_no_length_changes_nothing(start, amount, runs):
    clock = Reckoning(OFFICE, start, *amount)
    before = clock.times(50, 20)
    clock.stop(start + runs, "suspend")
    clock.go_on(start + runs, "suspend")
    assert clock.times(50, 20) == before


@given(moments, amounts, a_while, a_while, a_while)
def test_two_grounds_at_once_are_one_pause(start, amount, runs, overlap, rest):
    one, two = Reckoning(OFFICE, start, *amount), Reckoning(OFFICE, start, *amount)
    stop = start + runs
    one.stop(stop, "suspend")
    two.stop(stop, "suspend")
    two.stop(stop + overlap, "begin_appraisal")
    two.go_on(stop + overlap, "suspend")
    one.go_on(stop + overlap + rest, "suspend")
    two.go_on(stop + overlap + rest, "begin_appraisal")
    assert one.due == two.due


@given(moments, st.integers(1, 60), st.integers(1, 30), st.integers(1, 30))
def test_extensions_add_up(start, amount, one, other):
    twice, once = (Reckoning(OFFICE, start, Decimal(amount), "wd") for _ in range(2))
    twice.extend(working_days=one)
    twice.extend(working_days=other)
    once.extend(working_days=one + other)
    assert twice.due == once.due == due(start, Decimal(amount + one + other), "wd")


@given(moments, amounts)
def test_colours_follow_one_another(start, amount):
    clock = Reckoning(OFFICE, start, *amount)
    times = clock.times(50, 20)
    assert start <= times.amber <= times.red <= times.due
    whole = clock.measure(times.due) - clock.measure(start)
    for moment, percent in ((times.amber, 50), (times.red, 20)):
        assert (clock.measure(times.due) - clock.measure(moment)) * 100 < whole * percent or whole == 0


def test_the_colours_of_ten_working_days():
    clock = Reckoning(OFFICE, at("2026-11-16T09:00"), Decimal(10), "wd")
    # eleven office days of 7 hours lie ahead, the day of receipt among them; 38 h 30 min and 15 h 24 min before the end
    assert clock.times(50, 20).due == at("2026-11-30T17:30")
    assert clock.times(50, 20).amber == at("2026-11-23T14:00:01")
    assert clock.times(50, 20).red == at("2026-11-26T16:06:01")
