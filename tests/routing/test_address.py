"""The gazetteer: what it finds, what it asks, and that it never guesses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.address import DECIDED, FULL_CHAIN, NAMED, SHORT, Gazetteer
from routing.models import PlaceName, Region, RegionSuccession, Township
from tests.routing.addresses import FULL, LABELLED, NO_PLACE

pytestmark = pytest.mark.django_db
UNRELATED = (
    "昨天买的牛奶已经过期",
    "要求退款并赔偿三倍",
    "多次反映没有人处理",
    "店员态度很差",
    "电话打不通",
    "楼上漏水把家具泡坏了",
    "有发票和照片",
    "垃圾没人清运",
)


@pytest.fixture(scope="module")
def gazetteer(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Gazetteer.load()


def told(gazetteer, text, within=""):
    answer = gazetteer.find(text, within).answer
    return answer.code if answer else ""


def test_loading_costs_four_queries(django_assert_num_queries):
    with django_assert_num_queries(4):
        Gazetteer.load()


def test_the_labelled_set_is_large_and_points_at_regions_of_today():
    assert len({text for text, _code in LABELLED}) == len(LABELLED) >= 200
    codes = {code for _text, code in LABELLED if code}
    assert (
        set(Region.objects.valid_on(date(2026, 11, 22)).filter(code__in=codes).values_list("code", flat=True)) == codes
    )


def test_no_wrong_region_ever_and_nearly_all_that_can_be_told_are(gazetteer):
    answers = [(text, code, told(gazetteer, text)) for text, code in LABELLED]
    assert [row for row in answers if row[2] not in ("", row[1])] == []
    resolvable = [row for row in answers if row[1]]
    missed = [row for row in resolvable if not row[2]]
    assert len(missed) <= len(resolvable) * 0.05, missed


@pytest.mark.parametrize(
    ("text", "code", "confidence"),
    [
        ("浙江省杭州市西湖区文三路", "330106", FULL_CHAIN),
        ("杭州西湖区", "330106", FULL_CHAIN),
        ("浙江杭州西湖", "330106", FULL_CHAIN),
        ("萧山区", "330109", NAMED),
        ("杭州市下城区", "330105", NAMED),
        ("西湖区文新街道", "330106", NAMED),
        ("稠城街道", "330782", DECIDED),
        ("鼓楼区，南京市的那个", "320106", DECIDED),
        ("昆山", "320583", SHORT),
        ("宁波江北某工地", "330205", SHORT),
    ],
)
def test_confidence_says_what_the_answer_rests_on(gazetteer, text, code, confidence):
    found = gazetteer.find(text)
    assert (found.answer.code, found.answer.confidence) == (code, confidence)
    assert text[found.answer.start : found.answer.end] == found.answer.matched


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("鼓楼区", {"320106", "320302"}),
        ("西湖区", {"330106"}),
        ("江干区", {"330102", "330114"}),
        ("从杭州市到宁波市", {"330100", "330200"}),
        ("杭州市西湖区和宁波市鄞州区", {"330106", "330212"}),
    ],
)
def test_what_several_places_share_is_asked_with_the_candidates(gazetteer, text, codes):
    found = gazetteer.find(text)
    assert found.ambiguous
    assert {candidate.code for candidate in found.regions} == codes
    assert all(candidate.confidence <= 0.5 or len(codes) > 1 for candidate in found.regions)


@pytest.mark.parametrize(
    ("text", "within", "code"),
    [
        ("西湖区", "330100", "330106"),
        ("鼓楼区", "320100", "320106"),
        ("鼓楼区", "320300", "320302"),
        ("太平镇", "440100", "440117"),
        ("西湖区", "330000", "330106"),
        ("杭州市西湖区", "320000", ""),
        ("文三路", "330100", ""),
        ("西湖区", "999999", ""),
    ],
)
def test_a_known_region_decides_shared_names(gazetteer, text, within, code):
    assert told(gazetteer, text, within) == code


def test_places_passed_over_are_told(gazetteer):
    assert gazetteer.find("杭州市西湖区文三路宁波菜馆").passed_over == ("宁波",)
    assert gazetteer.find("浙江省杭州市西湖区，杭州的夏天").passed_over == ()


def test_names_follow_the_day():
    before = Gazetteer.load(date(2021, 4, 8))
    assert told(before, "浙江省杭州市临平区") == "330100"  # not yet there
    assert told(before, "余杭区") == "330110"
    assert told(Gazetteer.load(date(2021, 4, 9)), "浙江省杭州市临平区") == "330113"


def test_what_is_added_in_the_tables_is_found():
    assert told(Gazetteer.load(), "杭州云城") != "330110"
    PlaceName.objects.create(name="杭州云城", kind="alias", region_id="330110")
    Township.objects.create(code="330106999", name="测试试验镇", region_id="330106")
    RegionSuccession.objects.create(
        old_code="330199", old_name="旧时试验县", new_id="330122", valid_from=date(1990, 1, 1)
    )
    later = Gazetteer.load()
    assert [told(later, text) for text in ("杭州云城", "测试试验镇", "旧时试验县")] == ["330110", "330106", "330122"]


def test_a_region_that_ended_is_found_under_its_successor():
    Region.objects.create(code="330199", name="试验县", level="county", parent_id="330100", valid_to=date(2020, 1, 1))
    RegionSuccession.objects.create(old_code="330199", old_name="试验县", new_id="330122", valid_from=date(2020, 1, 2))
    assert told(Gazetteer.load(date(2019, 6, 1)), "杭州市试验县") == "330199"
    assert told(Gazetteer.load(date(2026, 6, 1)), "杭州市试验县") == "330122"


@settings(max_examples=60)
@given(
    st.sampled_from(FULL),
    st.lists(st.sampled_from(UNRELATED), max_size=3),
    st.lists(st.sampled_from(UNRELATED), max_size=3),
    st.sampled_from("，。；"),
)
def test_unrelated_text_never_changes_a_full_chain(gazetteer, labelled, before, after, mark):
    text, code = labelled
    assert told(gazetteer, mark.join([*before, text, *after])) == code


@settings(max_examples=60)
@given(st.sampled_from(FULL), st.sampled_from([text for text, _code in NO_PLACE if len(text) > 6]))
def test_false_friends_beside_an_address_never_turn_it_into_another(gazetteer, labelled, friend):
    text, code = labelled
    assert told(gazetteer, f"{text}，{friend}") in ("", code)


@settings(max_examples=100)
@given(st.text(max_size=200), st.sampled_from(["", "330100"]))
def test_any_text_is_read(gazetteer, text, within):
    found = gazetteer.find(text, within)
    assert all(text[each.start : each.end] == each.matched for each in found.regions)
    assert all(0 < each.confidence <= 1 for each in found.regions)


@pytest.mark.parametrize("model", ["regionsuccession", "township", "placename", "platform"])
def test_the_tables_are_kept_in_the_admin(admin_client, model):
    for page in ("", "?q=%E6%9D%AD%E5%B7%9E", "add/"):
        assert admin_client.get(f"/admin/routing/{model}/{page}").status_code == 200
