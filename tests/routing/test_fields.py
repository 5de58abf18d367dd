"""Sub-fields read from the text: only what is beyond doubt."""

import csv

import pytest

from routing.fields import DATA, recognise, vocabulary


@pytest.mark.parametrize(
    ("topic", "text", "fields"),
    [
        ("P03", "我家隔壁大棚种的草莓打了农药第二天就摘", {"stage": "farm"}),
        ("P03", "菜市场买的青菜农药味重", {"stage": "market"}),
        ("P03", "养殖场的死猪卖到菜市场", {}),
        ("P03", "买的菜有农药味", {}),
        ("S04", "健身房跑路，会员卡里还有三千块", {"trade": "gym"}),
        ("S04", "不是健身房，是理发店，卡退不了", {"trade": "beauty"}),
        ("S06", "高铁晚点不给退票", {"mode": "rail"}),
        ("S11", "天天停电", {"utility": "power"}),
        ("S11", "停水停电都没人管", {}),
        ("V03", "楼下广场舞太吵", {"source": "people"}),
        ("V03", "楼下KTV凌晨还在唱", {"source": "venue"}),
        ("V03", "楼下有声音", {}),
        ("V09", "有人半夜倾倒危险废物", {"kind": "hazardous"}),
        ("V06", "垃圾填埋场的臭味飘进小区", {"source": "landfill"}),
        ("P02", "学校食堂吃完上吐下泻", {"place": "school", "harm": "illness"}),
        ("E05", "高速公路路面开裂", {"road_class": "expressway"}),
        ("P01", "健身房卖的饼干过期", {}),
        ("P99", "健身房", {}),
        ("", "健身房", {}),
    ],
)
def test_recognises_what_the_text_says(topic, text, fields):
    assert recognise(text, topic) == fields


def test_every_listed_phrase_is_recognised_alone():
    with (DATA / "field_phrases.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 700
    for row in rows:
        for topic in row["topics"].split():
            assert recognise(f"，{row['phrase'].upper()}。", topic).get(row["field"]) == row["value"], (row, topic)


@pytest.mark.parametrize("text", ["", " \x00\n", "😀" * 1000, "（" * 100_000, "健身" * 50_000, "%s %(x)s {a}"])
def test_any_text_is_taken(text):
    assert recognise(text, "S04") == {}


def test_names_of_fields_are_given_for_people():
    assert vocabulary()["stage", "farm"] == ("环节", "种植养殖")
