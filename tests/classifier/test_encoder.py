"""The shipped encoder behind the Classifier interface: answers, bad input, tokens that lead back to the message."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from django.core.management import call_command

from classifier import registry
from classifier.answers import TOPICS_SHOWN
from classifier.encoder.mixture import Opinion, certain, ngram_opinion
from classifier.interface import Message
from classifier.labels import INTENTS, URGENCIES, all_labels
from classifier.substance import says_nothing, whole_text
from tests.classifier.bad_texts import BAD
from tests.classifier.urgency_sentences import LOOK_ALIKE, URGENT

NOISE = Message("工地每天夜里施工到两三点，挖机和混凝土泵车吵得睡不着", "夜间施工扰民")
SMOKE = Message("楼下烧烤店油烟直接排到我家窗户")
PLAIN = [
    ("在饭店吃出一只蟑螂，后厨特别脏，老板还不承认", "P02"),
    ("小区电梯经常故障，上周又困了人，年检早就过期了", "P10"),
    ("刚交房的新房外墙渗水，卧室墙面开裂空鼓", "E01"),
    ("人行道地砖塌陷，井盖松动，路灯也不亮", "E04"),
    ("物业乱收停车费，公共收益不公示，保安也不管", "S01"),
    ("小区三天两头停水，自来水公司电话打不通", "S11"),
    ("楼下广场舞音响太大，每天晚上吵到十点", "V03"),
    ("化工厂晚上偷排废气，气味刺鼻", "V06"),
    ("河水发黑发臭，有人往河里偷排污水", "V08"),
]


@pytest.fixture(scope="module")
def model():
    return registry.open_model(registry.SHIPPED)


def test_plain_complaints(model):
    found = model.classify([Message(text) for text, _ in PLAIN])
    assert [p.topic for p in found] == [topic for _, topic in PLAIN]
    assert {p.model_version for p in found} == {model.version}


@pytest.mark.parametrize("text", BAD, ids=[str(i) for i in range(len(BAD))])
def test_bad_input_has_a_defined_answer(model, text):
    for message in (Message(text), Message("", text), Message(text, text)):
        [prediction] = model.classify([message])
        assert prediction.needs_review
        if says_nothing(whole_text(message)):
            assert (prediction.domain, prediction.topic, prediction.confidence) == (None, "X11", 1.0)


def test_bad_lines_of_a_file_through_the_command(model, tmp_path):
    rows = [json.dumps({"id": i, "text": text}).encode() for i, text in enumerate(BAD)]
    broken = '{"id": "bytes", "text": "外墙渗水'.encode() + b"\xff\xfe" + '了，没人修"}'.encode()
    (tmp_path / "in.jsonl").write_bytes(b"\n".join([*rows, broken, b"{"]))
    target = tmp_path / "out.jsonl"
    call_command("classify", "--in", str(tmp_path / "in.jsonl"), "--out", str(target), stderr=io.StringIO())
    found = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in found] == [*range(len(BAD)), "bytes", None]
    assert all(row["needs_review"] for row in found)
    assert {row["model_version"] for row in found[:-1]} == {model.version}
    assert [row["line"] for row in found if "error" in row] == [len(BAD) + 1, len(BAD) + 2]


def test_every_prediction_is_whole(model):
    for prediction in model.classify([Message(text) for texts in URGENT.values() for text in texts][::4]):
        assert prediction.domain == all_labels()[prediction.topic].domain
        assert (prediction.topics[0].code, prediction.topics[0].probability) == (
            prediction.topic,
            prediction.confidence,
        )
        assert all(a.probability >= b.probability for a, b in pairwise(prediction.topics[1:]))
        assert len({score.code for score in prediction.topics}) == len(prediction.topics) <= TOPICS_SHOWN
        assert 0 < sum(score.probability for score in prediction.topics) <= 1.0001
        assert prediction.intent in INTENTS
        assert prediction.urgency in URGENCIES


def test_the_model_never_lowers_what_the_rules_say(model):
    for level, texts in URGENT.items():
        assert all(p.urgency <= level for p in model.classify([Message(text) for text in texts[:25]]))


def test_the_answer_does_not_hang_on_what_else_is_asked(model):
    messages = [NOISE, SMOKE, *(Message(text) for text in [*LOOK_ALIKE[:20], *BAD[:4]])]
    alone = [model.classify([message])[0] for message in messages]
    assert model.classify(messages * 4) == alone * 4
    with ThreadPoolExecutor(8) as callers:
        assert list(callers.map(lambda m: model.classify([m])[0], messages)) == alone
    assert model.classify([]) == []


def test_tokens_lead_back_to_the_message(model):
    for message in (NOISE, SMOKE, Message("題目　測試：工地\u200b噪聲\ud800很大", "Ａ"), Message("长" * 9_000 + "尾")):
        whole = f"{message.title}\n{message.text}" if message.title else message.text
        encoded = model.tokenised(message)
        assert len(encoded.ids) == len(encoded.spans) <= 256
        spans = [span for span in encoded.spans if span]
        assert all(0 <= start < end <= len(whole) for start, end in spans)
        assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    read = "".join(dict.fromkeys(f"{a},{b}" for a, b in (s for s in model.tokenised(SMOKE).spans if s)))
    assert read.startswith("0,")
    assert model.tokenised(SMOKE).spans[-2][1] == len(SMOKE.text)
    assert model.tokenised(Message("长" * 9_000 + "尾")).spans[-2][1] == 9_001


def test_the_topic_head_reads_the_mean_of_the_token_states(model):
    weights, bias = model.topic_head
    assert weights.shape == (len(model.labels), model.token_states(NOISE).shape[1])
    assert len(model.token_states(NOISE)) == len(model.tokenised(NOISE).ids)
    logits = weights @ model.token_states(NOISE).mean(axis=0) + bias
    assert model.labels[int(logits.argmax())] == "V01"


def test_embeddings_are_unit_vectors_and_like_messages_lie_near(model):
    again = Message("工地夜里一直施工到凌晨，挖机声音吵得人睡不着觉")
    vectors = model.embeddings([NOISE, SMOKE, again])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1]


def test_what_the_n_grams_are_certain_of_they_answer_alone(model):
    messages = [Message(text) for text, _ in PLAIN] + [NOISE, SMOKE]
    mixture = model.mixture
    own = ngram_opinion(model.partner, messages, model.labels)
    alone = certain(own, model.labels, mixture)
    assert 0 < alone.sum() < len(messages)
    served = model.opinion(messages)
    assert np.array_equal(served.topic[alone], own.topic[alone])
    assert all(not np.array_equal(served.topic[i], own.topic[i]) for i in np.flatnonzero(~alone))
    assert served.topic.sum(axis=1) == pytest.approx(1)
    grave = Opinion(own.topic, own.intent, np.tile([0.5, 0.0, 0.0, 0.5], (len(messages), 1)))
    assert not certain(grave, model.labels, mixture).any()
