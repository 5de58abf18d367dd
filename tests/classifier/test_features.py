"""Hashed n-grams of a batch: the same as one by one, and what the weights mean."""

import numpy as np
import pytest

from classifier.baseline.features import READ, codes_of, count, tf_idf
from classifier.interface import Message

MESSAGES = [
    Message("牛奶过期三天，孩子喝了拉肚子", "超市卖过期牛奶"),
    Message(""),
    Message("电梯坏了没人修"),
    Message("ＫＴＶ 夜里吵", ""),
    Message("", "只有标题"),
    Message("\ud800\x00"),
]


def vocabulary():
    return np.unique(count(MESSAGES).key)


def row(rows, i):
    start, end = rows.starts[i], rows.starts[i + 1]
    return rows.columns[start:end], rows.values[start:end]


def test_a_batch_gives_what_its_messages_give_one_by_one():
    keys = vocabulary()
    idf = np.linspace(1, 2, len(keys), dtype=np.float32)
    together = tf_idf(count(MESSAGES), len(MESSAGES), keys, idf)
    for i, message in enumerate(MESSAGES):
        alone = tf_idf(count([message]), 1, keys, idf)
        assert np.array_equal(row(together, i)[0], row(alone, 0)[0])
        assert np.array_equal(row(together, i)[1], row(alone, 0)[1])


def test_rows_have_length_one_and_empty_messages_no_columns():
    keys = vocabulary()
    rows = tf_idf(count(MESSAGES), len(MESSAGES), keys, np.ones(len(keys), dtype=np.float32))
    lengths = [float(np.sqrt((row(rows, i)[1] ** 2).sum())) for i in range(len(rows))]
    assert lengths == pytest.approx([1, 0, 1, 1, 1, 0], abs=1e-6)


def test_characters_pairs_and_ends_are_counted():
    counts = count([Message("漏水漏水")])
    # 4 characters, and 5 pairs with the marks of beginning and end
    assert len(counts.key) == 9
    assert len(np.unique(counts.key)) == 2 + 4


def test_a_title_counts_double_and_as_a_kind_of_its_own():
    title, text = count([Message("", "漏水")]), count([Message("漏水")])
    assert set(text.key) < set(title.key)
    assert len(title.key) == 2 * len(text.key)
    assert set(title.weight) == {2.0}
    assert set(text.weight) == {1.0}


def test_unknown_ngrams_are_left_out():
    keys = np.unique(count([Message("漏水")]).key)
    rows = tf_idf(count([Message("漏水了")]), 1, keys, np.ones(len(keys), dtype=np.float32))
    assert len(row(rows, 0)[0]) == 2 + 2


def test_case_and_width_do_not_matter_and_long_texts_keep_head_and_tail():
    assert np.array_equal(codes_of("ＫＴＶ"), codes_of("ktv"))
    codes = codes_of("头" + "中" * 100_000 + "尾")
    assert len(codes) == READ
    assert (chr(codes[0]), chr(codes[-1])) == ("头", "尾")


def test_a_batch_of_nothing():
    keys = vocabulary()
    assert len(tf_idf(count([Message("")]), 1, keys, np.ones(len(keys), dtype=np.float32)).values) == 0
