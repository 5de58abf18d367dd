"""Several matters in one message, with the shipped model."""

from __future__ import annotations

from itertools import pairwise

import pytest

import classifier
from classifier import Message, matters, matters_of
from classifier.matters import Matter, units_of
from classifier.matters_measure import measure, ordinary_messages, written_messages

FUME = "楼下烧烤店的油烟直接排到我家窗户，关着窗都呛人。"
LIFT = "小区3号电梯上周两次困人，电梯年检已经过期，请特种设备监管部门检查。"
MILK = "超市卖给我的牛奶已经过期三天，孩子喝了拉肚子。"


@pytest.fixture(scope="module")
def model():
    return classifier.active()


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        (f"一、{FUME}二、{LIFT}", ["V05", "P10"]),
        (f"{FUME}另外，{LIFT}", ["V05", "P10"]),
        (f"1. {MILK}\n2. {LIFT}\n3. {FUME}", ["P01", "P10", "V05"]),
        (f"①{LIFT}②{MILK}", ["P10", "P01"]),
    ],
)
def test_announced_matters_are_found_with_their_places(model, text, topics):
    found = matters(model, Message(text))
    assert [one.topic for one in found] == topics
    for one in found:
        assert text[one.start : one.end].endswith("。")
        assert 0 < one.probability <= 1
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_offsets_refer_to_title_and_text(model):
    text = f"一、{FUME}二、{LIFT}"
    plain, titled = matters(model, Message(text)), matters(model, Message(text, "两件事"))
    assert [(m.start + 4, m.end + 4, m.topic) for m in plain] == [(m.start, m.end, m.topic) for m in titled]
    whole = f"两件事\n{text}"
    assert "油烟" in whole[titled[0].start : titled[0].end]


@pytest.mark.parametrize(
    "text",
    ["", "。", "你好", FUME, f"您好！{FUME}请尽快处理，谢谢！", "😀" * 30, "a" * 100, "\ud800" * 40, "，。" * 50],
)
def test_other_messages_have_none(model, text):
    assert matters(model, Message(text)) == ()


def test_a_huge_message_is_read_from_its_beginning(model):
    text = f"一、{FUME}二、{LIFT}" + "其他情况同上。" * 15_000
    assert all(one.end <= 2_000 for one in matters(model, Message(text)))


def test_messages_are_answered_in_order_each_for_itself(model):
    messages = [Message(MILK), Message(f"一、{FUME}二、{LIFT}"), Message(""), Message(f"{LIFT}另外，{MILK}")]
    together = matters_of(model, messages)
    assert [[m.topic for m in one] for one in together] == [[], ["V05", "P10"], [], ["P10", "P01"]]


def test_units_cover_the_text_without_gaps():
    for written in written_messages():
        text = written.message.text
        units = units_of(text)
        assert units[0][0] == 0
        assert units[-1][1] == len(text)
        assert all(a[1] == b[0] for a, b in pairwise(units))


def test_the_written_messages_are_what_they_say():
    messages = written_messages()
    assert len(messages) == 200
    assert sum(len(one.matters) > 1 for one in messages) == 120
    for one in messages:
        whole = f"{one.message.title}\n{one.message.text}" if one.message.title else one.message.text
        ends = [0, *(m.end for m in one.matters)]
        assert all(end <= m.start < m.end <= len(whole) for end, m in zip(ends, one.matters, strict=False))
        assert all(m.topic in classifier.active().labels for m in one.matters)


def test_the_measure_counts_spans_topics_and_splits():
    [one] = [one for one in written_messages() if one.message.text.startswith("我们小区问题不少")]
    first, second, third = one.matters
    perfect = measure([one], [one.matters])
    assert (perfect.f1, perfect.split, perfect.topics_f1) == (1, 1, 1)
    half = (first.end - first.start) // 2
    worse = [
        Matter(first.start, first.start + half - 1, first.topic, 1),  # overlaps by less than half
        Matter(second.start, second.end, "V10", 1),  # another topic
        third,
    ]
    assert measure([one], [worse]).f1 == pytest.approx(1 / 3)
    assert measure([one], [worse]).topics_f1 == pytest.approx(2 / 3)
    nothing = measure([one], [()])
    assert (nothing.f1, nothing.split, nothing.split_missed) == (0, 0, 1)


def test_the_shipped_model_keeps_its_floor_on_what_nothing_was_fitted_on(model):
    """docs/classifier.md has the figures."""
    messages = [one for one in written_messages() if one.half == "report"]
    figures = measure(messages, matters_of(model, [one.message for one in messages]))
    assert figures.f1 >= 0.35
    assert figures.split >= 0.55
    alone = [one for one in ordinary_messages() if one.half == "report"]
    assert measure(alone, matters_of(model, [one.message for one in alone])).split >= 0.85
