"""The phrases behind a topic: they carry it (deleting them tells), and they stand where they are said to."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import classifier
from classifier import Message, phrases
from classifier.registry import BASELINE

SYNTHETIC = Path(classifier.__file__).parent / "data" / "synthetic"


@pytest.fixture(scope="module", params=["served", "baseline"])
def model(request):
    return classifier.active() if request.param == "served" else classifier.open_model(BASELINE)


def without(text, spans):
    gone = {i for start, end in spans for i in range(start, end)}
    return "".join(character for i, character in enumerate(text) if i not in gone)


def probability(prediction, topic):
    return next((score.probability for score in prediction.topics if score.code == topic), 0.0)


def test_deleting_the_phrases_costs_the_topic_more_than_deleting_as_much_elsewhere(model):
    rows = [
        json.loads(line)
        for path in sorted(SYNTHETIC.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    chance = random.Random(5)
    texts = chance.sample([row["text"] for row in rows if len(row["text"]) >= 40], 60)
    predictions = model.classify([Message(text) for text in texts])
    phrase_gone, elsewhere_gone = [], []
    for text, prediction in zip(texts, predictions, strict=True):
        spans = [(one.start, one.end) for one in phrases(model, Message(text), prediction.topic)][:3]
        starts = [chance.randrange(len(text) - (end - start) + 1) for start, end in spans]
        others = [(at, at + end - start) for at, (start, end) in zip(starts, spans, strict=True)]
        phrase_gone.append(Message(without(text, spans)))
        elsewhere_gone.append(Message(without(text, others)))
    lost = [
        sum(
            one.confidence - probability(left, one.topic)
            for one, left in zip(predictions, model.classify(gone), strict=True)
        )
        for gone in (phrase_gone, elsewhere_gone)
    ]
    assert lost[0] > 2 * lost[1]


def test_they_stand_in_title_and_text_and_are_ordered_by_weight(model):
    text, title = "今天在超市买的牛奶已经过期三天，孩子喝了拉肚子，要求赔偿", "超市卖过期牛奶"
    found = phrases(model, Message(text, title), "P01")
    whole = f"{title}\n{text}"
    assert 1 <= len(found) <= 6
    assert found[0].weight == 1
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert all(2 <= one.end - one.start <= 20 and "\n" not in whole[one.start : one.end] for one in found)
    assert any("过期" in whole[one.start : one.end] or "牛奶" in whole[one.start : one.end] for one in found)
    covered = [i for one in found for i in range(one.start, one.end)]
    assert len(covered) == len(set(covered))


@pytest.mark.parametrize("text", ["", "好", "😀" * 10, "，，，。", "x" * 100_000, "\ud800\ud801", "买" * 30_000])
def test_no_text_makes_it_fail(model, text):
    assert all(0 <= one.start < one.end <= len(text) for one in phrases(model, Message(text), "P01"))


def test_an_unknown_topic_is_refused(model):
    with pytest.raises(ValueError, match="Z99"):
        phrases(model, Message("牛奶过期了，要求退款"), "Z99")


def test_the_same_question_has_the_same_answer(model):
    message = Message("楼下烧烤店的油烟直接排到我家窗户，关着窗都呛人")
    assert phrases(model, message, "V05") == phrases(model, message, "V05")
