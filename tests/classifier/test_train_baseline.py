"""A tiny training run, end to end, on rows that the test makes."""

import io
import json
from itertools import permutations

import pytest
from django.core.management import CommandError, call_command

from classifier import Message, registry, status
from classifier.baseline.artefact import load
from classifier.baseline.model import NgramClassifier

SAID = {
    "V05": (
        "complaint",
        "U4",
        ["烧烤店的油烟很大", "排烟管对着窗户", "炒菜的味道飘进卧室", "饭店没装净化器", "衣服上全是油烟味"],
    ),
    "S08": (
        "complaint",
        "U4",
        ["快递丢件了", "驿站说没收到", "包裹被人冒领", "快递员不送上门", "物流三天不动"],
    ),
    "P10": (
        "help",
        "U1",
        ["电梯把人困住了", "轿厢突然下坠", "扶梯夹了脚", "电梯年检过期", "按钮没有反应"],
    ),
    "X01": (
        "consult",
        "U4",
        [
            "居住证怎么办理",
            "社保断交了怎么补",
            "户口迁移要什么材料",
            "养老金几号到账",
            "驾照过期如何换",
        ],
    ),
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rows.jsonl"
    rows = [
        {
            "text": "，".join(parts),
            "label": label,
            "intent": intent,
            "urgency": level,
            "title": "反映" if n % 3 == 0 else "",
        }
        for label, (intent, level, sentences) in SAID.items()
        for n, parts in enumerate(permutations(sentences, 2))
    ]
    rows[0]["second"] = "V03"
    rows += [{"text": "楼道里着火了", "urgency": "U1", "synthetic": True}, {"text": "空调热死了", "urgency": "U4"}]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"\ufeff{lines}\n\n", encoding="utf-8")
    return path


def train(*arguments):
    out = io.StringIO()
    call_command("train_baseline", *map(str, arguments), "--quick", stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_trains_measures_and_writes_an_artefact_that_serves(tmp_path, file, monkeypatch):
    printed = train(file, "--out", tmp_path / "model")
    card = load(tmp_path / "model").card
    assert card.labels == ("P10", "S08", "V05", "X01")
    assert card.made_from["rows"] == 4 * 20 + 2
    assert card.metrics["rows"] == 4 * 20
    assert card.metrics["topic_accuracy"] > 0.9
    assert f"topic_accuracy              {card.metrics['topic_accuracy']}" in printed
    assert set(card.metrics["recall_by_topic"]) == set(card.labels)

    monkeypatch.setenv(registry.MODEL_DIR, str(tmp_path / "model"))
    registry.forget()
    try:
        assert status()[:2] == ("ok", card.version)
        found = registry.active().classify([Message("烧烤店的油烟很大"), Message("居住证在哪里办理")])
        assert [(p.domain, p.topic) for p in found] == [("environment", "V05"), (None, "X01")]
    finally:
        monkeypatch.undo()
        registry.forget()


def test_the_same_rows_give_the_same_model(tmp_path, file):
    train(file, "--out", tmp_path / "one")
    train(file, "--out", tmp_path / "two")
    one, two = NgramClassifier(tmp_path / "one"), NgramClassifier(tmp_path / "two")
    messages = [Message("快递丢了没人赔"), Message("电梯困人"), Message("")]
    assert one.version == two.version
    assert one.classify(messages) == two.classify(messages)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('{"text": "a", "label": "Z01"}', "Z01"),
        ('{"text": "a", "label": "P01", "urgency": "U9"}', "U9"),
        ('{"label": "P01"}', "rows.jsonl:1"),
        ("[]", "rows.jsonl:1"),
        ("{", "rows.jsonl"),
        ("", "20"),
        ('{"text": "a", "label": "P01"}', "20"),
    ],
)
def test_what_cannot_be_learnt_from_is_named(tmp_path, content, named):
    (tmp_path / "rows.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=named):
        train(tmp_path / "rows.jsonl", "--out", tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_missing_file_and_a_single_fold_are_refused(tmp_path, file):
    with pytest.raises(CommandError, match=r"none\.jsonl"):
        train(tmp_path / "none.jsonl", "--out", tmp_path / "model")
    with pytest.raises(CommandError):
        train(file, "--out", tmp_path / "model", "--folds", "1")
    assert not (tmp_path / "model").exists()
