"""The codes of topics, dispositions, intents and urgencies."""

from collections import Counter

from classifier import disposition_names
from classifier.labels import DOMAINS, all_labels


def test_46_topics_in_four_domains_and_12_dispositions():
    labels = all_labels()
    assert Counter(label.domain for label in labels.values()) == {
        "product": 14,
        "engineering": 7,
        "service": 15,
        "environment": 10,
        None: 12,
    }
    assert [code for code in labels if code.startswith("E")] == [f"E{n:02}" for n in range(1, 8)]
    assert len({label.slug for label in labels.values()}) == len({label.name for label in labels.values()}) == 58
    assert all(label.slug.startswith(f"{label.domain or 'out_of_scope'}.") for label in labels.values())
    assert {label.domain for label in labels.values()} == {*DOMAINS, None}


def test_dispositions_have_chinese_names():
    names = disposition_names()
    assert list(names) == [f"X{n:02}" for n in range(1, 13)]
    assert names["X11"] == "信息不足"
