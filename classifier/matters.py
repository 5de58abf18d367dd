"""Several matters in one message (一诉多求): where each stands and what it is about.

The text is cut into units, each is read on its own by the model in service, and every border between two units gets
a probability that another matter begins there (a logistic regression over what the model says on both sides and the
words with which a new matter is announced; classifier/data/matters/borders.json, fitted by manage.py
evaluate_matters --fit). What lies between two borders is read once more as a whole.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from classifier.interface import Classifier, Message, Prediction
from classifier.labels import all_labels

Topics = Mapping[str, float]
Unit = tuple[int, int]

BORDERS: Final = Path(__file__).parent / "data" / "matters" / "borders.json"
LIST: Final = 2  # announcements that make a list
SHORTEST: Final = 36  # code points of a text that may hold two matters
READ: Final = 2_000  # code points of a text that are looked at; longer ones are looked at from their beginning
UNITS: Final = 40
LEAST_MATTER: Final = 8  # code points
SURE: Final = 0.95  # probability of one topic from which on a message is looked at only when more is announced
# Only in a short text is a comma the end of a thought; in long ones it would cut stories to pieces.
COMMAS_UP_TO: Final = 150
# Dispositions about how a message is handled, not about what it says.
_NO_MATTER: Final = frozenset({"X02", "X03", "X04", "X05", "X06", "X07", "X09", "X11", "X12"})

_ANNOUNCED = (
    r"(?:另外|此外|还有|再就是|再一个|同时|顺便|除了这个|除此之外|与此同时|另[:：称]|又[说称]|再说|最后说|第[一二三四五][件个家]|第二"
    r"|诉求[一二三四]|[一二三四五]、|[一二三四]是|\d{1,2}[、.．](?!\d)|[①②③④⑤⑥])"
)
_CUE = re.compile(r"\s*(?:而且|并|以及)?" + _ANNOUNCED)
_CUT = re.compile(
    r"(?<=[。！？!?；;\n])|(?<=[\u4e00-\u9fff])(?=\s+[\u4e00-\u9fff])|(?<=[，,])(?=以及|又|而且)|(?=" + _ANNOUNCED + ")"
)
_COMMA = re.compile(r"[,，、](?!\d)")
_GOES_ON = re.compile(
    r"\s*(?:他|她|它|该|对方|店|商家|卖家|老板|后来|现在|于是|结果|到现在|找|去|打|请|要求|希望|我们?要求|我找|我要|我问"
    r"|客服|平台|市民|来电人|举报人|可|但|因|不)"
)
_ENDS = frozenset("。！？!?；;\n")
_TRIM = " \n\t,，。；;、:：!！?？"


@dataclass(frozen=True, slots=True)
class Matter:
    """One of several matters: where it stands (offsets as UrgencyHit's), its topic and that topic's probability."""

    start: int
    end: int
    topic: str
    probability: float


@dataclass(frozen=True, slots=True)
class Borders:
    """weights: of `evidence`, by name. split_from: probability of a border from which on the text is cut there.

    least, least_out_of_scope: probability of its topic, or disposition, under which a piece is no matter but
    background.
    """

    weights: Mapping[str, float]
    split_from: float
    least: float
    least_out_of_scope: float


class Reading(NamedTuple):
    """A text with its units, and what the model says of each and of the whole."""

    text: str
    units: list[Unit]
    single: list[Topics]
    whole: Topics


def matters(classifier: Classifier, message: Message) -> tuple[Matter, ...]:
    """The matters of a message with two or more, in order; empty for any other message."""
    return matters_of(classifier, [message])[0]


def matters_of(
    classifier: Classifier, messages: Sequence[Message], predictions: Sequence[Prediction] = ()
) -> list[tuple[Matter, ...]]:
    """For each message what `matters` gives. predictions: the classifier's of these messages, where they are known."""
    borders = shipped_borders()
    readings = read(classifier, messages, predictions)
    pieces = [cut(reading, borders) if reading else [] for reading in readings]
    texts = [message.text[a:b] for message, cuts in zip(messages, pieces, strict=True) for a, b in cuts]
    answers = iter(said(classifier, texts))
    return [
        tuple(chosen(message, [(piece, next(answers)) for piece in cuts], borders))
        for message, cuts in zip(messages, pieces, strict=True)
    ]


@lru_cache(maxsize=1)
def shipped_borders() -> Borders:
    return Borders(**json.loads(BORDERS.read_text(encoding="utf-8")))


def units_of(text: str) -> list[Unit]:
    """The text in pieces that hold one thought each, without gaps; at most 40, of its first 2,000 code points."""
    text = text[:READ]
    cuts = {0, len(text), *(match.start() for match in _CUT.finditer(text))}
    if len(text) <= COMMAS_UP_TO:
        cuts |= {match.end() for match in _COMMA.finditer(text)}
    units: list[Unit] = []
    for start, end in pairwise(sorted(cuts)):
        short = len(text[start:end].strip()) < 6 and not _CUE.match(text, start)
        if units and (short or len(text[slice(*units[-1])].strip()) < 4):
            units[-1] = units[-1][0], end
        else:
            units.append((start, end))
    return units[:UNITS]


def read(
    classifier: Classifier, messages: Sequence[Message], predictions: Sequence[Prediction] = ()
) -> list[Reading | None]:
    """What the model says of each message and of its units, these in one call.

    None for a message that cannot hold two matters: too short, or so surely about one topic that nothing in it would
    change that, unless a further matter is announced in so many words.
    """
    if not messages:
        return []
    whole = [_can_be_matters(one) for one in predictions or classifier.classify(messages)]
    units = [units_of(message.text) if len(message.text) >= SHORTEST else [] for message in messages]
    looked_at = [
        len(of) > 1 and (max(topics.values(), default=0.0) < SURE or any(_CUE.match(message.text, at) for at, _ in of))
        for message, of, topics in zip(messages, units, whole, strict=True)
    ]
    chosen_texts = [
        message.text[start:end]
        for message, of, looks in zip(messages, units, looked_at, strict=True)
        if looks
        for start, end in of
    ]
    answers = iter(said(classifier, chosen_texts))
    return [
        Reading(message.text, of, [next(answers) for _ in of], topics) if looks else None
        for message, of, topics, looks in zip(messages, units, whole, looked_at, strict=True)
    ]


def evidence(reading: Reading, i: int) -> dict[str, float]:
    """What speaks for or against a border between the units i and i + 1."""
    text, units = reading.text, reading.units
    left, right = reading.single[i], reading.single[i + 1]
    before = _together(reading.single[max(i - 1, 0) : i + 1])
    after = _together(reading.single[i + 1 : i + 3])
    (a, middle), (_, end) = units[i], units[i + 1]
    return {
        "always": 1.0,
        "announced": float(bool(_CUE.match(text, middle))),
        "announcements": float(min(sum(bool(_CUE.match(text, start)) for start, _ in units), 3)),
        "goes_on": float(bool(_GOES_ON.match(text, middle))),
        "after_sentence": float(text[middle - 1] in _ENDS),
        "alike": _alike(left, right),
        "alike_around": _alike(before, after),
        "alike_domain": _alike(_domains(left), _domains(right)),
        "differ": float(_best(left) != _best(right)),
        "differ_around": float(_best(before) != _best(after)),
        "sure_left": max(left.values(), default=0.0),
        "sure_right": max(right.values(), default=0.0),
        "sure_whole": max(reading.whole.values(), default=0.0),
        "sure_and_differ": min(left.get(_best(left), 0.0), right.get(_best(right), 0.0))
        * (_best(left) != _best(right)),
        "length_left": math.log(middle - a),
        "length_right": math.log(end - middle),
    }


def cut(reading: Reading, borders: Borders) -> list[Unit]:
    """The text in pieces: units with no probable border between them together; one piece when there is none.

    Who numbers the matters has drawn the borders: a text with two announcements or more is cut at each of them.
    """
    pieces = [reading.units[0]]
    for i, unit in enumerate(reading.units[1:]):
        speaks = evidence(reading, i)
        score = sum(borders.weights[name] * value for name, value in speaks.items())
        numbered = speaks["announced"] and speaks["announcements"] >= LIST
        if numbered or 1 / (1 + math.exp(-score)) >= borders.split_from:
            pieces.append(unit)
        else:
            pieces[-1] = pieces[-1][0], unit[1]
    return pieces if len(pieces) > 1 else []


def chosen(message: Message, pieces: Sequence[tuple[Unit, Topics]], borders: Borders) -> list[Matter]:
    """Pieces of the text that are matters; neighbours with one topic are one, background is left out."""
    base = len(message.title) + 1 if message.title else 0
    found: list[Matter] = []
    for (start, end), topics in pieces:
        topic, piece = _best(topics), message.text[start:end]
        least = borders.least if topic and all_labels()[topic].domain else borders.least_out_of_scope
        if not topic or topics[topic] < least or len(piece.strip()) < LEAST_MATTER:
            continue
        first = base + start + len(piece) - len(piece.lstrip(_TRIM))
        last = base + start + len(piece.rstrip())
        if found and found[-1].topic == topic:
            found[-1] = Matter(found[-1].start, last, topic, max(found[-1].probability, topics[topic]))
        else:
            found.append(Matter(first, last, topic, topics[topic]))
    return found if len({matter.topic for matter in found}) > 1 else []


def said(classifier: Classifier, texts: Sequence[str]) -> list[Topics]:
    """Of each text the most probable topics that can be a matter."""
    return [_can_be_matters(one) for one in classifier.classify([Message(text) for text in texts])]


def _can_be_matters(prediction: Prediction) -> Topics:
    return {score.code: score.probability for score in prediction.topics if score.code not in _NO_MATTER}


def _together(of: Sequence[Topics]) -> Topics:
    """The mean of what is said of neighbouring units."""
    sums: dict[str, float] = {}
    for topics in of:
        for code, probability in topics.items():
            sums[code] = sums.get(code, 0.0) + probability / len(of)
    return sums


def _best(topics: Topics) -> str:
    return max(topics, key=lambda code: topics[code], default="")


def _domains(topics: Topics) -> Topics:
    sums: dict[str, float] = {}
    for code, probability in topics.items():
        domain = all_labels()[code].domain or ""
        sums[domain] = sums.get(domain, 0.0) + probability
    return sums


def _alike(one: Topics, other: Topics) -> float:
    """Bhattacharyya coefficient: 1 for equal distributions, 0 for those with nothing in common."""
    return sum(math.sqrt(p * other[code]) for code, p in one.items() if code in other)
