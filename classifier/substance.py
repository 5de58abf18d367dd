"""Does a message say enough to be read at all? What does not is X11 (insufficient information), for a person to see."""

from __future__ import annotations

import re

from classifier.interface import Message
from classifier.normalise import normalise

LEAST_CHARACTERS = 4  # Chinese characters, greetings not counted
LEAST_DIFFERENT = 3
SHORT = 8  # fewer can be read, but not trusted
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_SMALL_TALK = re.compile(
    r"你好|您好|大家好|早上好|下午好|晚上好|早安|晚安|在吗|在不在|在么|有人吗|有人在吗|喂+|哈+|呵+|嘿+|嗯+|哦+|啊+|呀|谢谢你?|多谢|感谢"
    r"|再见|拜拜|好的|收到|知道了|可以吗|行吗|是的|对的|请问|麻烦|测试(?:一下|数据|消息)?|试一下|随便|无内容|没有了?|没事了?|不知道|转人工|人工客服|人工"
)
_TURN = re.compile(
    r"(?:^|\n)\s*(?:客服|坐席|话务员?|接线员|来电人?|市民|群众|工作人员|机器人|店家|商家|卖家|买家|老板|物业|顾客|业主|我|他|她|对方|[甲乙a-dA-Dqx问答])\s*[:：]"
)
_TURNS = 3


def whole_text(message: Message) -> str:
    """Title and text as one normalised text."""
    return normalise(f"{message.title}\n{message.text}").text


def says_nothing(text: str) -> bool:
    """True for normalised text that is empty, small talk, emoji, digits, or in another script."""
    characters = _CHINESE.findall(_SMALL_TALK.sub("", text))
    return len(characters) < LEAST_CHARACTERS or len(set(characters)) < LEAST_DIFFERENT


def is_hard_to_read(text: str) -> bool:
    """True for very short normalised text, text mostly in another script, and transcripts of a conversation."""
    characters = len(_CHINESE.findall(text))
    foreign = sum(c.isalpha() for c in text) - characters
    return characters < SHORT or foreign > characters or len(_TURN.findall(text)) >= _TURNS
