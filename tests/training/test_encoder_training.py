"""The whole way of a tiny encoder: split, train, stop and continue, export, calibrate, package, serve."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs deploy/requirements/train.in")
pytest.importorskip("onnx", reason="training needs deploy/requirements/train.in")

from safetensors.torch import load_file  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402
from transformers import (  # noqa: E402
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerFast,
)

from classifier.baseline.examples import Example, read_examples  # noqa: E402
from classifier.baseline.train import train as train_ngrams  # noqa: E402
from classifier.encoder import network as networks  # noqa: E402
from classifier.encoder.artefact import write_manifest  # noqa: E402
from classifier.encoder.average import average  # noqa: E402
from classifier.encoder.calibrate import calibrate  # noqa: E402
from classifier.encoder.evaluate import evaluate, write_metrics  # noqa: E402
from classifier.encoder.export import export, quantise, write_heads  # noqa: E402
from classifier.encoder.mixture import Mixture  # noqa: E402
from classifier.encoder.package import package  # noqa: E402
from classifier.encoder.prepare import prepare  # noqa: E402
from classifier.encoder.pseudo_label import pseudo_labelled  # noqa: E402
from classifier.encoder.records import Record, read_records, write_records  # noqa: E402
from classifier.encoder.retrain import Work, retrain  # noqa: E402
from classifier.encoder.serve import EncoderClassifier  # noqa: E402
from classifier.encoder.suspects import suspects  # noqa: E402
from classifier.encoder.train import Options, Training, train  # noqa: E402
from classifier.encoder.yardsticks import run as run_yardstick  # noqa: E402
from classifier.errors import ArtefactError  # noqa: E402
from classifier.frozen import frozen_figures, measured  # noqa: E402
from classifier.interface import Message  # noqa: E402
from classifier.registry import open_model  # noqa: E402

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
    train(base, work, run, SMALL, teacher="svm")
    (run / "tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())
    network = networks.load(run)
    export(network, run / "model.onnx")
    write_heads(network, run / "heads.npz")
    quantise(run / "model.onnx", run / "model.int8.onnx")
    train_ngrams(read_examples([work / "train.jsonl"]), top / "ngrams", 2, 10, lambda _: None)
    calibrate(work, run, top / "ngrams")
    write_metrics(work, run, top / "split.jsonl")
    return Steps(base, work, run)


@pytest.fixture(scope="module")
def classifier(steps: Steps, tmp_path_factory: pytest.TempPathFactory) -> EncoderClassifier:
    """The packaged artefact, with the weights for torch."""
    out = tmp_path_factory.mktemp("served") / "artefact"
    package(steps.run, out, weights=True)
    return EncoderClassifier(out)


def packaged(steps: Steps, out: Path, mixture: Mixture, *, partner: bool = True) -> EncoderClassifier:
    """An artefact that mixes otherwise than calibration chose."""
    artefact = package(steps.run, out)
    if not partner:
        shutil.rmtree(out / "ngrams")
    write_manifest(out, replace(artefact, mixture=mixture))
    return EncoderClassifier(out)


def test_the_tiny_encoder_learns_its_topics(steps: Steps) -> None:
    numbers = evaluate(steps.work, steps.run)["encoder int8"]
    assert numbers["messages"] == 48
    assert numbers["topic"] >= 0.9
    assert numbers["urgency"] >= 0.9


def test_a_stopped_training_continues_to_the_same_weights(steps: Steps, tmp_path: Path) -> None:
    short = Options(epochs=2, batch=8, rate=3e-3, limit=32, seed=3)
    whole, halves = (Training(steps.base, steps.work, short) for _ in range(2))
    for step in range(6):
        whole.step(step, whole.plan(0)[step])
    for step in range(3):
        halves.step(step, halves.plan(0)[step])
    halves.masters.save(tmp_path / "checkpoint.pt", 3)
    resumed = Training(steps.base, steps.work, short)
    assert resumed.masters.restore(tmp_path / "checkpoint.pt") == 3
    for step in range(3, 6):
        resumed.step(step, resumed.plan(0)[step])
    for name, weights in whole.masters.copies.items():
        torch.testing.assert_close(resumed.masters.copies[name], weights)


def test_served_predictions_keep_the_order_whatever_the_batch(steps: Steps, classifier: EncoderClassifier) -> None:
    rows = list(read_records(steps.work / "test.jsonl"))
    asked = [Message(r.text * (1 + i % 3), r.title) for i, r in enumerate(rows)]
    together = classifier.classify(asked)
    assert together == [classifier.classify([m])[0] for m in asked]
    assert {p.model_version for p in together} == {classifier.version}


def test_what_is_measured_is_what_is_served(steps: Steps, classifier: EncoderClassifier) -> None:
    kept = json.loads((steps.run / "metrics.json").read_text(encoding="utf-8"))
    numbers = kept["classifiers"]["as served"]
    rows = list(read_records(steps.work / "test.jsonl"))
    answers = classifier.classify([Message(r.text, r.title) for r in rows])
    pairs = list(zip(answers, rows, strict=True))
    assert numbers["topic"] == pytest.approx(sum(p.topic == r.label for p, r in pairs) / len(pairs))
    assert numbers["urgency"] == pytest.approx(sum(p.urgency == r.urgency for p, r in pairs) / len(pairs))
    assert numbers["intent"] == pytest.approx(sum(p.intent == r.intent for p, r in pairs) / len(pairs))
    assert numbers["coverage"] == pytest.approx(sum(not p.needs_review for p in answers) / len(pairs))
    examples = [Example(Message(r.text, r.title), label=r.label) for r in rows]
    assert frozen_figures(steps.run) == measured(classifier, examples)
    assert kept["split_sha256"] == hashlib.sha256((steps.run.parent / "split.jsonl").read_bytes()).hexdigest()


def test_any_text_gets_a_prediction(classifier: EncoderClassifier) -> None:
    found = classifier.classify([Message(text) for text in ODD_TEXTS])
    assert len(found) == len(ODD_TEXTS)
    assert [(p.topic, p.needs_review) for p in found[:2]] == [("X11", True), ("X11", True)]
    assert found[6].topic == "V01"
    assert found[8].topic == classifier.classify([Message("投诉工地噪声")])[0].topic
    assert classifier.classify([]) == []


def test_the_higher_urgency_of_rules_and_model_counts(steps: Steps, tmp_path: Path) -> None:
    classifier = packaged(steps, tmp_path / "alone", Mixture(), partner=False)
    noise = "工地夜间施工打桩噪声凌晨"
    found = classifier.classify([Message(noise), Message(noise + "有人被困在电梯里出不来了")])
    assert [p.urgency for p in found] == ["U2", "U1"]
    assert [bool(p.urgency_hits) for p in found] == [False, True]


def test_the_partners_probabilities_are_mixed_in(steps: Steps, tmp_path: Path) -> None:
    messages = [Message("工地打桩超市牛奶公交司机社保户口"), Message("牛奶工资罚款挖机")]  # of several topics
    alone = packaged(steps, tmp_path / "alone", Mixture(), partner=False).opinion(messages)
    ngrams = packaged(steps, tmp_path / "first", Mixture(skip_domain=0.0, skip_topic=0.0, skip_grave=1.0))
    both = packaged(steps, tmp_path / "both", Mixture(share=0.75)).opinion(messages)
    theirs = ngrams.opinion(messages)
    assert not np.allclose(alone.topic, theirs.topic, atol=0.01)
    for mixed, own, other in zip(both, alone, theirs, strict=True):
        np.testing.assert_allclose(mixed, 0.25 * own + 0.75 * other, atol=1e-6)


def test_confidence_follows_its_steps_and_the_answer_stays(steps: Steps, tmp_path: Path) -> None:
    message = Message("工地夜间施工打桩噪声凌晨")
    [plain] = packaged(steps, tmp_path / "a", Mixture(), partner=False).classify([message])
    steady = Mixture(confidence_steps=((0.0, 0.4), (1.0, 0.4)))
    [changed] = packaged(steps, tmp_path / "b", steady, partner=False).classify([message])
    assert changed.topic == plain.topic
    assert changed.confidence == pytest.approx(0.4)
    assert sum(t.probability for t in changed.topics) == pytest.approx(1, abs=1e-3)


TORCH = [("cpu", "fp32", 0.05), ("cpu", "bf16", 0.15), ("cuda", "fp32", 0.05), ("cuda", "bf16", 0.15)]


@pytest.mark.parametrize("kind", TORCH, ids=lambda kind: "-".join(kind[:2]))
def test_torch_gives_the_same_answers(
    steps: Steps, classifier: EncoderClassifier, tmp_path: Path, kind: tuple[str, str, float]
) -> None:
    device, precision, tolerance = kind
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("no GPU")
    folder = tmp_path / "artefact"
    package(steps.run, folder, weights=True)
    messages = [Message(r.text, r.title) for r in read_records(steps.work / "test.jsonl")]
    by_torch = EncoderClassifier(folder, device=device, precision=precision)
    ours, theirs = classifier.opinion(messages), by_torch.opinion(messages)
    assert np.abs(ours.topic - theirs.topic).max() < tolerance
    assert (ours.topic.argmax(1) == theirs.topic.argmax(1)).mean() >= 0.95
    states = by_torch.token_states(messages[0])
    assert states.shape == classifier.token_states(messages[0]).shape


def test_only_an_artefact_is_replaced(steps: Steps, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match="something else"):
        package(steps.run, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    first = package(steps.run, tmp_path / "artefact")
    assert package(steps.run, tmp_path / "artefact") == first


def test_torch_needs_the_weights(steps: Steps, tmp_path: Path) -> None:
    package(steps.run, tmp_path / "artefact")
    with pytest.raises(ArtefactError, match=r"model\.safetensors"):
        EncoderClassifier(tmp_path / "artefact", device="cpu")


def checkpoint(steps: Steps, folder: Path, labels: Sequence[str]) -> Path:
    """A Hugging Face classification checkpoint on the tiny vocabulary, untrained."""
    config = BertConfig.from_pretrained(steps.base, id2label=dict(enumerate(labels)), num_labels=len(labels))
    torch.manual_seed(2)
    BertForSequenceClassification(config).save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_file=str(steps.base / "tokenizer.json"), pad_token="<pad>", unk_token="<unk>", model_max_length=64,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(folder)  # fmt: skip
    return folder


def test_a_hugging_face_checkpoint_can_serve(steps: Steps, tmp_path: Path) -> None:
    labels = ("P01", "V01", "X01")
    model = open_model(checkpoint(steps, tmp_path / "bert", labels))
    assert (model.labels, model.version) == (labels, "bert-bert")
    found = model.classify([Message(text[:60]) for text in ODD_TEXTS])
    assert [(p.topic, p.needs_review) for p in found[:2]] == [("X11", True), ("X11", True)]
    assert {p.topic for p in found} <= {*labels, "X11"}
    assert model.classify([Message("三楼起火了，快来人")])[0].urgency == "U1"


def test_a_checkpoint_with_other_labels_is_refused(steps: Steps, tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="Q1") as refused:
        open_model(checkpoint(steps, tmp_path / "bert", ("P01", "Q1")))
    assert refused.value.trouble == "labels"


def test_a_second_stage_starts_where_the_first_ended_and_seeds_can_be_averaged(steps: Steps, tmp_path: Path) -> None:
    once = replace(SMALL, epochs=1, rate=1e-3)
    for seed in (1, 2):
        train(steps.base, steps.work, tmp_path / f"s{seed}", replace(once, seed=seed), start=steps.run)
    average([tmp_path / "s1", tmp_path / "s2"], tmp_path / "mean")
    first, second, mean = (load_file(tmp_path / run / "model.safetensors") for run in ("s1", "s2", "mean"))
    start = load_file(steps.run / "model.safetensors")
    for name, value in mean.items():
        assert torch.allclose(value, (first[name] + second[name]) / 2)
    name = "encoder.encoder.layer.1.output.dense.weight"
    assert 0 < (mean[name] - start[name]).norm() < start[name].norm()
    assert networks.load(tmp_path / "mean").labels == networks.load(steps.run).labels
    used = json.loads((tmp_path / "mean" / "options.json").read_text(encoding="utf-8"))
    assert used["mean_of"] == [1, 2]


def test_a_start_with_other_labels_is_refused(steps: Steps, tmp_path: Path) -> None:
    other = networks.from_base(steps.base, ("P01", "S06"))
    networks.save(other, other.state_dict(), tmp_path / "other")
    with pytest.raises(ValueError, match="other labels"):
        Training(steps.base, steps.work, SMALL, start=tmp_path / "other")


def test_the_teacher_reads_replies_and_its_doubts_are_listed(tmp_path: Path) -> None:
    rows = [replace(row, reply=f"{row.label} 承办单位已办理") for row in messages(480)]
    wrong = replace(rows[0], label="P01" if rows[0].label != "P01" else "S06")
    write_records(tmp_path / "in.jsonl", [wrong, *rows[1:]])
    parts = prepare([tmp_path / "in.jsonl"], tmp_path / "work", tmp_path / "split.jsonl")
    run_yardstick("teacher", tmp_path / "work")
    listed = suspects(tmp_path / "work")
    if wrong in parts["train"]:
        assert wrong.id in {row["id"] for row in listed}
    assert len(listed) < 10
    assert all(row["options"] == sorted(row["options"]) for row in listed)


def test_sure_answers_become_training_messages(steps: Steps) -> None:
    texts = [(record.id, record.title + record.text) for record in read_records(steps.work / "dev.jsonl")]
    taken = pseudo_labelled(steps.run, texts, sure=0.5)
    truth = {record.id: record.label for record in read_records(steps.work / "dev.jsonl")}
    assert taken
    assert np.mean([truth[record.id] == record.label for record in taken]) > 0.8
    assert all(record.confidence == "low" for record in taken)
    assert not pseudo_labelled(steps.run, texts, sure=1.01)


def test_one_command_retrains_and_goes_on_where_it_was(tmp_path: Path) -> None:
    rows = messages(480)
    write_records(tmp_path / "mine.jsonl", rows)
    built: list[Path] = []

    def build(out: Path) -> None:
        built.append(out)
        tiny_base(out, [r.title + r.text for r in rows])

    def run(out: str, options: Options) -> str:
        work = Work(tmp_path / "work")
        asked: dict[str, Any] = {"build_base": build, "seeds": (3, 4), "teacher": "svm", "ngram_steps": 10}
        return retrain([tmp_path / "mine.jsonl"], work, tmp_path / out, options, **asked).version

    with pytest.raises(ZeroDivisionError):
        run("first", replace(SMALL, batch=0))  # stopped in the training
    assert not (tmp_path / "first").exists()
    first = run("first", SMALL)
    assert run("second", SMALL) == first
    assert built == [tmp_path / "work" / "base"]
    model = open_model(tmp_path / "second")
    assert model.classify([Message("工地夜间施工打桩噪声凌晨")])[0].topic == "V01"
    assert json.loads((tmp_path / "work/mean/options.json").read_text(encoding="utf-8"))["mean_of"] == [3, 4]
