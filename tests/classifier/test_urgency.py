"""The rule layer of urgency: what raises it, what only looks so, and where the phrase stood."""

from itertools import pairwise

import pytest

from classifier import urgency_of
from classifier.urgency import HITS_SHOWN
from tests.classifier.urgency_sentences import LOOK_ALIKE, URGENT


@pytest.mark.parametrize(("level", "text"), [(level, text) for level, texts in URGENT.items() for text in texts])
def test_urgent_sentences_get_their_level(level, text):
    found, hits = urgency_of(text)
    assert found == level
    assert min(hit.level for hit in hits) == level


@pytest.mark.parametrize("text", LOOK_ALIKE)
def test_what_only_looks_urgent_is_not(text):
    level, hits = urgency_of(text)
    assert level in {"U3", "U4"}, hits


@pytest.mark.parametrize(
    ("present", "lowered"),
    [
        ("电梯困人了", "去年电梯困人了"),  # past
        ("这里失火了", "如果这里失火了"),  # condition
        ("我家墙要倒", "我怕我家墙要倒"),  # feared
        ("电梯困人", "这部电梯经常困人"),  # one of several occasions
        ("三楼起火", "三楼起火，火已扑灭"),  # over
    ],
)
def test_past_condition_and_fear_lower_the_level(present, lowered):
    assert urgency_of(present)[0] == "U1"
    assert urgency_of(lowered)[0] in {"U2", "U3"}


def test_what_goes_on_is_not_past():
    assert urgency_of("去年井盖就没了，到现在还没人补")[0] == "U2"


@pytest.mark.parametrize(
    "text", ["去年我就想自杀", "如果不退钱我就跳楼", "听说他要自杀", "我曾经割腕", "一旦强拆我就跟他们同归于尽"]
)
def test_suicide_and_violence_are_never_lowered(text):
    assert urgency_of(text)[0] == "U1"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("電 梯　困人，快來！", "電 梯　困人"),
        ("您好。\u200b三楼起火了", "起火"),
        ("ｅｔｃ旁边：有人触电", "触电"),
        ("🔥🔥 隔壁着火了", "着火"),
        ("我\x00家着\x00火了", "着\x00火"),
    ],
)
def test_offsets_lead_to_the_phrase_in_the_original(text, phrase):
    _level, hits = urgency_of(text)
    assert text[hits[0].start : hits[0].end] == phrase


def test_offsets_count_from_the_title():
    title, text = "電梯困人", "里面有两个老人"
    level, hits = urgency_of(text, title)
    assert (level, hits[0].start, hits[0].end) == ("U1", 0, 4)
    level, hits = urgency_of("三楼起火了", "求助")
    assert "求助\n三楼起火了"[hits[0].start : hits[0].end] == "起火"


def test_a_phrase_at_the_end_of_a_very_long_text_is_found():
    text = "今天天气不错。" * 15_000 + "三楼起火了"
    level, hits = urgency_of(text)
    assert level == "U1"
    assert text[hits[0].start : hits[0].end] == "起火"


def test_hits_are_ordered_bounded_and_do_not_overlap():
    _level, hits = urgency_of("三楼起火了，有人受伤住院，投诉了三次没人管。" * 30)
    assert len(hits) == HITS_SHOWN
    assert [hit.level for hit in hits] == sorted(hit.level for hit in hits)
    places = sorted((hit.start, hit.end) for hit in hits)
    assert all(a[1] <= b[0] for a, b in pairwise(places))


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "🙂" * 50, "a" * 100_000, "İ起火İ", "(((~<{child}"])
def test_any_text_has_a_level(text):
    level, hits = urgency_of(text)
    assert level == ("U1" if "起火" in text else "U4")
    assert (level == "U4") == (not hits)


def test_a_hostile_text_of_repeated_characters_is_read_in_linear_time():
    """With unbounded repetition in a phrase this would take minutes."""
    tail = "吐人中毒业主学生户没解决投诉住院多次，个月没人政府聚集维权燃气火困"
    for head in ("9", "十", "都", "两百", "几百人"):
        assert urgency_of(head * 20_000 + tail)[0] in {"U1", "U2", "U3", "U4"}
