"""What people decided becomes training rows, without a trace of who complained."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from classifier import read_examples
from complaints import actions
from complaints.models import Case
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def decided(text: str, *topics: str, second: str = "", **more) -> Case:
    case = make.case(text, **more)
    while actions.triage_waiting():
        pass
    for topic in topics:
        case.refresh_from_db()
        actions.dispatch(
            make.dispatcher(), case.number, case.version, lead=make.unit().pk, topic=topic, second=second, reason="核过"
        )
    return case


def exported(tmp_path, *options: str) -> list[dict]:
    out = tmp_path / "corrections.jsonl"
    call_command("export_corrections", "--out", str(out), *options)
    assert not (tmp_path / "corrections.jsonl.partial").exists()
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_one_row_a_case_with_the_newest_word(tmp_path, capsys):
    case = decided(make.MILK, "S03", "P01", second="S08", title="过期牛奶")
    decided("从没人看过的投诉，牛奶过期")
    case.refresh_from_db()
    [row] = exported(tmp_path)
    assert row == {
        "id": f"correction-{case.topic_labels.latest('pk').pk}",
        "title": "过期牛奶",
        "text": make.MILK,
        "label": "P01",
        "second": "S08",
        "intent": case.intent,
        "urgency": case.urgency,
        "confidence": "high",
        "source": "correction",
    }
    [example] = read_examples([tmp_path / "corrections.jsonl"])
    assert (example.label, example.second, example.message.text) == ("P01", "S08", make.MILK)


def test_numbers_are_masked_and_who_can_be_recognised_is_left_out(tmp_path, capsys):
    decided(f"{make.MILK}，电话13812345678，身份证330106199001011237", "P01")
    person = actions.Person(name="欧阳志远", phone="13912345678")
    decided(f"我叫欧阳志远，{make.MILK}", "P01", requester=person)
    decided(make.MILK, "P01", requester=actions.Person(name="欧阳志远", anonymous=True))
    decided(f"{make.MILK}，请回复", "P01", requester=person)
    capsys.readouterr()
    texts = [row["text"] for row in exported(tmp_path)]
    assert len(texts) == 2
    assert not any("12345678" in text or "19900101" in text or "欧阳" in text for text in texts)
    assert "138****5678" in texts[0]
    assert "2" in capsys.readouterr().out


def test_from_a_day_on(tmp_path, capsys):
    decided(make.MILK, "P01")
    today = timezone.localdate()
    assert len(exported(tmp_path, "--since", today.isoformat())) == 1
    assert exported(tmp_path, "--since", (today + timedelta(days=1)).isoformat()) == []
