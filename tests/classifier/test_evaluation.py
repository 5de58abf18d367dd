"""Figures against values worked out by hand, and manage.py evaluate_classifier from file to report."""

import io
import json
from html.parser import HTMLParser
from itertools import permutations

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from classifier.baseline.examples import Example
from classifier.evaluation import measures
from classifier.evaluation.answers import Answers, of_classifier, of_probabilities
from classifier.evaluation.figures import compared, figures_of
from classifier.evaluation.keywords import keyword_values, keywords
from classifier.evaluation.yardsticks import cross_validated, without_neighbours
from classifier.interface import Message
from classifier.labels import all_labels
from classifier.registry import BASELINE, open_model

# Four messages: V05 right and sure; V03 taken for V01, the reader's second label; S08 right, unsure; X01 for P10.
EXAMPLES = [
    Example(Message("甲" * 10), "V05", None, "complaint", "U4", source="letters"),
    Example(Message("乙" * 40), "V03", "V01", "complaint", "U2", source="letters"),
    Example(Message("丙" * 90, "标题" * 5), "S08", None, "consult", "U1", source="reviews"),
    Example(Message("丁" * 600), "X01", None, None, "U4", source="reviews"),
]
ANSWERS = Answers(
    "ours",
    "1",
    topics=("V05", "V01", "S08", "P10"),
    shown=(("V05", "V03", "V01"), ("V01", "V04", "V03"), ("S08", "S02", "S01"), ("P10", "S01", "E01")),
    confidence=np.array([0.9, 0.9, 0.4, 0.4]),
    domains=("environment", "environment", "service", "product"),
    domain_confidence=np.array([0.99, 0.95, 0.6, 0.7]),
    routed=np.array([True, True, False, True]),
    intents=("complaint", "report", "consult", "complaint"),
    urgencies=("U2", "U2", "U3", "U4"),
)


def test_figures_of_four_messages():
    f = figures_of(EXAMPLES, ANSWERS)
    assert f["messages"] == 4
    assert [f[name]["value"] for name in ("topic", "domain", "first_or_second", "top3")] == [0.5, 0.75, 0.75, 0.75]
    assert f["macro_f1_topic"]["value"] == 0.5  # V05 and S08 1, V03 and X01 0
    assert f["macro_f1_domain"]["value"] == pytest.approx(2 / 3, abs=1e-4)  # out of scope 0, the two others 1
    # topic: two at .9 of which one is right, two at .4 of which one is right
    assert f["calibration"]["topic"]["ece"] == pytest.approx(0.5 * 0.4 + 0.5 * 0.1)
    assert f["calibration"]["topic"]["bins"] == [
        {"messages": 2, "confidence": 0.4, "right": 0.5},
        {"messages": 2, "confidence": 0.9, "right": 0.5},
    ]
    # surest first: .99 right, .95 right, .7 wrong, .6 right
    assert f["coverage"]["domain"] == [[0.25, 1.0], [0.5, 1.0], [0.75, 0.6667], [1.0, 0.75]]
    assert f["routed"]["share"]["value"] == 0.75
    assert f["routed"]["domain"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert f["intent"]["messages"] == 3
    assert f["intent"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    u = f["urgency"]
    assert (u["urgent"], u["alarms"]) == (2, 2)
    assert (u["recall"]["value"], u["false_alarms"]["value"], u["same_level"]["value"]) == (0.5, 0.5, 0.5)


def test_tables_of_four_messages():
    f = figures_of(EXAMPLES, ANSWERS)
    rows = {row["code"]: (row["messages"], row["precision"], row["recall"], row["f1"]) for row in f["by_topic"]}
    assert rows == {
        "P10": (0, 0, 0, 0), "S08": (1, 1, 1, 1), "V01": (0, 0, 0, 0),
        "V03": (1, 0, 0, 0), "V05": (1, 1, 1, 1), "X01": (1, 0, 0, 0),
    }  # fmt: skip
    assert f["confusions"] == [
        {"label": "V03", "answer": "V01", "messages": 1, "second": 1},
        {"label": "X01", "answer": "P10", "messages": 1, "second": 0},
    ]
    codes, counts = f["matrix"]["codes"], np.array(f["matrix"]["counts"])
    assert counts.sum() == 4
    assert counts[codes.index("X01"), codes.index("P10")] == 1
    assert [(g["group"], g["messages"], g["topic"]["value"]) for g in f["by_source"]] == [
        ("letters", 2, 0.5),
        ("reviews", 2, 0.5),
    ]
    bands = [(g["group"], g["messages"]) for g in f["by_length"]]
    assert bands == [("0–29", 1), ("30–99", 1), ("100–199", 1), ("≥ 500", 1)]


def test_two_models_side_by_side():
    other = of_probabilities("theirs", "", np.tile([0.1, 0.9], (4, 1)), ["S08", "V05"], 0.5)
    assert other.topics == ("V05",) * 4
    assert other.routed.all()
    c = compared(EXAMPLES, ANSWERS, other)
    assert (c["topic"]["difference"], c["topic"]["only_ours"], c["topic"]["only_theirs"]) == (0.25, 1, 0)
    assert c["topic"]["p"] == 1.0
    low, high = c["topic"]["interval"]
    assert low <= 0.25 <= high
    same = compared(EXAMPLES, ANSWERS, ANSWERS)
    assert (same["domain"]["difference"], same["domain"]["interval"], same["domain"]["p"]) == (0, [0, 0], 1)


def test_measures():
    ours = np.array([True] * 8 + [False] * 2 + [True] * 5)
    theirs = np.array([False] * 8 + [True] * 2 + [True] * 5)
    assert measures.mcnemar(ours, theirs) == pytest.approx(2 * (1 + 10 + 45) / 1024)  # 8 against 2
    assert measures.mcnemar(ours, ours) == 1
    low, high = measures.interval(np.array([True, False] * 200))
    assert (low, high) == pytest.approx((0.451, 0.549), abs=0.005)  # half of 400: 1.96 * 0.025 on either side
    truth, guess = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert measures.macro_f1(truth, guess) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert measures.class_figures(truth, guess, 1) == measures.ClassFigures(2, 2 / 3, 1.0, 0.8)
    surest = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True])
    assert measures.threshold_for(*surest, 0.7) == 0.6
    assert measures.threshold_for(*surest, 0.8) == 0.8
    assert measures.threshold_for(np.array([0.9]), np.array([False])) == 1.01


def test_the_model_in_service_is_judged_by_its_own_answers():
    model = open_model(BASELINE)
    examples = [Example(Message("楼下烧烤店油烟直接排到我家窗户"), "V05"), Example(Message(""), "X11")]
    answers = of_classifier("baseline", model, examples)
    p = model.topic_probabilities([examples[0].message])[0]
    environment = sum(p[i] for i, code in enumerate(model.labels) if code.startswith("V"))
    assert answers.domain_confidence.tolist() == pytest.approx([environment, 1.0], abs=1e-6)
    assert answers.domains == ("environment", "out_of_scope")
    assert answers.topics == tuple(p.topic for p in model.classify([e.message for e in examples]))


def test_keyword_rules_take_the_most_characters_and_then_the_most_frequent():
    topics = {code for code, label in all_labels().items() if label.domain}
    assert topics <= set(keywords()) <= set(all_labels())
    labels = ["S08", "V05", "X01"]
    messages = [Message("快递丢件，驿站不管，还有油烟"), Message("哈哈")]
    values = keyword_values(messages, ["X01", "X01", "V05"], labels)
    assert [labels[i] for i in values.argmax(axis=1)] == ["S08", "X01"]
    assert values[0].tolist() == [6, 2.25, 0.5]


SAID = {
    "V05": ["烧烤店的油烟很大", "排烟管对着窗户", "炒菜的味道飘进卧室", "饭店没装净化器", "衣服上全是油烟味"],
    "S08": ["快递丢件了", "驿站说没收到", "包裹被人冒领", "快递员不送上门", "物流三天不动"],
    "P10": ["电梯把人困住了", "轿厢突然下坠", "扶梯夹了脚", "电梯年检过期", "按钮没有反应"],
    "X01": ["居住证怎么办理", "社保断交了怎么补", "户口迁移要什么材料", "养老金几号到账", "驾照过期如何换"],
}
ROWS = [
    {"text": "，".join(parts), "label": label, "intent": "complaint", "urgency": "U4", "source": "test"}
    for label, sentences in SAID.items()
    for parts in permutations(sentences, 2)
]


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def evaluate(*arguments):
    out = io.StringIO()
    call_command("evaluate_classifier", *map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


class Page(HTMLParser):
    """Elements, ids and links of a page; fails where tags do not close."""

    VOID = {"meta", "br"}

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.seen = [], set(), [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "xlink:href")]
        self.ids |= {value for name, value in attrs if name == "id"}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_report_of_two_models_and_the_yardsticks(tmp_path):
    judged = write(tmp_path / "judged.jsonl", [row for i, row in enumerate(ROWS) if i % 4 == 0])
    learnt = write(tmp_path / "learnt.jsonl", ROWS)
    printed = evaluate(
        judged, "--model", BASELINE, "--against", BASELINE, "--train", learnt, "--folds", "2",
        "--yardsticks", "svm", "lr", "keywords", "ngrams", "--out", tmp_path / "report",
    )  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == ["report.html", "report.json"]
    report = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert [m["name"] for m in report["models"]] == ["baseline", "baseline (2)", "svm", "lr", "keywords", "ngrams"]
    assert all(m["messages"] == 20 for m in report["models"])
    same = report["comparisons"][0]
    assert (same["theirs"], same["topic"]["difference"], same["topic"]["p"]) == ("baseline (2)", 0, 1)
    assert report["cross_validation"]["messages"] == len(ROWS) + 20
    assert [m["name"] for m in report["cross_validation"]["models"]] == ["svm", "lr", "keywords", "ngrams"]
    value = 100 * report["models"][0]["topic"]["value"]
    assert f"{value:.1f} (" in printed

    text = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert {"main", "comparison", "folds", "calibration", "coverage", "details"} <= page.ids
    assert page.seen.count("svg") == 4  # calibration, coverage, and a heat map for each served model
    assert page.seen.count("section") == 7
    assert not {"script", "link", "iframe"} & set(page.seen)
    assert all(link.startswith(("#", "data:")) for link in page.links)
    assert "烧烤店的油烟很大" not in text


def test_the_part_of_a_split_is_judged_and_the_rest_learnt_from(tmp_path):
    from classifier.encoder.prepare import text_hash
    from classifier.encoder.records import Record

    file = write(tmp_path / "rows.jsonl", [*ROWS, ROWS[0]])
    parts = [
        {"id": str(i), "hash": text_hash(Record(str(i), row["text"], row["label"])), "part": part}
        for i, (row, part) in enumerate(zip(ROWS, ["test", "dev", "train", "train"] * 20, strict=True))
        if part != "train"
    ]
    split = write(tmp_path / "split.jsonl", parts)
    evaluate(file, "--model", BASELINE, "--split", split, "--yardsticks", "keywords", "--out", tmp_path / "report")
    report = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert (report["part"], report["messages"]) == ("test", 20)  # the copy of the first row counts once
    assert [m["name"] for m in report["models"]] == ["baseline", "keywords"]


def test_yardsticks_never_learn_a_near_duplicate_of_what_they_are_judged_on():
    long = "小区门口的烧烤店每天晚上十点以后油烟直接排进我家卧室，多次反映没有人管"
    known = [Example(Message(long + "。"), "V05"), *(Example(Message(r["text"]), r["label"]) for r in ROWS[20:])]
    unseen = [Example(Message(long + "！！"), "V05")]
    material = without_neighbours(known, unseen)
    assert long + "。" not in {e.message.text for e in (*material.known, *material.aside)}
    assert len(material.known) + len(material.aside) == 60
    assert material.aside


def test_cross_validation_judges_real_messages_once_and_synthetic_ones_never():
    rows = [Example(Message(r["text"]), r["label"], synthetic=i % 5 == 0) for i, r in enumerate(ROWS)]
    [(answers, judged)] = cross_validated(["svm"], rows, 4, lambda line: None)
    assert len(answers.topics) == len(judged) == 64
    right = sum(a == e.label for a, e in zip(answers.topics, judged, strict=True))
    assert right > 48


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('{"text": "a", "label": "Z01"}', r"rows\.jsonl:2: label 'Z01'"),
        ('{"text": "a", "label": ["P01"]}', r"rows\.jsonl:2: label"),
        ('{"text": "a", "label": "P01", "urgency": "U9"}', r"rows\.jsonl:2: urgency 'U9'"),
        ('{"label": "P01"}', r"rows\.jsonl:2: a JSON object with a text"),
        ('{"text": "a', r"rows\.jsonl:2: "),
        ("[" * 100_000, r"rows\.jsonl:2: "),
        (b"\xb9\xfd\xc6\xda", r"rows\.jsonl:2: .*utf-8"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_written(tmp_path, line, named):
    raw = line if isinstance(line, bytes) else line.encode()
    good = b'{"text": "' + "油烟".encode() + b'", "label": "V05"}\n'
    (tmp_path / "rows.jsonl").write_bytes(b"\xef\xbb\xbf" + good + raw + b"\n")
    with pytest.raises(CommandError, match=named):
        evaluate(tmp_path / "rows.jsonl", "--model", BASELINE, "--out", tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_what_cannot_be_evaluated_is_refused_and_nothing_is_written(tmp_path):
    file, out = write(tmp_path / "rows.jsonl", ROWS[:3]), tmp_path / "report"
    unlabelled = write(tmp_path / "unlabelled.jsonl", [{"text": "油烟"}])
    with pytest.raises(CommandError, match=r"none\.jsonl"):
        evaluate(tmp_path / "none.jsonl", "--out", out)
    with pytest.raises(CommandError, match="no labelled messages"):
        evaluate(unlabelled, "--model", BASELINE, "--out", out)
    with pytest.raises(CommandError, match="--train"):
        evaluate(file, "--model", BASELINE, "--yardsticks", "keywords", "--out", out)
    with pytest.raises(CommandError, match="svm: messages of at least 3 topics"):
        evaluate(file, "--model", BASELINE, "--yardsticks", "svm", "--train", file, "--out", out)
    with pytest.raises(CommandError):
        evaluate(file, "--model", BASELINE, "--folds", "3", "--out", out)
    with pytest.raises(CommandError, match="no-model"):
        evaluate(file, "--model", tmp_path / "no-model", "--out", out)
    with pytest.raises(CommandError, match=r"rows\.jsonl"):
        evaluate(file, "--model", BASELINE, "--out", file)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.jsonl", "unlabelled.jsonl"]


def test_messages_with_urgency_only_make_a_report_without_topics(tmp_path):
    rows = [{"text": "三楼起火了，快来人", "urgency": "U1"}, {"text": "路灯不亮", "urgency": "U4"}]
    evaluate(write(tmp_path / "rows.jsonl", rows), "--model", BASELINE, "--out", tmp_path / "report")
    [model] = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))["models"]
    assert model["messages"] == 0
    assert (model["urgency"]["recall"]["value"], model["urgency"]["false_alarms"]["value"]) == (1.0, 0.0)
    assert Page((tmp_path / "report" / "report.html").read_text(encoding="utf-8")).seen.count("svg") == 0
