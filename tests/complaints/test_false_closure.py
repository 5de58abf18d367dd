"""The same trouble again soon after it was closed as solved: marked, told to those who may know, never reopened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import actions, privacy
from complaints.models import Case, CaseLink, Company, LinkKind, Refiling
from complaints.models.respondent import name_key
from tests import make
from tests.complaints.planted import ended, log_of, received

pytestmark = pytest.mark.django_db

PHONE, PLACE, MILK_SHOP = "13812345678", "文三路90号华星超市", "杭州甲乙食品有限公司"


def again(days: float = 1, *, topic: str = "P01", **more) -> Case:
    return received(make.case(**more), timezone.now() - timedelta(days=days), topic)


def person(phone: str = PHONE) -> actions.Person:
    return actions.Person(name="张三", phone=phone)


def test_a_planted_refiling_of_each_kind_is_found_once_and_nothing_is_reopened():
    Company.objects.create(name=MILK_SHOP, name_key=name_key(MILK_SHOP), region_id=make.XIHU)
    firsts = {
        "person": ended(requester=person()),
        "place": ended(place=PLACE),
        "respondent": ended(respondent=actions.RespondentFacts(name=MILK_SHOP)),
    }
    agains = {
        "person": again(requester=person("138-1234-5678")),
        "place": again(place="文三路 90号、华星超市"),
        "respondent": again(respondent=actions.RespondentFacts(name="杭州甲乙 食品有限公司")),
    }
    assert actions.mark_refilings() == 3
    assert actions.mark_refilings() == 0
    for sign, case in agains.items():
        row = Refiling.objects.get(again=case)
        assert (row.first, row.days) == (firsts[sign], 4)
        assert [row.same_person, row.same_place, row.same_respondent] == [
            sign == one for one in ("person", "place", "respondent")
        ]
        assert CaseLink.objects.get(case=case, kind=LinkKind.PREVIOUS).other == firsts[sign]
        firsts[sign].refresh_from_db()
        assert (firsts[sign].state, log_of(firsts[sign])[-1]) == ("closed", "refiled")


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ({"solved": "partly"}, {}),
        ({"topic": "P02"}, {}),
        ({"days_ago": 40}, {}),
        ({"days_ago": 0.5}, {}),
        ({"region": make.YINZHOU, "place": PLACE, "requester": actions.Person()},
         {"place": PLACE, "requester": actions.Person()}),
    ],
    ids=["was not called solved", "another topic", "long ago", "filed before the closing", "same words elsewhere"],
)  # fmt: skip
def test_what_only_looks_like_it_is_no_signal(first, later):
    ended(**{"requester": person(), **first})
    again(**{"requester": person(), **later})
    assert actions.mark_refilings() == 0


def test_praise_is_no_refiling():
    ended(requester=person())
    case = again(requester=person())
    Case.objects.filter(pk=case.pk).update(intent="praise")
    assert actions.mark_refilings() == 0


def test_the_window_is_a_setting(settings):
    ended(requester=person(), days_ago=5)
    again(requester=person())
    settings.REFILE_DAYS = 3
    assert actions.mark_refilings() == 0
    settings.REFILE_DAYS = 30
    assert actions.mark_refilings() == 1


@pytest.mark.parametrize("sealed", ["first", "again"])
def test_a_sealed_reporter_is_never_recognised_by_phone(sealed):
    cases = {"first": ended(requester=person()), "again": again(requester=person())}
    Case.objects.filter(pk=cases[sealed].pk).update(sealed=True)
    assert actions.mark_refilings() == 0
    assert not CaseLink.objects.filter(kind=LinkKind.PREVIOUS).exists()


def test_a_sealed_report_of_the_same_place_says_where_and_not_who():
    ended(requester=person(), place=PLACE)
    case = again(requester=person(), place=PLACE)
    Case.objects.filter(pk=case.pk).update(sealed=True)
    actions.mark_refilings()
    row = Refiling.objects.get()
    assert (row.same_person, row.same_place) == (False, True)


def test_triage_marks_by_itself(shipped):
    first = ended(requester=person())
    case = make.case(requester=person())
    while actions.triage_waiting():
        pass
    case.refresh_from_db()
    Case.objects.filter(pk=first.pk).update(topic=case.topic)
    assert case.topic
    second = make.case(requester=person())
    while actions.triage_waiting():
        pass
    assert Refiling.objects.get(again=second).first == first


def test_who_may_not_see_the_other_case_is_told_no_number_and_citizens_nothing():
    first = ended(requester=person())
    second = again(requester=person())
    actions.mark_refilings()
    signal = {"role": "first", "days": 4, "signs": ["person"]}

    def see(viewer=None, case=first, **headers):
        return make.client(viewer, **headers).get(f"/api/v1/cases/{case.number}/").json()["refilings"]

    assert see(make.officer()) == [signal | {"number": ""}]
    assert see(make.dispatcher()) == [signal | {"number": second.number}]
    assert see(make.dispatcher(), second) == [signal | {"role": "again", "number": first.number}]
    for case in (first, second):
        assert see(case=case, X_Case_Code=privacy.query_code(case.number)) == []
    linked = make.client(make.dispatcher()).get(f"/api/v1/cases/{second.number}/").json()["linked"]
    assert linked == []


def test_a_dispatcher_dismisses_a_wrong_signal_and_nobody_else():
    first = ended(requester=person())
    again(requester=person())
    actions.mark_refilings()
    first.refresh_from_db()
    body = {"version": first.version, "reason": "两次购买的是不同商品"}
    address = f"/api/v1/cases/{first.number}/dismiss_refiling/"
    assert make.client(make.officer()).post(address, body, format="json").status_code == 403
    assert Refiling.objects.standing().count() == 1
    desk = make.client(make.dispatcher())
    assert "dismiss_refiling" in desk.get(f"/api/v1/cases/{first.number}/").json()["actions"]
    told = desk.post(address, body, format="json").json()
    assert told["refilings"] == []
    assert "dismiss_refiling" not in told["actions"]
    assert not Refiling.objects.standing().exists()
    assert not CaseLink.objects.filter(kind=LinkKind.PREVIOUS, active=True).exists()
    assert actions.mark_refilings() == 0
    told = desk.post(address, {**body, "version": told["version"]}, format="json")
    assert (told.status_code, told.json()["code"]) == (409, "no_signal")


def test_of_several_signs_the_person_speaks_loudest_and_of_several_cases_the_latest():
    ended(requester=person(), days_ago=9)
    latest = ended(requester=person(), days_ago=5)
    ended(place=PLACE, days_ago=3)
    case = again(requester=person(), place=PLACE)
    actions.mark_refilings()
    assert Refiling.objects.get(again=case).first == latest


def test_a_signal_needs_a_sign_and_two_cases():
    first, second = ended(), again()
    for wrong in ({"again": second}, {"again": first, "same_place": True}):
        facts = {"same_person": False, "same_place": False, "same_respondent": False, "days": 1} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Refiling.objects.create(first=first, **facts)
