"""Calendar and policies as data: loaded, corrected by hand, and what a change does to deadlines that run."""

from __future__ import annotations

import csv
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connections
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from complaints import actions
from complaints.actions.deadlines import RECOUNT_JOB, cases_without_clocks
from complaints.clocks.load import DATA, POLICIES, add_calendar, load
from complaints.clocks.policies import changed, current_book, current_token
from complaints.lifecycle import MOVES
from complaints.models import CalendarDay, Case, Clock, ClockPolicy, ClockProfile, Event
from routing.models.dated import Origin
from routing.tables import DataError
from tests import make
from tests.complaints.test_clocks import clock, happen, local, received

NOTICE_OF_2027 = """date,kind,name,source
2027-01-01,holiday,元旦,测试用，非正式安排
2027-01-04,holiday,元旦,测试用，非正式安排
2027-01-09,makeup,元旦,测试用，非正式安排
2027-10-01,holiday,国庆节,测试用，非正式安排
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "2027.csv"
    path.write_text(NOTICE_OF_2027, encoding="utf-8")
    return path


@pytest.fixture
def office(client):
    client.force_login(get_user_model().objects.create_superuser("root", password="x" * 12))
    return client


def everything() -> tuple:
    tables = (CalendarDay, ClockPolicy, Clock)
    return (*(list(table.objects.order_by("pk").values()) for table in tables), current_token())


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.django_db
def test_loading_twice_changes_nothing_the_second_time(folder):
    load(folder, force=True)
    before = everything()
    assert load(folder).unchanged_files
    assert everything() == before
    changes = load(folder, force=True)
    assert (changes.created, changes.updated, changes.removed) == (0, 0, 0)


@pytest.mark.django_db
def test_files_are_followed_and_hands_are_kept(folder):
    ClockPolicy.objects.filter(code="hot.sign").update(amount=1, origin=Origin.EDITED)
    ClockPolicy.objects.create(
        code="own", clock="own", label="自定", starts_on="sign", ends_on="reply", amount=1, unit="wd", source="本地",
        confidence="high",
    )  # fmt: skip
    rewrite(folder / "clock_policies.csv", ",投诉受理决定,", ",受理决定,")
    rewrite(folder / "calendar.csv", "2026-10-10,makeup,国庆节,国办发明电〔2025〕7号\n", "")
    changes = load(folder)
    assert (changes.created, changes.updated, changes.removed, changes.kept) == (0, 1, 1, 1)
    assert ClockPolicy.objects.get(code="samr.accept").label == "受理决定"
    assert ClockPolicy.objects.get(code="hot.sign").amount == 1
    assert ClockPolicy.objects.filter(code="own").exists()
    assert not current_book().calendar.is_working(date(2026, 10, 10))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("calendar.csv", "2018-01-01,holiday", "2018-01-32,holiday", "calendar.csv"),
        ("calendar.csv", "2018-01-01,holiday", "2018-01-01,feast", "kind"),
        ("calendar.csv", "2018-01-01,holiday", "2018-01-06,holiday", "调休上班日"),
        ("calendar.csv", "2018-02-15,holiday", "2018-01-01,holiday", "与第"),
        ("clock_policies.csv", "complaint,,,samr", "complant,,,samr", "complant"),
        ("clock_policies.csv", "complaint,,,samr", "complaint,,,smar", "smar"),
        ("clock_policies.csv", ",442000,", ",449999,", "449999"),
        ("clock_policies.csv", ",0.5,wd,", ",0.3,wd,", "amount"),
        ("clock_policies.csv", ",60,d,", ",60.5,d,", "只有工作日"),
        ("clock_policies.csv", ",2026-04-15,,", ",2026-04-15,2026-01-01,", "早于"),
        ("clock_profiles.csv", "12:00,13:30", "14:00,13:30", "先后"),
        ("clock_profiles.csv", ",50,20,", ",20,50,", "黄色"),
        ("clock_profiles.csv", "code,region", "region,code", "code"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named_and_nothing_changes(folder, file, old, new, problem):
    rewrite(folder / "clock_policies.csv", ",投诉受理决定,", ",受理决定,")  # a good change that must not slip through
    rewrite(folder / file, old, new)
    before = everything()
    with pytest.raises(DataError, match=problem) as raised:
        load(folder)
    assert file in str(raised.value)
    assert everything() == before


@pytest.mark.django_db
def test_a_policy_in_use_is_ended_not_taken_out(folder):
    case = received("2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T10:00")
    path = folder / "clock_policies.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("hot.handle.complaint,")), encoding="utf-8")
    before = everything()
    with pytest.raises(DataError):
        load(folder)
    assert everything() == before


@pytest.mark.django_db
def test_the_shipped_policies_name_steps_that_cases_can_make():
    """A clock whose start no step ever makes would be a promise that nobody keeps."""
    with (DATA / POLICIES.name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        pauses = row["pauses"].replace(":", " ").replace("|", " ").split()
        named = {*row["starts_on"].split(), *row["ends_on"].split(), *row["cancelled_on"].split(), *pauses}
        assert named <= set(MOVES), (row["code"], named - set(MOVES))
        assert row["source"]


# --- a year without its calendar, and the day it comes


@pytest.mark.django_db
def test_a_new_calendar_moves_the_open_deadlines_and_says_so(notice):
    actions.recount_deadlines()
    case, other = received("2026-12-25T10:00"), received("2026-11-02T10:00")
    happen(case, "sign", "2026-12-25T10:00")
    happen(other, "sign", "2026-11-02T10:00")
    before = clock(case, "hot.handle")
    assert (local(before.due_at), before.provisional) == ("2027-01-08T17:30", True)
    assert not clock(other, "hot.handle").provisional
    call_command("load_clocks", calendar=notice, verbosity=0)
    moved = clock(case, "hot.handle")
    assert (local(moved.due_at), moved.provisional) == (
        "2027-01-11T17:30",
        False,
    )  # one day off, one holiday, one worked
    assert moved.history[-1]["what"] == "recount"
    assert (moved.history[-1]["before"], moved.history[-1]["due"]) == (
        "2027-01-08T17:30:00+08:00", "2027-01-11T17:30:00+08:00",
    )  # fmt: skip
    event = case.events.get(kind="recount")
    assert event.data == {
        "clocks": [{"clock": "hot.handle", "before": "2027-01-08T17:30:00+08:00", "due": "2027-01-11T17:30:00+08:00"}]
    }
    assert (event.actor_kind, event.public) == ("system", False)
    case.refresh_from_db()
    assert case.due_at == moved.due_at
    assert not other.events.filter(kind="recount").exists()
    assert [line["what"] for line in clock(other, "hot.handle").history] == ["start"]
    assert actions.recount_deadlines() == 0  # once


@pytest.mark.django_db
def test_other_thresholds_reach_running_clocks_without_an_event():
    case = received("2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T10:00")
    before = clock(case, "hot.handle")
    ClockProfile.objects.update(amber_below=80)
    changed(calendar=True)
    assert actions.recount_deadlines() == 0
    after = clock(case, "hot.handle")
    assert after.amber_at < before.amber_at
    assert after.next_at == after.amber_at
    assert (after.due_at, after.history) == (before.due_at, before.history)
    assert not case.events.filter(kind="recount").exists()


@pytest.mark.django_db
def test_days_added_by_hand_survive_the_next_load(notice):
    assert add_calendar(notice).created == 4
    assert add_calendar(notice).created == 0
    load(force=True)
    assert CalendarDay.objects.get(date="2027-01-09").origin == Origin.HAND
    assert current_book().calendar.is_working(date(2027, 1, 9))


@pytest.mark.django_db
def test_a_missing_year_is_a_warning_on_the_command_and_in_the_admin(office, notice, capsys, monkeypatch):
    this_year = date.today().year
    monkeypatch.setenv("COLUMNS", "200")
    CalendarDay.objects.filter(date__year__in=[this_year, this_year + 1]).delete()
    changed(calendar=True)
    call_command("load_clocks", calendar=notice)
    assert str(this_year) in capsys.readouterr().err
    page = office.get(reverse("admin:complaints_calendarday_changelist"))
    assert str(this_year) in " ".join(str(message) for message in page.context["messages"])


@pytest.mark.django_db
def test_a_broken_notice_is_refused_whole(notice):
    rewrite(notice, "2027-10-01,holiday", "2027-10-02,holiday")  # a Saturday
    before = everything()
    with pytest.raises(CommandError, match=r"2027\.csv"):
        call_command("load_clocks", calendar=notice)
    assert everything() == before


# --- admin


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["calendarday", "clockprofile", "clockpolicy"])
def test_admin_pages_open(office, page):
    found = office.get(reverse(f"admin:complaints_{page}_changelist"), {"q": "a"})
    assert found.status_code == 200
    first = office.get(reverse(f"admin:complaints_{page}_changelist")).context["cl"].result_list[0]
    assert office.get(reverse(f"admin:complaints_{page}_change", args=[first.pk])).status_code == 200
    assert office.get(reverse(f"admin:complaints_{page}_add")).status_code == 200


def send(office, row, **values):
    url = reverse(f"admin:complaints_{row._meta.model_name}_change", args=[row.pk])
    form = office.get(url).context["adminform"].form
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    return office.post(url, {name: value for name, value in data.items() if value is not False} | values)


@pytest.mark.django_db
def test_a_day_changed_in_the_admin_asks_for_a_recount(office):
    token = current_token()
    added = reverse("admin:complaints_calendarday_add")
    answer = office.post(added, {"date": "2026-12-24", "kind": "holiday", "name": "测试", "source": "测试"})
    assert answer.status_code == 302
    assert not current_book().calendar.is_working(date(2026, 12, 24))
    assert current_token() != token
    assert (
        office.post(added, {"date": "2026-12-23", "kind": "holiday", "name": "测试", "source": "测试"}).status_code
        == 302
    )
    assert ProcrastinateJob.objects.filter(task_name=RECOUNT_JOB, status="todo").count() == 1


@pytest.mark.django_db
def test_a_policy_changed_in_the_admin_is_kept_and_in_force_at_once(office):
    policy = ClockPolicy.objects.get(code="hot.handle.complaint")
    assert send(office, policy, amount="8").status_code == 302
    load(force=True)
    case = received("2026-11-02T10:00")
    happen(case, "sign", "2026-11-02T10:00")
    assert clock(case, "hot.handle").amount == 8


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"amount": "0"}, {"amount": "0.3"}, {"intents": "complant"}, {"starts_on": "Sign!"}, {"pauses": "a"}]
)
def test_a_policy_that_cannot_be_is_refused_at_the_field(office, values):
    policy = ClockPolicy.objects.get(code="hot.handle.complaint")
    before = everything()
    answer = send(office, policy, **values)
    assert answer.status_code == 200
    assert set(answer.context["adminform"].form.errors) == set(values)
    assert everything() == before


# --- older cases, and many at once


@pytest.mark.django_db
def test_clocks_of_older_cases_are_made_from_the_log():
    case = make.dispatched()
    actions.sign(make.officer(), case.number, case.version)
    was = {each.policy_id: (each.state, each.due_at, each.met_at) for each in case.clocks.all()}
    Clock.objects.filter(case=case).delete()
    Case.objects.filter(pk=case.pk).update(due_at=None)
    assert case.pk in cases_without_clocks()
    call_command("load_clocks", rebuild=True, verbosity=0)
    assert {each.policy_id: (each.state, each.due_at, each.met_at) for each in case.clocks.all()} == was
    case.refresh_from_db()
    assert case.due_at == clock(case, "hot.urgent").due_at  # milk and a sick child: U2
    actions.announce_deadlines()
    assert not case.events.filter(kind__in=["remind", "overdue"]).exists()


def test_many_ticks_at_once_say_each_step_once(django_db_setup, django_db_blocker):
    """Committed for real, for other connections must see it; the rows are taken away afterwards."""
    with django_db_blocker.unblock():
        cases = [make.case("电梯里困人了，快来") for _ in range(12)]
        try:
            soon = max(case.received_at for case in cases) + timedelta(minutes=9)
            barrier = Barrier(4)

            def tick(_: int) -> int:
                try:
                    barrier.wait(20)
                    return sum(actions.announce_deadlines(soon) for _ in range(2))
                finally:
                    connections.close_all()

            with ThreadPoolExecutor(4) as pool:
                told = sum(pool.map(tick, range(4)))
            actions.announce_deadlines(soon)  # those that another tick had locked
            said = Event.objects.filter(case__in=cases, kind="remind")
            assert sorted(said.values_list("case_id", flat=True)) == sorted(case.pk for case in cases)
            assert {event.data["clocks"][0]["step"] for event in said} == {"red"}
            assert told <= len(cases)
        finally:
            make.take_away(cases)
