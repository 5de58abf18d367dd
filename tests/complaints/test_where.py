"""A case without a region: found from what was written, with its reason; never guessed."""

from __future__ import annotations

import pytest

from complaints import actions
from complaints.actions import RespondentFacts
from complaints.models import Case
from complaints.serializers.fields import CreditCode
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1"
ASKED = "region_asked"


def settled(text: str = make.MILK, **more) -> tuple[Case, dict[str, dict[str, str]]]:
    case = make.case(text, **{"region": "", **more})
    while actions.triage_waiting():
        pass
    case.refresh_from_db()
    return case, {reason["code"]: reason["params"] for reason in case.decisions.get().reasons}


@pytest.mark.parametrize(
    ("given", "region", "matched", "confidence"),
    [
        ({"place": "杭州市西湖区文三路90号"}, "330106", "杭州市西湖区", "1.00"),
        ({"place": "江东区百丈东路"}, "330212", "江东区", "0.90"),
        ({"respondent": RespondentFacts(address="宁波市鄞州区首南街道")}, "330212", "宁波市鄞州区首南街道", "1.00"),
        ({"place": "西湖区", "respondent": RespondentFacts(address="杭州市西湖区")}, "330106", "杭州市西湖区", "1.00"),
        ({"text": f"{make.MILK}，在浙江省杭州市西湖区的超市"}, "330106", "浙江省杭州市西湖区", "1.00"),
    ],
)
def test_a_region_that_is_told_without_doubt_is_set_with_its_reason(given, region, matched, confidence):
    case, reasons = settled(**given)
    assert (case.region_id, case.state, case.lead_unit) == (region, "dispatched", make.unit("samr", region))
    found = reasons["region_found"]
    assert (found["region"], found["matched"], found["confidence"]) == (region, matched, confidence)
    shown = make.client(make.dispatcher(make.ZHEJIANG)).get(f"{API}/cases/{case.number}/").json()["decision"]["reasons"]
    assert any(matched in reason["text"] and confidence in reason["text"] for reason in shown)


@pytest.mark.parametrize(
    ("given", "candidates"),
    [
        ({"place": "鼓楼区"}, "320106 320302"),
        ({"place": "西湖区文三路"}, "330106"),
        ({"place": "鼓楼区", "respondent": RespondentFacts(address="杭州市西湖区")}, "320106 320302"),
        ({"place": "浙江省"}, "330000"),
        ({"text": f"{make.MILK}，在义乌买的"}, "330782"),
        ({"text": f"{make.MILK}，从杭州市西湖区寄到宁波市鄞州区"}, "330106 330212"),
        ({"text": f"{make.MILK}，杭州市西湖区文三路萧山菜馆旁边"}, "330106"),
    ],
)
def test_what_is_not_certain_goes_to_the_triage_desk_with_the_candidates(given, candidates):
    case, reasons = settled(**given)
    assert (case.region, case.state, case.lead_unit) == (None, "needs_triage", None)
    assert reasons[ASKED]["regions"] == candidates
    assert "no_region" in reasons
    assert "region_found" not in reasons


def test_without_any_place_nothing_is_said_about_one():
    case, reasons = settled()
    assert case.region is None
    assert not {ASKED, "region_found"} & set(reasons)


def test_a_given_region_stays_whatever_the_place_says():
    case, reasons = settled(region=make.XIHU, place="宁波市鄞州区")
    assert case.region_id == make.XIHU
    assert "region_found" not in reasons


def test_filing_without_a_region_succeeds_and_finds_it():
    answer = make.client().post(f"{API}/cases/", {"text": make.MILK, "place": "杭州市西湖区"}, format="json")
    assert answer.status_code == 201
    while actions.triage_waiting():
        pass
    assert Case.objects.get(number=answer.json()["number"]).region_id == make.XIHU


ONLINE = "在拼多多上网购的手机壳收到是坏的，商家不退货退款，客服不理人"


def test_the_seat_of_the_platform_is_on_the_card_of_an_online_purchase():
    case, reasons = settled(ONLINE, region=make.XIHU)
    assert case.topic == "S02"
    assert reasons["seat_platform"]["region_name"] == reasons["seat_hand_over"]["region_name"] == "上海市"
    assert case.region_id == make.XIHU  # said, not rerouted


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (ONLINE, {"respondent": RespondentFacts(address="杭州市西湖区文三路1号")}),
        (ONLINE.replace("拼多多", "网店"), {}),
        (make.MILK.replace("超市", "淘宝"), {}),
    ],
)
def test_no_platform_is_named_where_it_does_not_matter(text, more):
    case, reasons = settled(text, region=make.XIHU, **more)
    assert case.topic != "S02" or "seat_platform" not in reasons


def test_forms_may_ask_which_region_words_mean():
    anyone = make.client()
    one = anyone.get(f"{API}/regions/find/", {"text": "杭州市下城区"}).json()
    assert one == {
        "candidates": [{"code": "330105", "name": "浙江省杭州市拱墅区", "confidence": 0.9, "matched": "杭州市下城区"}],
        "ambiguous": False,
    }
    several = anyone.get(f"{API}/regions/find/", {"text": "鼓楼区"}).json()
    assert several["ambiguous"]
    assert [each["code"] for each in several["candidates"]] == ["320106", "320302"]
    inside = anyone.get(f"{API}/regions/find/", {"text": "鼓楼区", "within": "320300"}).json()
    assert [each["code"] for each in inside["candidates"]] == ["320302"]
    assert anyone.get(f"{API}/regions/find/").json() == {"candidates": [], "ambiguous": False}
    refused = anyone.get(f"{API}/regions/find/", {"text": "鼓楼区", "within": "999999"})
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_region")


def test_a_credit_code_may_be_typed_in_small_letters():
    assert CreditCode().run_validation(" 91330100ma0000001f ") == "91330100MA0000001F"
