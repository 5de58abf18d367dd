"""Cross-validation of the encoder: every message judged once, by a model that never saw it; stopped runs go on."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="training needs deploy/requirements/train.in")
pytest.importorskip("onnx", reason="training needs deploy/requirements/train.in")

from classifier.encoder.folds import cross_validate, table
from classifier.encoder.records import SYNTHETIC, read_records, write_records
from tests.training.test_encoder_training import SMALL, messages, tiny_base

FOLDS = 2


def test_every_message_is_judged_once_by_a_model_that_did_not_see_it(tmp_path: Path) -> None:
    rows = messages(400)
    written = [replace(r, id=f"s{r.id}", text=r.text[::-1], source=SYNTHETIC) for r in rows[:40]]
    write_records(tmp_path / "mine.jsonl", [*rows, *written])
    built: list[Path] = []

    def build(out: Path) -> None:
        built.append(out)
        tiny_base(out, [r.title + r.text for r in rows])

    def run() -> dict[str, Any]:
        more: dict[str, Any] = {"folds": FOLDS, "teacher": "svm", "ngram_steps": 10}
        return cross_validate([tmp_path / "mine.jsonl"], tmp_path / "work", SMALL, build_base=build, **more)

    results = run()
    seen: Counter[str] = Counter()
    for number in range(1, FOLDS + 1):
        parts = {
            part: {r.id for r in read_records(tmp_path / f"work/fold{number}/data/{part}.jsonl")}
            for part in ("train", "dev", "test")
        }
        assert not parts["test"] & (parts["train"] | parts["dev"])
        assert not {r.id for r in written} & (parts["test"] | parts["dev"])
        seen.update(parts["test"])
    assert seen == Counter(r.id for r in rows)
    assert results["messages"] == len(rows)
    assert [model["name"] for model in results["models"]] == ["encoder", "svm"]
    assert results["models"][0]["topic"]["value"] > 0.9
    assert len(results["each"]) == FOLDS
    assert table(results).count("| lead |") == 1
    assert len(built) == FOLDS
    assert run() == results == json.loads((tmp_path / "work/folds.json").read_text(encoding="utf-8"))
    assert len(built) == FOLDS
