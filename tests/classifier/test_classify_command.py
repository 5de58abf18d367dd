"""manage.py classify: every line in gives one line out, whatever it holds."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import classifier

ROOT = Path(__file__).resolve().parents[2]
FIELDS = [
    "id",
    "domain",
    "topic",
    "confidence",
    "topics",
    "intent",
    "urgency",
    "urgency_hits",
    "needs_review",
    "model_version",
]


def classify(folder, content):
    """The rows written for a file of these bytes, and what was said on standard error."""
    source, target, said = folder / "in.jsonl", folder / "out.jsonl", io.StringIO()
    source.write_bytes(content)
    call_command("classify", "--in", str(source), "--out", str(target), stderr=said)
    assert sorted(path.name for path in folder.iterdir()) == ["in.jsonl", "out.jsonl"]
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()], said.getvalue()


def lines(*rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def test_rows_in_order_with_all_fields(tmp_path):
    rows, said = classify(
        tmp_path,
        lines(
            {"id": "a", "title": "油烟", "text": "楼下烧烤店油烟直接排到我家窗户"},
            {"id": 7, "text": "工资拖欠三个月，老板不接电话，劳动局也不管"},
            {"id": None, "title": None, "text": ""},
            {"text": "三楼起火了，快来人"},
        ),
    )
    assert [row["id"] for row in rows] == ["a", 7, None, None]
    assert all(list(row) == FIELDS for row in rows)
    assert (rows[0]["domain"], rows[0]["topic"]) == ("environment", "V05")
    assert (rows[1]["domain"], rows[1]["topic"][0]) == (None, "X")
    assert (rows[2]["topic"], rows[2]["needs_review"]) == ("X11", True)
    assert rows[3]["urgency"] == "U1"
    assert {"level": "U1", "danger": "fire", "phrase": "起火", "start": 2, "end": 4} in rows[3]["urgency_hits"]
    assert rows[0]["topics"][0] == {"code": "V05", "probability": rows[0]["confidence"]}
    assert rows[0]["model_version"] == classifier.active().version
    assert "4" in said


def test_lines_that_are_no_rows_are_reported_and_nothing_is_lost(tmp_path):
    good = json.dumps({"id": "good", "text": "外墙渗水，开发商不维修"}, ensure_ascii=False).encode()
    rows, said = classify(
        tmp_path,
        b"\n".join(
            [
                b"\xef\xbb\xbf" + good,  # a byte order mark
                b'{"id": "cut", "text": "abc',
                b"",
                b"[1, 2]",
                b'{"id": "none"}',
                b'{"id": "number", "text": 5}',
                '{"id": "bytes", "text": "外墙渗水'.encode() + b"\xff\xfe" + '了，没人修"}'.encode(),
                "牛奶过期".encode("gb18030"),
                b"[" * 100_000,
                b'{"id": 1e999, "text": "' + "楼上漏水".encode() + b'"}',
                b'{"id": {"a": 1}, "text": "\\ud800 ' + "楼上漏水到我家".encode() + b'"}',
                b'{"id": ' + b"9" * 5_000 + b', "text": "x"}',
                good,
            ]
        ),
    )
    assert [row["id"] for row in rows] == [
        "good", None, None, "none", "number", "bytes", None, None, "inf", "{'a': 1}", None, "good",
    ]  # fmt: skip
    bad = [row for row in rows if "error" in row]
    assert [row["line"] for row in bad] == [2, 4, 5, 6, 7, 8, 9, 12]
    assert all(row["needs_review"] for row in bad)
    assert all(any("\u4e00" <= c <= "\u9fff" for c in row["error"]) for row in bad)
    assert rows[0]["topic"] == rows[-1]["topic"] == "E02"
    assert rows[5]["topic"].startswith("E")  # still classified
    assert "12" in said
    assert "8" in said


def test_many_rows_stream_in_order(tmp_path):
    rows, _said = classify(tmp_path, lines(*({"id": n, "text": f"第{n}次反映路灯不亮"} for n in range(1_000))))
    assert [row["id"] for row in rows] == list(range(1_000))


def test_an_empty_file_gives_an_empty_file(tmp_path):
    assert classify(tmp_path, b"")[0] == []


def test_a_file_may_replace_itself(tmp_path):
    file = tmp_path / "both.jsonl"
    file.write_bytes(lines({"id": 1, "text": "路灯不亮"}))
    call_command("classify", "--in", str(file), "--out", str(file), stderr=io.StringIO())
    assert json.loads(file.read_text(encoding="utf-8"))["id"] == 1


def test_what_cannot_be_read_or_written_leaves_everything_as_it_was(tmp_path):
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    with pytest.raises(CommandError, match=r"none\.jsonl"):
        call_command("classify", "--in", str(tmp_path / "none.jsonl"), "--out", str(target), stderr=io.StringIO())
    assert target.read_text() == "before"
    source = tmp_path / "in.jsonl"
    source.write_bytes(lines({"id": 1, "text": "路灯不亮"}))
    with pytest.raises(CommandError):
        call_command("classify", "--in", str(source), "--out", str(tmp_path / "no" / "out"), stderr=io.StringIO())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_through_standard_input_and_output():
    done = subprocess.run(
        [sys.executable, "manage.py", "classify", "--in", "-", "--out", "-"],
        cwd=ROOT,
        env=os.environ,
        input=lines({"id": "甲", "text": "路灯不亮"}, {"id": "😀", "text": "\x00"}) + b"{\n",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    rows = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["甲", "😀", None]
    assert rows[2]["line"] == 3
