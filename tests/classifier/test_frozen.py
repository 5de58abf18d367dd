"""Figures on frozen messages: named by their texts, read from the artefact, measured as the model serves."""

from __future__ import annotations

import json

import pytest

from classifier import Example, ExamplesError, FrozenFigures, Message, frozen_figures, measured, open_model
from classifier.frozen import split_name
from classifier.registry import BASELINE

MILK = "今天在超市买的牛奶已经过期三天，孩子喝了拉肚子，要求赔偿"


def test_a_set_is_named_by_its_texts_whatever_their_order_and_width():
    one, two = Message("路灯不亮", title="市政"), Message("快递ABC丢了")
    assert split_name([one, two]) == split_name([two, Message("路灯 不亮。", title="市政")])
    assert split_name([two]) == split_name([Message("快递ＡＢＣ丢了！")])
    assert split_name([one, two]) != split_name([one])
    assert len(split_name([one])) == 16


def test_measured_as_it_serves_and_read_back(tmp_path):
    examples = [
        Example(Message(MILK), "P01"),
        Example(Message(MILK), "P02"),
        Example(Message(MILK), "S03"),
        Example(Message(""), "X11"),
        Example(Message("没有标签"), None),
    ]
    figures = measured(open_model(BASELINE), examples)
    assert (figures.messages, figures.topic, figures.domain) == (4, 0.5, 0.75)
    assert figures.split == split_name([example.message for example in examples[:4]])
    (tmp_path / "metrics.json").write_text(json.dumps(figures.as_metrics() | {"other": 1}), encoding="utf-8")
    assert frozen_figures(tmp_path) == figures


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"frozen": null}',
        '{"frozen": {"split": "a", "messages": 0, "topic": 0.5, "domain": 0.5}}',
        '{"frozen": {"split": "a", "messages": 9, "topic": 80, "domain": 0.5}}',
        '{"frozen": {"split": "", "messages": 9, "topic": 0.8, "domain": 0.5}}',
    ],
)
def test_figures_that_cannot_be_read_are_none(tmp_path, content):
    assert frozen_figures(tmp_path) is None
    (tmp_path / "metrics.json").write_text(content, encoding="utf-8")
    assert frozen_figures(tmp_path) is None


def test_nothing_labelled_cannot_be_measured():
    with pytest.raises(ExamplesError):
        measured(open_model(BASELINE), [Example(Message("没有标签"))])
    assert FrozenFigures("a", 1, 1.0, 1.0).as_metrics()["frozen"]["messages"] == 1
