"""Classifying and routing what waits: outcomes stored with reasons, the unsure to a person, leases honoured."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

import classifier
from complaints import actions
from complaints.models import Assignment, Case, Event, Part, TriageTask
from tests import make

pytestmark = pytest.mark.django_db


def settled(case: Case) -> Case:
    while actions.triage_waiting():
        pass
    case.refresh_from_db()
    return case


def test_a_clear_case_goes_to_its_bureau_with_prediction_and_reasons():
    case = settled(make.case())
    assert (case.state, case.domain, case.topic, case.version) == ("dispatched", "product", "P01", 2)
    assert case.lead_unit == make.unit("samr")
    said = case.predictions.get()
    assert (said.topic, said.model_version, said.needs_review) == ("P01", classifier.active().version, False)
    assert said.topics[0]["code"] == "P01"
    decision = case.decisions.get()
    assert decision.lead_unit == make.unit("samr")
    assert decision.reasons
    parts = dict(Assignment.objects.filter(case=case, active=True).values_list("unit", "part"))
    assert parts[make.unit("samr").pk] == Part.LEAD
    assert list(parts.values()).count(Part.PARTICIPANT) == len(decision.participant_units) > 0
    event = case.events.get(kind="route")
    assert (event.actor_kind, event.from_state, event.to_state) == ("system", "registered", "dispatched")
    assert event.data["reasons"] == [reason["code"] for reason in decision.reasons]
    assert not TriageTask.objects.exists()


@pytest.mark.parametrize(
    ("text", "region"),
    [("😀", make.XIHU), ("测试测试", make.XIHU), (make.MILK, ""), ("asdf qwer zxcv", make.XIHU), ("。", make.XIHU)],
)
def test_the_unsure_goes_to_the_triage_desk_and_never_to_a_guess(text, region):
    case = settled(make.case(text, region=region))
    assert (case.state, case.lead_unit) == ("needs_triage", None)
    assert not case.assignments.exists()
    assert case.decisions.get().reasons
    row = make.client(make.dispatcher()).get("/api/v1/cases/?queue=triage").json()["results"]
    assert [entry["number"] for entry in row] == [case.number]
    shown = make.client(make.dispatcher()).get(f"/api/v1/cases/{case.number}/").json()
    assert all(reason["text"] for reason in shown["decision"]["reasons"])
    assert {"dispatch", "refuse", "note", "reveal"} <= set(shown["actions"])


def test_the_rules_urgency_is_never_lowered_by_the_model():
    case = settled(make.case("小区电梯把我妈困在里面半个多小时了，一直没人来救，快来人"))
    assert case.urgency == "U1"
    assert case.predictions.get().urgency_hits


def test_a_leased_case_is_left_alone_until_the_lease_runs_out():
    case = make.case()
    task = TriageTask.objects.filter(case=case)
    task.update(token="0" * 32, lease_until=timezone.now() + timedelta(seconds=50), attempts=1)
    assert actions.triage_waiting() == 0
    case.refresh_from_db()
    assert case.state == "registered"
    task.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert actions.triage_waiting() == 1
    case.refresh_from_db()
    assert case.state == "dispatched"


def test_a_case_whose_workers_keep_dying_goes_to_a_person():
    case = make.case()
    TriageTask.objects.filter(case=case).update(attempts=5, lease_until=timezone.now() - timedelta(seconds=1))
    assert settled(case).state == "needs_triage"
    assert case.events.get(kind="hold").data["attempts"] == 6
    assert not TriageTask.objects.exists()


def test_a_batch_takes_emergencies_first_and_at_most_64():
    ordinary = [make.case(f"楼下的面馆油烟很大，第{n}次反映了") for n in range(64)]
    urgent = make.case("有人触电倒在地上了，配电箱漏电")
    assert actions.triage_waiting() == 64
    urgent.refresh_from_db()
    assert urgent.state != "registered"
    assert Case.objects.filter(state="registered").get() == ordinary[-1]


def test_a_case_dispatched_by_hand_meanwhile_is_not_touched_again():
    case = make.dispatched("agri")
    assert settled(case).lead_unit == make.unit("agri")
    assert Event.objects.filter(case=case, kind__in=["route", "hold"]).count() == 0


def test_settling_costs_the_same_for_every_case(django_assert_max_num_queries):
    for n in range(8):
        make.case(f"{make.MILK}，第{n}件")
    with django_assert_max_num_queries(12 + 8 * 18):
        assert actions.triage_waiting() == 8
