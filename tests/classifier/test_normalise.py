"""One spelling for every text, and the way back to the original's offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.normalise import normalise


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ""),
        (" \t\n ", ""),
        ("ＡＢｃ１２３！？（电梯）", "ABc123!?(电梯)"),
        ("電梯困人，著火了", "电梯困人,着火了"),
        ("著名的餅乾，乾燥劑", "著名的饼干,干燥剂"),
        ("电 梯　困\u00a0人", "电梯困人"),
        ("标题\r\n\r\n 正文", "标题\n正文"),
        ("call me  at 5", "call me at 5"),
        ("电\x00梯\u200b困\ufeff人\u202e", "电梯困人"),
        ("坏\ud83d了", "坏了"),
        ("🔥着火", "🔥着火"),
        ("㎡①Ⅳ", "㎡1Ⅳ"),
        ("影響", "影响"),
    ],
)
def test_one_spelling(text, wanted):
    assert normalise(text).text == wanted


def test_a_span_leads_back_to_the_original():
    text = "您好，\u200b電 梯\u3000困人了！"
    normal = normalise(text)
    start = normal.text.index("电梯困人")
    first, last = normal.original_span(start, start + 4)
    assert text[first:last] == "電 梯\u3000困人"


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_keeps_its_places_and_stays_as_it_is_the_second_time(text):
    normal = normalise(text)
    assert len(normal.text) == len(normal.codes) == len(normal.origin)
    assert all(0 <= place < len(text) for place in normal.origin)
    assert list(normal.origin) == sorted(set(normal.origin.tolist()))
    assert normalise(normal.text).text == normal.text
    normal.text.encode("utf-8")
