"""The notation of trigger phrases, and that sparing a search never loses a find."""

import re

import pytest

from classifier.phrases import expand, grams_of, phrase
from classifier.urgency import _rules

WORDS = {"child": "孩子|宝宝", "many": "多人|几个{child}"}


@pytest.mark.parametrize(
    ("notation", "text", "found"),
    [
        ("电梯~<困>", "电梯坏了有人困在里面", "电梯坏了有人困"),
        ("电梯~<困>", "电梯坏了。有人困在里面", None),
        ("电梯~<困>", "电梯已经坏了整整两个多星期,困", None),
        ("电梯~~<困>", "电梯已经坏了整整两个多星期,困", "电梯已经坏了整整两个多星期,困"),
        ("{child}(呕)?吐", "宝宝吐了", "宝宝吐"),
        ("{many}中毒", "几个孩子中毒", "几个孩子中毒"),
        ("被电(?!话|视)(到|了)?", "被电话吵", None),
        ("(?<!\\d)315(?!室)", "住在1315室", None),
        ("[二三]次投诉", "三次投诉", "三次投诉"),
    ],
)
def test_notation(notation, text, found):
    made = phrase(notation, WORDS)
    match = made.pattern.search(text)
    assert (match and match[0]) == found
    if match:
        assert made.may_occur(grams_of(text))


def test_the_word_that_a_negation_stands_before():
    match = phrase("电梯~<困>人", WORDS).pattern.search("电梯没有困人")
    assert match is not None
    assert match.start(1) == 4


def test_repetition_is_bounded():
    assert expand("[0-9]+人*\\d{2,}", WORDS) == "[0-9]{1,8}人{0,6}\\d{2,8}"
    assert not any(re.search(r"[*+]|,}", one.pattern.pattern) for rule in _rules() for one in rule.phrases)


@pytest.mark.parametrize("broken", ["(电梯", "电梯)", "[电梯", "电梯(?:a|b"])
def test_a_phrase_that_is_not_well_formed_is_refused(broken):
    with pytest.raises((ValueError, re.error)):
        phrase(broken, WORDS)


def test_sparing_the_search_never_loses_a_find(urgency_texts):
    spared = 0
    for text in urgency_texts:
        grams = grams_of(text)
        for rule in _rules():
            for one in rule.phrases:
                if not one.may_occur(grams):
                    spared += 1
                    assert one.pattern.search(text) is None
    assert spared > 0.8 * len(urgency_texts) * sum(len(rule.phrases) for rule in _rules())
