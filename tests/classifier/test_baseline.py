"""The shipped baseline behind the Classifier interface."""

import subprocess
import sys
from pathlib import Path

import pytest

from classifier.answers import TOPICS_SHOWN
from classifier.baseline.model import BATCH, NgramClassifier
from classifier.interface import Message
from classifier.labels import INTENTS, URGENCIES, all_labels
from classifier.registry import BASELINE
from tests.classifier.bad_texts import BAD
from tests.classifier.urgency_sentences import LOOK_ALIKE, URGENT

ROOT = Path(__file__).resolve().parents[2]
MILK = Message("今天在超市买的牛奶已经过期三天，孩子喝了拉肚子，要求赔偿")


@pytest.fixture(scope="module")
def model():
    return NgramClassifier(BASELINE)


def test_expired_milk(model):
    [prediction] = model.classify([MILK])
    assert (prediction.domain, prediction.topic) == ("product", "P01")
    assert prediction.intent == "complaint"
    assert prediction.urgency == "U2"
    assert [hit.danger for hit in prediction.urgency_hits] == ["child_or_elder"]
    assert not prediction.needs_review
    assert prediction.model_version == model.version


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("在饭店吃出一只蟑螂，后厨特别脏，老板还不承认", "P02"),
        ("买的手机用了半个月就黑屏，售后不给换，电池还鼓包", "P05"),
        ("新买的汽车变速箱异响，刹车时方向盘抖动，4S店说正常", "P06"),
        ("小区电梯经常故障，上周又困了人，年检早就过期了", "P10"),
        ("刚交房的新房外墙渗水，卧室墙面开裂空鼓", "E01"),
        ("人行道地砖塌陷，井盖松动，路灯也不亮", "E04"),
        ("物业乱收停车费，公共收益不公示，保安也不管", "S01"),
        ("网购的衣服不让七天无理由退货，客服一直不退款", "S02"),
        ("健身房突然关门跑路，会员卡里还有五千块退不了", "S04"),
        ("公交车等了一个小时不来，来了还不停站", "S06"),
        ("快递丢件了，驿站和快递公司互相推诿，不给赔", "S08"),
        ("小区三天两头停水，自来水公司电话打不通", "S11"),
        ("工地每天夜里施工到两三点，挖机和混凝土泵车吵得睡不着", "V01"),
        ("楼下广场舞音响太大，每天晚上吵到十点", "V03"),
        ("楼下烧烤店油烟直接排到我家窗户", "V05"),
        ("化工厂晚上偷排废气，气味刺鼻", "V06"),
        ("河水发黑发臭，有人往河里偷排污水", "V08"),
    ],
)
def test_plain_complaints(model, text, topic):
    [prediction] = model.classify([Message(text)])
    assert prediction.topic == topic


@pytest.mark.parametrize("text", BAD, ids=[str(i) for i in range(len(BAD))])
def test_bad_input_has_a_defined_answer(model, text):
    for message in (Message(text), Message("", text), Message(text, text)):
        [prediction] = model.classify([message])
        assert prediction.needs_review
        if text[:1] not in {"字", "投", "Μ"}:
            assert (prediction.domain, prediction.topic, prediction.confidence) == (None, "X11", 1.0)


def test_every_prediction_is_whole(model):
    texts = [text for texts in URGENT.values() for text in texts] + LOOK_ALIKE
    predictions = model.classify([Message(text) for text in texts])
    assert len(predictions) == len(texts)
    for prediction in predictions:
        labels = all_labels()
        assert prediction.domain == labels[prediction.topic].domain
        assert prediction.topics[0].code == prediction.topic
        assert prediction.topics[0].probability == prediction.confidence
        rest = [score.probability for score in prediction.topics[1:]]
        assert rest == sorted(rest, reverse=True)
        assert len({score.code for score in prediction.topics}) == len(prediction.topics) <= TOPICS_SHOWN
        assert 0 < sum(score.probability for score in prediction.topics) <= 1.0001
        assert prediction.intent in INTENTS
        assert prediction.urgency in URGENCIES


def test_the_model_never_lowers_what_the_rules_say(model):
    for level, texts in URGENT.items():
        assert all(p.urgency <= level for p in model.classify([Message(text) for text in texts]))


def test_a_batch_gives_what_its_messages_give_one_by_one_in_order(model):
    messages = [Message(text) for text in [*LOOK_ALIKE, *BAD[:4], *URGENT["U1"]]]
    assert len(messages) > BATCH
    together = model.classify(messages)
    assert together == [model.classify([message])[0] for message in messages]
    assert model.classify([]) == []
    assert NgramClassifier(BASELINE).classify(messages) == together


def test_topic_probabilities_are_those_of_the_predictions(model):
    p = model.topic_probabilities([MILK, Message("楼下烧烤店油烟直接排到我家窗户")])
    assert p.shape == (2, len(model.labels))
    assert p.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert p[0, model.labels.index("P01")] == pytest.approx(model.classify([MILK])[0].confidence, abs=1e-6)
    assert model.topic_probabilities([]).shape == (0, len(model.labels))


def test_the_artefact_is_small_and_knows_all_topics(model):
    assert sum(path.stat().st_size for path in BASELINE.iterdir()) < 10_000_000
    topics = {code for code, label in all_labels().items() if label.domain}
    assert topics <= set(model.labels)


def test_serving_needs_neither_scikit_learn_nor_django_settings():
    program = (
        "import sys, classifier; classifier.active().classify([classifier.Message('牛奶过期了')]);"
        "assert not {'sklearn', 'scipy', 'torch', 'transformers'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={"PATH": ""}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
