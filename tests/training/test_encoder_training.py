"""The whole way of a tiny encoder: split, train, stop and continue, export, calibrate, package, serve."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs deploy/requirements/train.in")
pytest.importorskip("onnx", reason="training needs deploy/requirements/train.in")

from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402
from transformers import BertConfig, BertModel  # noqa: E402

from classifier.encoder import network as networks  # noqa: E402
from classifier.encoder.calibrate import calibrate  # noqa: E402
from classifier.encoder.evaluate import evaluate  # noqa: E402
from classifier.encoder.export import export, quantise  # noqa: E402
from classifier.encoder.package import package  # noqa: E402
from classifier.encoder.prepare import prepare  # noqa: E402
from classifier.encoder.records import Record, read_records, write_records  # noqa: E402
from classifier.encoder.serve import EncoderClassifier  # noqa: E402
from classifier.encoder.train import Options, Training, train  # noqa: E402
from classifier.encoder.yardsticks import run as run_yardstick  # noqa: E402
from classifier.interface import Message  # noqa: E402

WORDS = {
    "V01": "工地 夜间 施工 打桩 噪声 凌晨 混凝土 睡不着 挖机 吵",
    "P01": "超市 牛奶 过期 变质 发霉 食品 有虫 生产日期 保健品 吃",
    "S06": "公交 司机 拒载 绕路 出租车 班次 地铁 网约车 乘客 站",
    "X01": "社保 户口 工资 罚款 交警 养老金 公积金 征地 补偿 转移",
}
SMALL = Options(epochs=6, batch=8, rate=3e-3, decay=1.0, limit=32, seed=3)
ODD_TEXTS = ["", "。", "a", "😀😀", "\ud800坏", "hello", "工地打桩" * 30_000, "\x00\x01", "投訴工地噪聲", "a\ufeffb"]


class Steps(NamedTuple):
    base: Path
    work: Path
    run: Path


def messages(count: int) -> list[Record]:
    """Messages of four topics made of their words, each different."""
    rng = np.random.default_rng(5)
    out = []
    for i in range(count):
        code = list(WORDS)[i % len(WORDS)]
        words = [str(w) for w in rng.choice(WORDS[code].split(), 6)]
        words += [chr(0x5000 + int(c)) for c in rng.integers(0, 900, 9)]
        rng.shuffle(words)
        urgency, intent = ("U2", "report") if code == "V01" else ("U4", "complaint")
        out.append(Record(f"m{i}", "".join(words), code, title=words[0], urgency=urgency, intent=intent))
    return out


def tiny_base(folder: Path, texts: list[str]) -> None:
    characters = sorted({c for text in texts for c in text})
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    vocabulary = {piece: i for i, piece in enumerate([*special, *characters, "<mask>"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, initializer_range=0.2,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """Every step run once on 480 messages."""
    top = tmp_path_factory.mktemp("encoder")
    base, work, run = top / "base", top / "work", top / "run"
    rows = messages(480)
    write_records(top / "in.jsonl", rows)
    prepare([top / "in.jsonl"], work, top / "split.jsonl")
    tiny_base(base, [r.title + r.text for r in rows])
    run_yardstick("svm", work)
    train(base, work, run, SMALL, teacher=True)
    (run / "tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())
    export(networks.load(run), run / "model.onnx")
    quantise(run / "model.onnx", run / "model.int8.onnx")
    calibrate(work, run)
    return Steps(base, work, run)


def served(steps: Steps, out: Path) -> EncoderClassifier:
    (steps.run / "metrics.json").write_text(json.dumps(evaluate(steps.work, steps.run)), encoding="utf-8")
    package(steps.run, out)
    return EncoderClassifier(out)


def test_the_tiny_encoder_learns_its_topics(steps):
    numbers = evaluate(steps.work, steps.run)["encoder int8"]
    assert numbers["messages"] == 48
    assert numbers["topic"] >= 0.9
    assert numbers["urgency"] >= 0.9


def test_a_stopped_training_continues_to_the_same_weights(steps: Steps, tmp_path: Path) -> None:
    short = Options(epochs=2, batch=8, rate=3e-3, limit=32, seed=3)
    whole, halves = (Training(steps.base, steps.work, short, teacher=False) for _ in range(2))
    for step in range(6):
        whole.step(step, whole.plan(0)[step])
    for step in range(3):
        halves.step(step, halves.plan(0)[step])
    halves.masters.save(tmp_path / "checkpoint.pt", 3)
    resumed = Training(steps.base, steps.work, short, teacher=False)
    assert resumed.masters.restore(tmp_path / "checkpoint.pt") == 3
    for step in range(3, 6):
        resumed.step(step, resumed.plan(0)[step])
    for name, weights in whole.masters.copies.items():
        torch.testing.assert_close(resumed.masters.copies[name], weights)


def test_served_predictions_keep_the_order_whatever_the_batch(steps: Steps, tmp_path: Path) -> None:
    classifier = served(steps, tmp_path / "artefact")
    rows = list(read_records(steps.work / "test.jsonl"))
    asked = [Message(r.text * (1 + i % 3), r.title) for i, r in enumerate(rows)]
    together = classifier.classify(asked)
    assert [p.topic for p in together] == [classifier.classify([m])[0].topic for m in asked]
    assert [p.topic for p in together[::3]] == [r.label for r in rows[::3]]
    assert {p.model_version for p in together} == {classifier.version}


def test_any_text_gets_a_prediction(steps: Steps, tmp_path: Path) -> None:
    classifier = served(steps, tmp_path / "artefact")
    found = classifier.classify([Message(text) for text in ODD_TEXTS])
    assert len(found) == len(ODD_TEXTS)
    assert [(p.topic, p.needs_review) for p in found[:2]] == [("X11", True), ("X11", True)]
    assert found[6].topic == "V01"
    assert found[8].topic == classifier.classify([Message("投诉工地噪声")])[0].topic
    assert classifier.classify([]) == []


def test_the_higher_urgency_of_rules_and_model_counts(steps: Steps, tmp_path: Path) -> None:
    classifier = served(steps, tmp_path / "artefact")
    noise = "工地夜间施工打桩噪声凌晨"
    found = classifier.classify([Message(noise), Message(noise + "有人被困在电梯里出不来了")])
    assert [p.urgency for p in found] == ["U2", "U1"]
    assert [bool(p.urgency_hits) for p in found] == [False, True]


def test_another_models_probabilities_are_blended_in(steps: Steps, tmp_path: Path) -> None:
    alone = served(steps, tmp_path / "artefact")
    manifest = tmp_path / "artefact" / "artefact.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"ngram_share": 0.75}), encoding="utf-8")

    class Other:
        labels = ("X01", "V02")

        def topic_probabilities(self, messages: Sequence[Message]) -> np.ndarray:
            return np.tile([0.8, 0.2], (len(messages), 1))

    both = EncoderClassifier(tmp_path / "artefact", Other())
    message = Message("工地夜间施工打桩噪声凌晨")
    own = {score.code: score.probability for score in alone.classify([message])[0].topics}
    mixed = {score.code: score.probability for score in both.classify([message])[0].topics}
    assert own["V01"] > 0.5
    assert mixed == {
        code: pytest.approx(0.25 * p + (0.75 if code == "X01" else 0), abs=1e-4) for code, p in own.items()
    }
    assert both.version == alone.version + "+ngrams"
