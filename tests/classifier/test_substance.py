"""Which messages say too little to be read, and which are not to be trusted."""

import pytest

from classifier.interface import Message
from classifier.substance import is_hard_to_read, says_nothing, whole_text


@pytest.mark.parametrize(
    "text",
    [
        "", "啊", "。。。", "12345", "🙂🙂🙂", "你好，在吗？", "喂喂喂", "谢谢", "测试测试", "哈哈哈哈哈",
        "漏漏漏漏漏漏", "My phone is broken and the shop will not repair it", "холодильник не работает",
        "\x00\x01", "asdfghjkl", "转人工",
    ],
)  # fmt: skip
def test_says_nothing(text):
    assert says_nothing(whole_text(Message(text)))


@pytest.mark.parametrize("text", ["电梯困人", "牛奶过期了", "你好，我家外墙漏水", "健身房跑路"])
def test_says_something(text):
    assert not says_nothing(whole_text(Message(text)))


def test_the_title_counts():
    assert not says_nothing(whole_text(Message("如题", "小区垃圾没人清运")))


@pytest.mark.parametrize(
    "text",
    [
        "外墙漏水",
        "客服：您好\n我：洗衣机坏了\n客服：请提供订单号\n我：没有了，发票丢了",
        "The washing machine leaks water all day, 洗衣机漏水怎么办呢",
    ],
)
def test_hard_to_read(text):
    assert is_hard_to_read(whole_text(Message(text)))
    assert not says_nothing(whole_text(Message(text)))


def test_an_ordinary_complaint_is_not():
    assert not is_hard_to_read(whole_text(Message("在超市买的牛奶过期三天了，要求退款并赔偿。")))
