"""The watchdog: everything that waits is in its table, is found there, and moves on when its time comes."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob

import complaints.tasks  # noqa: F401 (the worker's jobs are known once it is read)
from complaints import actions
from complaints.actions.triage import LEASE
from complaints.actions.watchdog import BY_CODE, JOBS, RESTING, STEPS
from complaints.lifecycle import OPEN
from complaints.models import Case, Clock, Digest, Event, Role, SupervisionOrder, TriageTask, User, WaitingLimit
from routing.models import Origin
from tests import make
from tests.complaints.test_life import Desk, hotline, in_progress, lead

pytestmark = pytest.mark.django_db
OURS = ("complaints", "routing")
FIELDS = ("state", "status")


def supervisor(region: str = make.ZHEJIANG):
    return make.user(Role.SUPERVISOR, region=region)


def states_of_models() -> set[str]:
    """Every "Model.field=value" of our models, and of the worker's jobs."""
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()] + [ProcrastinateJob]
    return {
        f"{model.__name__}.{field.name}={value}"
        for model in models
        for field in model._meta.concrete_fields
        if field.name in FIELDS
        for value, _label in field.flatchoices
    }


def test_every_state_either_waits_in_a_step_or_rests():
    waiting = [name for step in STEPS for name in step.covers]
    resting = {f"{field}={value}" for field, values in RESTING.items() for value in values}
    assert len(waiting) == len(set(waiting))
    assert not resting & set(waiting)
    assert set(waiting) | resting == states_of_models()
    assert {f"Case.state={state}" for state in OPEN} <= set(waiting)


def test_every_job_of_the_worker_is_watched():
    own = {name for name in jobs.tasks if "builtin" not in name}
    assert set(JOBS) == own
    periodic = {task.task.name for task in jobs.periodic_registry.periodic_tasks.values()}
    assert {name for name, every in JOBS.items() if every} == periodic


def test_every_step_has_an_owner_and_answers(django_assert_max_num_queries):
    viewer = supervisor()
    with django_assert_max_num_queries(2 * len(STEPS) + 4):
        lines = actions.watch(viewer)
    assert [line.step.code for line in lines] == list(BY_CODE)
    for step in STEPS:
        assert str(step.owner)
        assert actions.waiting(viewer, step.code) == ([], None)


def test_every_step_has_a_limit_and_every_limit_a_step():
    assert set(WaitingLimit.objects.values_list("step", flat=True)) == set(BY_CODE)
    assert set(WaitingLimit.objects.values_list("origin", flat=True)) == {Origin.FILE}


def test_a_limit_changed_in_the_admin_counts_at_the_next_look_and_is_kept(client):
    client.force_login(User.objects.create_superuser("root", password="x" * 12))
    make.dispatched()
    assert numbers("unsigned", hours=23) == (1, 0)
    url = reverse("admin:complaints_waitinglimit_change", args=["unsigned"])
    wrong = client.post(url, {"amount": "0", "unit": "hours", "source": "本地规定"})
    assert "amount" in wrong.context["adminform"].form.errors
    assert WaitingLimit.objects.get(pk="unsigned").after == timedelta(days=1)
    assert client.post(url, {"amount": "4", "unit": "hours", "source": "本地规定"}).status_code == 302
    assert numbers("unsigned", hours=5) == (1, 1)
    [waiting], _next = actions.waiting(supervisor(), "unsigned")
    assert waiting.stuck_at == waiting.since + timedelta(hours=4)
    call_command("load_clocks", force=True, verbosity=0)
    limit = WaitingLimit.objects.get(pk="unsigned")
    assert (limit.after, limit.origin) == (timedelta(hours=4), Origin.EDITED)
    assert LogEntry.objects.get().object_id == "unsigned"
    assert client.get(reverse("admin:complaints_waitinglimit_add")).status_code == 403
    assert "未签收" in client.get(reverse("admin:complaints_waitinglimit_changelist")).content.decode()


def numbers(code: str, viewer=None, **ahead) -> tuple[int, int]:
    """Waiting and stuck in one step, some time from now."""
    lines = actions.watch(viewer or supervisor(), timezone.now() + timedelta(**ahead))
    [line] = [line for line in lines if line.step.code == code]
    return line.waiting, line.stuck


def test_a_claimed_row_whose_worker_died_shows_up_and_is_picked_up_again():
    case = make.case()
    dead = timezone.now() - timedelta(minutes=6)
    TriageTask.objects.update(
        created_at=dead, due_at=dead, attempts=1, token="6f9619ff-8b86-d011-b42d-00c04fc964ff",
        lease_until=dead + LEASE, last_error="lease expired",
    )  # fmt: skip
    assert numbers("triage") == (1, 1)
    [row], _next = actions.waiting(supervisor(), "triage")
    assert (row.case, row.attempts, row.why, row.next_try, row.stuck) == (case, 1, "lease expired", dead + LEASE, True)
    assert actions.triage_waiting() == 1
    assert numbers("triage") == (0, 0)
    case.refresh_from_db()
    assert case.state != "registered"


def test_a_row_that_is_leased_is_not_taken_and_says_when_it_may_be():
    make.case()
    until = timezone.now() + LEASE
    TriageTask.objects.update(lease_until=until, token="6f9619ff-8b86-d011-b42d-00c04fc964ff", attempts=1)
    assert actions.triage_waiting() == 0
    [row], _next = actions.waiting(supervisor(), "triage")
    assert (row.next_try, row.stuck) == (until, False)


def test_a_case_that_lost_its_work_is_found():
    case = make.case()
    TriageTask.objects.all().delete()
    assert numbers("lost", minutes=6) == (1, 1)
    [row], _next = actions.waiting(supervisor(), "lost")
    assert (row.case, row.why) == (case, "提交诉求")


def test_a_case_waits_since_its_last_move_whatever_was_noted_meanwhile():
    case = make.dispatched()
    given = Event.objects.get(case=case, kind="dispatch").at
    Desk(case, make.officer()).do("note", text="已电话联系")
    [row], _next = actions.waiting(supervisor(), "unsigned")
    assert (row.since, row.unit, row.why) == (given, "杭州市西湖区市场监督管理局", "派单")
    assert row.next_try == Clock.objects.filter(case=case, stopped_at=None).aggregate(next=Min("next_at"))["next"]
    assert numbers("unsigned", hours=23) == (1, 0)
    assert numbers("unsigned", hours=25) == (1, 1)


def test_participants_requests_orders_and_notices_wait_for_their_owners():
    case = in_progress(("nhc",))
    lead(case).do("request_extension", working_days=3, reason="检测")
    boss = Desk(case, make.user(Role.SUPERVISOR, region=make.HANGZHOU))
    boss.do("order_supervision", level="city", text="限期", until=str(timezone.localdate() + timedelta(7)))
    assert [numbers(code)[0] for code in ("participants", "requests", "orders", "answers")] == [1, 1, 1, 0]
    assert numbers("orders", days=20) == (1, 1)
    [row], _next = actions.waiting(supervisor(), "requests")
    assert (row.why, row.unit) == ("延期", make.unit().name)
    order = SupervisionOrder.objects.get()
    lead(case).do("answer_supervision", order=order.pk, text="已办")
    hotline(case).do("refuse_extension", reason="不必")
    assert [numbers(code)[0] for code in ("requests", "orders", "answers")] == [0, 0, 1]


def test_what_was_handed_over_waits_until_its_receiver_says_so():
    case = in_progress()
    unit = make.client(make.officer())
    lead(case).do("refer_crime", to="police", to_name="西湖区公安分局", text="涉嫌诈骗")
    lead(case).do("hand_over", to="authority", to_name="西湖区人民法院", text="已起诉")
    assert numbers("handed") == (2, 0)
    assert numbers("handed", days=11) == (2, 2)
    rows, _next = actions.waiting(supervisor(), "handed")
    assert [row.why for row in rows] == ["西湖区公安分局", "西湖区人民法院"]
    assert {row.unit for row in rows} == {make.unit().name}
    handed = {row.kind: row.version for row in Event.objects.filter(case=case)}
    for kind, left in (("hand_over", 1), ("refer_crime", 0)):
        receipt = {"receipt_number": "〔2026〕1号", "text": "收"}
        url = f"/api/v1/cases/{case.number}/handings/{handed[kind]}/receipt/"
        assert unit.post(url, receipt, format="json").status_code == 200
        assert numbers("handed")[0] == left


def test_the_watchdog_shows_only_what_the_viewer_may_see():
    make.dispatched()
    assert numbers("unsigned", supervisor("330200"), days=9) == (0, 0)
    assert numbers("unsigned", make.dispatcher(), days=9) == (1, 1)
    assert numbers("jobs", supervisor("330200"))[0] == 0
    assert numbers("jobs")[0] > 0
    url = "/api/v1/watchdog/"
    assert make.client(make.officer()).get(url).status_code == 403
    boss = make.client(supervisor())
    page = boss.get(url + "unsigned/").json()
    assert page["results"][0]["case"]["number"] == Case.objects.get().number
    assert boss.get(url + "nowhere/").status_code == 404
    assert boss.get(url + "unsigned/?cursor=x").status_code == 400
    [line] = [step for step in boss.get(url).json()["steps"] if step["code"] == "unsigned"]
    assert (line["waiting"], line["stuck"], line["after"], line["owner"]) == (1, 0, 86400, "牵头单位")


def test_pages_have_neither_gaps_nor_doubles(monkeypatch):
    monkeypatch.setattr("complaints.actions.what_waits.PAGE", 2)
    made = [make.dispatched().number for _ in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page, cursor = actions.waiting(supervisor(), "unsigned", cursor)
        seen += [row.case.number for row in page]
    assert seen == made


def test_a_page_asks_the_database_the_same_however_many_rows(django_assert_num_queries):
    viewer = supervisor()
    for _ in range(6):
        make.dispatched()
    with django_assert_num_queries(6):
        assert len(actions.waiting(viewer, "unsigned")[0]) == 6


def test_the_digest_is_made_once_a_day_for_every_region_that_somebody_covers():
    case = make.dispatched()
    province, city = supervisor(), make.user(Role.SUPERVISOR, region="330200")
    Digest.objects.all().delete()
    tomorrow = timezone.now() + timedelta(days=2)
    regions = {user.region_id for user in (province, city)} | {make.ZHEJIANG, make.HANGZHOU}
    assert actions.make_digests(tomorrow) == len(set(Digest.objects.values_list("region", flat=True)))
    assert actions.make_digests(tomorrow) == 0
    assert set(Digest.objects.values_list("region", flat=True)) <= regions
    told = actions.latest_digest(province)
    [line] = [line for line in told.lines if line["step"] == "unsigned"]
    assert (line["stuck"], line["cases"]) == (1, [case.number])
    assert actions.latest_digest(city).lines == []
    shown = make.client(province).get("/api/v1/watchdog/").json()["digest"]
    assert shown["day"] == str(timezone.localdate(tomorrow))
    assert "未签收：1 件" in shown["text"]
    assert actions.digest_text([]) == "没有停滞的事项。"


def test_the_command_prints_what_has_not_moved():
    case = make.dispatched()
    TriageTask.objects.all().delete()
    lost = make.case()
    TriageTask.objects.all().delete()
    Case.objects.filter(pk=lost.pk).update(received_at=timezone.now() - timedelta(hours=1))
    told = StringIO()
    call_command("stuck", region=make.HANGZHOU, stdout=told)
    assert lost.number in told.getvalue()
    assert case.number not in told.getvalue()
    call_command("stuck", stdout=told)
    with pytest.raises(CommandError):
        call_command("stuck", region="999999")
