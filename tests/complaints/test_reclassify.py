"""A model reads history: whole, in batches, resumable after any death, and without changing a single case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from complaints import actions
from complaints.actions import history as runs
from complaints.errors import DomainError
from complaints.models import Case, ModelEvent, Prediction, ReclassifyRun, Role
from tests import make
from tests.complaints.artefacts import artefact

pytestmark = pytest.mark.django_db
API = "/api/v1/model"


@pytest.fixture
def chief():
    return make.user(Role.SUPERVISOR, region=make.ZHEJIANG)


@pytest.fixture
def other(shipped, chief, tmp_path):
    """A registered model that thinks differently."""
    return actions.register_model(chief, artefact(tmp_path / "new", "new-1", spoilt=True))


@pytest.fixture
def history(shipped, monkeypatch):
    """Ten classified cases, read in batches of four."""
    monkeypatch.setattr(runs, "BATCH", 4)
    cases = [make.case(f"{make.MILK}，第{n}件") for n in range(10)]
    while actions.triage_waiting():
        pass
    return cases


def untouched():
    return list(Case.objects.order_by("pk").values()), Prediction.objects.filter(role="served").count()


def read(run: ReclassifyRun) -> list[int]:
    """The cases with an answer of the run's model, in order."""
    answers = Prediction.objects.filter(role="reclassified", model_version=run.model.version)
    return list(answers.order_by("case").values_list("case", flat=True))


def test_a_run_reads_everything_once_and_changes_no_case(history, other, chief):
    before = untouched()
    run = actions.reclassify(chief, "new-1", reason="看新模型怎么判")
    assert (run.total, run.done, run.state) == (10, 0, "running")
    assert ProcrastinateJob.objects.filter(task_name=runs.RECLASSIFY_JOB).count() == 1
    assert actions.reclassify_batch()
    run.refresh_from_db()
    assert (run.done, run.cursor) == (4, history[3].pk)
    assert actions.reclassify_for(60) == 2
    assert not actions.reclassify_batch()
    run.refresh_from_db()
    assert (run.done, run.total, run.state) == (10, 10, "done")
    assert read(run) == [case.pk for case in history]
    assert untouched() == before
    assert ModelEvent.objects.get(kind="reclassify").data == {"run": run.pk}


def test_a_worker_that_dies_in_a_batch_leaves_nothing_half_done(history, other, chief):
    run = actions.reclassify(chief, "new-1")
    actions.reclassify_batch()
    with transaction.atomic():
        actions.reclassify_batch()
        transaction.set_rollback(True)  # what PostgreSQL does for a worker that is gone
    run.refresh_from_db()
    assert (run.done, run.state, len(read(run))) == (4, "running", 4)
    actions.reclassify_for(60)
    run.refresh_from_db()
    assert (run.done, run.state, read(run)) == (10, "done", [case.pk for case in history])


def test_an_error_stops_the_run_where_it_stands_and_it_can_go_on(history, other, chief):
    run = actions.reclassify(chief, "new-1")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered with checks pending
        cursor.execute(
            "ALTER TABLE complaints_prediction ADD CONSTRAINT broken CHECK (case_id <> %s OR role = 'served')",
            [history[5].pk],
        )
    actions.reclassify_for(60)
    run.refresh_from_db()
    assert (run.state, run.done, run.cursor) == ("failed", 4, history[3].pk)
    assert "broken" in run.error
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE complaints_prediction DROP CONSTRAINT broken")
    actions.move_run(chief, run.pk, "resume")
    actions.reclassify_for(60)
    run.refresh_from_db()
    assert (run.state, run.error, read(run)) == ("done", "", [case.pk for case in history])


def test_paused_resumed_cancelled_and_nothing_out_of_order(history, other, chief):
    run = actions.reclassify(chief, "new-1")
    actions.reclassify_batch()
    assert actions.move_run(chief, run.pk, "pause", "白天不跑").state == "paused"
    assert not actions.reclassify_batch()
    with pytest.raises(DomainError, match="wrong_state"):
        actions.move_run(chief, run.pk, "pause")
    with pytest.raises(DomainError, match="run_open"):
        actions.reclassify(chief, "new-1")
    assert ReclassifyRun.objects.count() == 1
    assert actions.move_run(chief, run.pk, "resume").state == "running"
    assert actions.reclassify_batch()
    assert actions.move_run(chief, run.pk, "cancel").state == "cancelled"
    assert not actions.reclassify_batch()
    with pytest.raises(DomainError, match="wrong_state"):
        actions.move_run(chief, run.pk, "resume")
    run.refresh_from_db()
    assert (run.state, run.done, len(read(run))) == ("cancelled", 8, 8)
    with pytest.raises(DomainError, match="no_such_run"):
        actions.move_run(chief, 10**9, "pause")


def test_history_waits_while_the_present_does(history, other, chief):
    run = actions.reclassify(chief, "new-1")
    make.case()
    assert not actions.reclassify_batch()
    assert read(run) == []
    while actions.triage_waiting():
        pass
    assert actions.reclassify_batch()


def test_a_period_and_the_same_model_again(history, other, chief):
    old = [case.pk for case in history[:3]]
    Case.objects.filter(pk__in=old).update(received_at=timezone.now() - timedelta(days=40))
    run = actions.reclassify(chief, "new-1", until=timezone.now() - timedelta(days=30))
    actions.reclassify_for(60)
    assert read(run) == old
    again = actions.reclassify(chief, "new-1")  # answers that are there stay; none is doubled
    actions.reclassify_for(60)
    again.refresh_from_db()
    assert (again.done, read(again)) == (10, [case.pk for case in history])


def test_cases_seen_differently_are_listed_for_those_who_may_see_them(history, other, chief):
    elsewhere = make.case(region=make.YINZHOU)
    while actions.triage_waiting():
        pass
    run = actions.reclassify(chief, "new-1")
    actions.reclassify_for(60)
    path = f"{API}/reclassifications/{run.pk}/cases/"
    page = make.client(make.dispatcher()).get(path).json()
    assert [row["number"] for row in page["results"]] == [case.number for case in reversed(history)]
    assert page["next"] is None
    first = page["results"][0]
    assert first["topic"]["code"] == "P01"
    assert first["would_be"]["code"] not in ("P01", "")
    assert first["would_be"]["name"]
    everywhere = make.client(chief).get(path).json()["results"]
    assert {row["number"] for row in everywhere} == {case.number for case in [*history, elsewhere]}
    assert make.client(make.officer()).get(path).status_code == 403
    assert make.client().get(path).status_code == 401
    assert make.client(chief).get(f"{API}/reclassifications/{10**9}/cases/").status_code == 404
    same = actions.reclassify(chief)  # the active model agrees with itself
    actions.reclassify_for(60)
    assert make.client(chief).get(f"{API}/reclassifications/{same.pk}/cases/").json()["results"] == []


def test_over_http_and_from_the_command_line(history, other, chief, capsys):
    client = make.client(chief)
    started = client.post(f"{API}/reclassify/", {"version": "new-1", "reason": "试"}, format="json").json()
    assert (started["model"], started["total"], started["state_name"]) == ("new-1", 10, "进行中")
    assert client.post(f"{API}/reclassify/", {"run": started["id"]}, format="json").status_code == 400
    paused = client.post(f"{API}/reclassify/", {"run": started["id"], "move": "pause"}, format="json").json()
    assert paused["state"] == "paused"
    call_command("reclassify", "--account", chief.username, "--resume", str(started["id"]))
    actions.reclassify_for(60)
    listed = client.get(f"{API}/reclassifications/").json()
    assert [(row["id"], row["done"], row["state"]) for row in listed] == [(started["id"], 10, "done")]
    capsys.readouterr()
    call_command("reclassify")
    assert "10/10" in capsys.readouterr().out
