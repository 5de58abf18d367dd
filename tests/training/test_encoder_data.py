"""Splits that do not leak, rows that keep head and tail, numbers worked out by hand, artefacts that are whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from classifier.encoder import metrics
from classifier.encoder.artefact import Artefact, open_artefact, write_manifest
from classifier.encoder.calibrate import BLOCK, isotonic
from classifier.encoder.mixture import Mixture
from classifier.encoder.prepare import prepare, read_split, text_hash
from classifier.encoder.records import Record, read_records, write_records
from classifier.encoder.stage import stage
from classifier.encoder.tokens import BOS, EOS, joined, padded
from classifier.errors import ArtefactError
from classifier.labels import INTENTS, URGENCIES
from classifier.near_duplicates import group_ids

NOISE = "凌晨两点工地还在打桩施工,声音很大,全家人都没有办法睡觉,请有关部门尽快处理"
FOOD = "在超市买的牛奶已经过期三个月,孩子喝了以后拉肚子,要求商家赔偿损失并道歉"


def records(count: int) -> list[Record]:
    """Different messages of two topics, no two alike."""
    rng = np.random.default_rng(7)
    words = ["".join(chr(0x4E00 + int(c)) for c in rng.integers(0, 5000, 30)) for _ in range(count)]
    return [Record(id=f"t{i}", text=words[i], label=("V01", "P01")[i % 2]) for i in range(count)]


def test_near_duplicates_share_a_group_and_others_do_not() -> None:
    groups = group_ids([NOISE, NOISE.replace("凌晨", "半夜"), FOOD, "短", NOISE + "谢谢"])
    assert groups[0] == groups[1] == groups[4]
    assert len({groups[0], groups[2], groups[3]}) == 3


def test_a_group_never_stands_on_two_sides(tmp_path: Path) -> None:
    pairs = [r for a in records(100) for r in (a, Record(id=a.id + "b", text=a.text + "谢谢", label=a.label))]
    write_records(tmp_path / "in.jsonl", pairs)
    parts = prepare([tmp_path / "in.jsonl"], tmp_path / "work", tmp_path / "split.jsonl")
    side = {record.id: part for part, rows in parts.items() for record in rows}
    assert len(side) == 200
    assert {len(rows) for part, rows in parts.items() if part != "train"} == {20}
    assert all(side[f"t{i}"] == side[f"t{i}b"] for i in range(100))


def test_a_frozen_split_stays_and_keeps_its_copies_out_of_training(tmp_path: Path) -> None:
    first = records(100)
    write_records(tmp_path / "in.jsonl", first)
    before = prepare([tmp_path / "in.jsonl"], tmp_path / "work", tmp_path / "split.jsonl")
    split = (tmp_path / "split.jsonl").read_text(encoding="utf-8")
    tested = before["test"][0]
    late = Record(id="late", text=tested.text + "急", label="V01")
    write_records(tmp_path / "more.jsonl", [late, Record(id="new", text=FOOD, label="P01")])
    inputs = [tmp_path / "in.jsonl", tmp_path / "more.jsonl"]
    after = prepare(inputs, tmp_path / "work", tmp_path / "split.jsonl")
    assert (tmp_path / "split.jsonl").read_text(encoding="utf-8") == split
    assert [r.id for r in after["test"]] == [r.id for r in before["test"]]
    assert {r.id for r in after["train"]} - {r.id for r in before["train"]} == {"new"}


def test_the_split_holds_no_text(tmp_path: Path) -> None:
    write_records(tmp_path / "in.jsonl", records(50))
    parts = prepare([tmp_path / "in.jsonl"], tmp_path / "work", tmp_path / "split.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "split.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {tuple(sorted(row)) for row in rows} == {("hash", "id", "part")}
    assert read_split(tmp_path / "split.jsonl")[text_hash(parts["dev"][0])] == "dev"


def test_a_second_reading_changes_training_labels_only(tmp_path: Path) -> None:
    rows = records(100)
    write_records(tmp_path / "in.jsonl", rows)
    parts = prepare([tmp_path / "in.jsonl"], tmp_path / "work", tmp_path / "split.jsonl")
    sure, unsure, agreed, tested = *parts["train"][:3], parts["test"][0]
    readings = [
        {"hash": text_hash(sure), "label": "S06", "second": None, "confidence": "high"},
        {"hash": text_hash(unsure), "label": "S06", "second": None, "confidence": "medium"},
        {"hash": text_hash(agreed), "label": agreed.label, "second": "S06", "confidence": "high"},
        {"hash": text_hash(tested), "label": "S06", "second": None, "confidence": "high"},
    ]
    revisions = tmp_path / "revisions.jsonl"
    revisions.write_text("".join(json.dumps(row) + "\n" for row in readings), encoding="utf-8")
    after = prepare([tmp_path / "in.jsonl"], tmp_path / "work", tmp_path / "split.jsonl", revisions)
    found = {record.id: record for rows in after.values() for record in rows}
    assert (found[sure.id].label, found[sure.id].second) == ("S06", None)
    assert (found[unsure.id].label, found[unsure.id].second) == ("S06", unsure.label)
    assert (found[agreed.id].label, found[agreed.id].second) == (agreed.label, "S06")
    assert found[tested.id] == tested


def test_of_copies_the_surest_label_stays(tmp_path: Path) -> None:
    unsure = Record(id="a", text=NOISE, label="V02", confidence="low")
    sure = Record(id="b", text=NOISE + "。", label="V01", confidence="high")
    write_records(tmp_path / "in.jsonl", [unsure, sure, *records(40)])
    parts = prepare([tmp_path / "in.jsonl"], tmp_path / "work", tmp_path / "split.jsonl")
    kept = [r for rows in parts.values() for r in rows if r.text.startswith(NOISE)]
    assert [r.label for r in kept] == ["V01"]


@pytest.mark.parametrize("line", ['{"id": "1", "text": "x"}', "not json", '{"id":"1","text":"x","label":"Q1"}', "[]"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "0", "text": "好", "label": "P01"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.jsonl:2"):
        list(read_records(path))


def test_a_long_text_keeps_title_head_and_tail() -> None:
    row = joined([50, 51], list(range(100, 400)), limit=24)
    assert row == [BOS, 50, 51, EOS, *range(100, 111), *range(392, 400), EOS]
    assert joined([], [7, 8], limit=24) == [BOS, 7, 8, EOS]
    assert len(joined(list(range(9, 99)), list(range(100, 400)), limit=24)) == 24


def test_padding_is_masked() -> None:
    ids, mask = padded([[0, 9, 2], [0, 2]])
    assert ids.tolist() == [[0, 9, 2], [0, 2, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]


def test_topic_comes_from_the_most_probable_domain() -> None:
    labels = ("E01", "S01", "S02")
    p = np.array([[0.4, 0.35, 0.25]])
    assert metrics.domain_probabilities(p, labels).round(2).tolist() == [[0, 0.4, 0.6, 0, 0]]
    assert metrics.best_topics(p, labels).tolist() == [1]


def test_a_stage_has_what_was_chosen_and_every_label_beside_it(tmp_path: Path) -> None:
    rows = [
        *records(60),
        Record("odd", "只此一条的主题", "S06"),
        *(Record(f"new{i}", f"新裁定{i}", "P10") for i in range(3)),
    ]
    for part, some in (("train", rows), ("dev", rows[:2]), ("test", rows[2:4])):
        write_records(tmp_path / f"{part}.jsonl", some)
    kept = stage(tmp_path, tmp_path / "stage", "new", times=2, beside=20)
    assert len(kept) == 20 + 2 * 3
    assert {row.label for row in kept} == {"V01", "P01", "S06", "P10"}
    assert len({row.id for row in kept}) == 23
    assert kept == list(read_records(tmp_path / "stage" / "train.jsonl"))
    assert kept == stage(tmp_path, tmp_path / "again", "new", times=2, beside=20)
    with pytest.raises(ValueError, match="nothing"):
        stage(tmp_path, tmp_path / "none", "nothing")
    assert not (tmp_path / "none").exists()


def test_metrics_by_hand() -> None:
    truth, guess = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert metrics.macro_f1(truth, guess) == pytest.approx((2 / 3 + 4 / 5) / 2)
    confidence = np.array([0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False])
    assert metrics.calibration_error(confidence, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.05)
    assert metrics.threshold_for(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True]), 0.7) == 0.6
    assert metrics.threshold_for(np.array([0.9]), np.array([False])) == 1.01


def test_a_step_of_the_confidence_rests_on_thirty_messages() -> None:
    before = np.linspace(0.1, 0.95, 4 * BLOCK)
    right = np.arange(4 * BLOCK) % 10 < np.repeat([3, 5, 4, 9], BLOCK)
    right[:5] = False  # a handful of wrong answers at the bottom is no step of its own
    points = isotonic(before, right)
    assert [share for _, share in points] == pytest.approx([right[:BLOCK].mean(), 0.45, 0.45, 0.9], abs=1e-3)
    assert [at for at, _ in points] == pytest.approx(before.reshape(4, BLOCK).mean(1), abs=1e-3)


def artefact() -> Artefact:
    return Artefact(
        "v1", ("P01", "X01"), INTENTS, URGENCIES, 256, 1.0, 1.0, 1.0, Mixture(confidence_steps=((0.1, 0.2),))
    )


def test_an_artefact_comes_back_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "model.int8.onnx").write_bytes(b"weights")
    write_manifest(tmp_path, artefact())
    assert open_artefact(tmp_path) == artefact()


@pytest.mark.parametrize("damage", ["missing", "changed", "no manifest", "other format"])
def test_a_damaged_artefact_says_so(tmp_path: Path, damage: str) -> None:
    model, manifest = tmp_path / "model.int8.onnx", tmp_path / "artefact.json"
    model.write_bytes(b"weights")
    write_manifest(tmp_path, artefact())
    if damage == "missing":
        model.unlink()
    elif damage == "changed":
        model.write_bytes(b"weightz")
    elif damage == "no manifest":
        manifest.unlink()
    else:
        manifest.write_text(manifest.read_text().replace('"format": 2', '"format": 99'))
    with pytest.raises(ArtefactError, match=tmp_path.name):
        open_artefact(tmp_path)
