"""Whose authority a seller belongs to, before and after Order 121."""

from __future__ import annotations

from datetime import date

import pytest

from routing.models import Platform
from routing.reasons import SENTENCES, sentence
from routing.seller import ORDER_121, Platforms, Seat, SellerFacts, SellerKind, seat

OLD, NEW = date(2026, 4, 14), date(2026, 4, 15)
TAOBAO = Seat("淘宝", "浙江淘宝网络有限公司", "330110", "浙江省杭州市余杭区", "")
PINDUODUO = Seat("拼多多", "上海寻梦信息技术有限公司", "", "", "上海市")


def answer(kind, day=NEW, **known):
    found = seat(SellerFacts(kind, day, **known))
    return found.regions, found.hand_over, [reason.code for reason in found.reasons]


def test_order_121_begins_on_its_day():
    assert ORDER_121 == NEW


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"business": "330106"}, (("330106",), "", ["seat_business"])),
        ({"business": "330106", "domicile": "330212"}, (("330106", "330212"), "", ["seat_business"])),
        ({"domicile": "330212"}, (("330212",), "", ["seat_domicile"])),
        ({}, ((), "", ["seat_unknown"])),
    ],
)
def test_a_shop_belongs_to_its_place_of_business_or_domicile(known, expected):
    assert answer(SellerKind.SHOP, **known) == expected


def test_an_own_site_belongs_to_its_domicile():
    assert answer(SellerKind.OWN_SITE, business="330106", domicile="330212")[0] == ("330212",)
    assert answer(SellerKind.OWN_SITE, business="330106") == ((), "", ["seat_unknown"])


@pytest.mark.parametrize("day", [OLD, NEW])
def test_a_shop_on_a_platform_belongs_to_its_place_or_the_platforms(day):
    both = answer(SellerKind.ON_PLATFORM, day, business="330212", platform=TAOBAO)
    assert both == (("330212", "330110"), "", ["seat_business"])
    assert answer(SellerKind.ON_PLATFORM, day, platform=TAOBAO) == (("330110",), "", ["seat_platform"])


@pytest.mark.parametrize("gone", [{"published": False}, {"reachable": False}])
def test_from_order_121_an_unreachable_seller_belongs_to_the_platforms_seat(gone):
    known = {"business": "330212", "platform": TAOBAO, **gone}
    assert answer(SellerKind.ON_PLATFORM, NEW, **known) == (("330110",), "", ["seat_unreachable"])
    assert answer(SellerKind.ON_PLATFORM, OLD, **known) == (("330110",), "", ["seat_platform"])


def test_a_platform_outside_means_hand_over():
    found = answer(SellerKind.ON_PLATFORM, NEW, platform=PINDUODUO, reachable=False)
    assert found == ((), "上海市", ["seat_unreachable", "seat_hand_over"])


def test_without_a_known_platform_only_the_domicile_is_left():
    assert answer(SellerKind.ON_PLATFORM, domicile="330212") == (("330212",), "", ["seat_domicile"])


@pytest.mark.django_db
def test_the_shipped_platforms_are_read_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        platforms = Platforms.load()
    assert platforms.named("在淘宝上买的鞋子开胶") == TAOBAO
    assert platforms.named("拼多多假一赔十不兑现") == PINDUODUO
    assert platforms.named("京东和天猫都卖这个") is None
    assert platforms.named("天猫超市、天猫商城都是它家").region == "330110"
    assert platforms.named("电话13516880000打不通") is None
    assert platforms.named("1688上进的货").region == "330108"
    assert platforms.named("店里买的") is None
    names = [name for row in Platform.objects.values_list("names", flat=True) for name in row.split()]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_every_reason_has_its_sentence():
    for facts in (
        SellerFacts(SellerKind.ON_PLATFORM, NEW, platform=PINDUODUO, published=False),
        SellerFacts(SellerKind.ON_PLATFORM, NEW, platform=TAOBAO),
        SellerFacts(SellerKind.ON_PLATFORM, NEW, platform=TAOBAO, business="330106"),
        SellerFacts(SellerKind.SHOP, NEW, domicile="330106"),
        SellerFacts(SellerKind.SHOP, NEW),
    ):
        for reason in seat(facts).reasons:
            assert reason.code in SENTENCES
            assert all(value in sentence(reason) for key, value in reason.params.items() if key == "region_name")
