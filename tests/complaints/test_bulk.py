"""One verb on many cases: what fits is done, what does not stays as it was and says why, in Chinese."""

from __future__ import annotations

import pytest

from complaints import actions
from complaints.models import Case, LabelOrigin, Role, TopicLabel
from tests import make
from tests.complaints.at_work import everything

pytestmark = pytest.mark.django_db
API = "/api/v1/cases/bulk/"


def bulk(viewer, verb, cases, **more):
    numbers = [case if isinstance(case, str) else case.number for case in cases]
    answer = make.client(viewer).post(API, {"verb": verb, "numbers": numbers, **more}, format="json")
    assert answer.status_code == 200, answer.json()
    return [(row["number"], row["code"], row["message"]) for row in answer.json()["results"]]


def held(text=make.MILK, region=make.XIHU):
    """A sure case that was held only because nobody knew the place, which is known now."""
    case = make.case(text, region="")
    while actions.triage_waiting():
        pass
    Case.objects.filter(pk=case.pk).update(region=region)
    case.refresh_from_db()
    assert (case.state, case.topic) == ("needs_triage", "P01")
    return case


def test_an_officer_signs_many_at_once_and_hears_which_were_refused():
    first, second, other = make.dispatched(), make.dispatched(), make.dispatched("mee")
    actions.sign(make.officer(), second.number, second.version)
    results = bulk(make.officer(), "sign", [first, second, other, "20261122-999999-9", first])
    assert [(number, code) for number, code, _message in results] == [
        (first.number, ""),
        (second.number, "wrong_state"),
        (other.number, "no_such_case"),
        ("20261122-999999-9", "no_such_case"),
    ]
    assert all(any("\u4e00" <= char <= "\u9fff" for char in message) for _n, code, message in results if code)
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.state, other.state) == ("signed", "dispatched")
    assert first.events.get(kind="sign").unit_id == make.unit().pk


def test_what_moved_on_since_it_was_seen_is_refused():
    case = make.dispatched()
    before = everything()
    results = bulk(make.officer(), "sign", [case], versions={case.number: case.version - 1})
    assert results[0][1] == "stale_version"
    assert everything() == before


def test_a_dispatcher_confirms_what_is_sure():
    sure = held()
    assert bulk(make.dispatcher(), "dispatch", [sure], reason="逐件看过") == [(sure.number, "", "")]
    sure.refresh_from_db()
    assert (sure.state, sure.lead_unit) == ("dispatched", make.unit())
    label = TopicLabel.objects.get(case=sure)
    assert (label.topic, label.origin, label.reason) == ("P01", LabelOrigin.CONFIRM, "逐件看过")


def test_what_needs_a_thought_is_left_alone():
    unsure, nowhere, returned, gone = held(), make.case(region=""), held(), make.dispatched()
    unsure.predictions.update(confidence=0.5)
    while actions.triage_waiting():
        pass
    dispatcher = make.dispatcher()
    actions.dispatch(dispatcher, returned.number, returned.version, lead=make.unit().pk, reason="先派")
    returned.refresh_from_db()
    actions.return_case(
        make.officer(), returned.number, returned.version, ground_code="not_our_duty", reason="不是本单位职责"
    )
    before = everything()
    codes = [code for _number, code, _message in bulk(dispatcher, "dispatch", [unsure, nowhere, returned, gone])]
    assert codes == ["not_sure", "no_unit", "was_returned", "not_waiting"]
    assert everything() == before


@pytest.mark.parametrize(("role", "verb"), [("officer", "dispatch"), ("officer", "archive"), ("dispatcher", "sign")])
def test_nobody_does_together_what_they_may_not_do_alone(role, verb):
    case = make.dispatched()
    viewer = make.officer() if role == "officer" else make.dispatcher()
    before = everything()
    assert bulk(viewer, verb, [case])[0][1] == "not_allowed"
    assert everything() == before


def test_a_supervisor_archives_what_has_ended():
    open_one, ended = make.dispatched(), make.case()
    Case.objects.filter(pk=ended.pk).update(state="withdrawn")
    supervisor = make.user(Role.SUPERVISOR, region=make.HANGZHOU)
    assert [code for _n, code, _m in bulk(supervisor, "archive", [open_one, ended])] == ["wrong_state", ""]
    ended.refresh_from_db()
    assert ended.state == "archived"


@pytest.mark.parametrize(
    "body",
    [
        {"verb": "close", "numbers": ["1"]},
        {"verb": "sign", "numbers": []},
        {"verb": "sign", "numbers": ["1"] * 101},
        {"verb": "sign"},
    ],
)
def test_what_is_no_list_of_cases_is_refused_as_a_whole(body):
    assert make.client(make.officer()).post(API, body, format="json").status_code == 400


def test_strangers_do_nothing():
    case = make.dispatched()
    answer = make.client().post(API, {"verb": "sign", "numbers": [case.number]}, format="json")
    assert answer.status_code in {401, 403}
    case.refresh_from_db()
    assert case.state == "dispatched"
