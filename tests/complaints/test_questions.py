"""What callers are asked, and what the answers are good for."""

from __future__ import annotations

import pytest

from complaints import actions
from complaints.models import Question, QuestionKind, Role
from routing.fields import vocabulary
from routing.models import RoutingRule
from tests import make
from tests.complaints.test_triage import settled

pytestmark = pytest.mark.django_db
PREPAID = "办了卡的店突然关门了，卡里的钱不退，联系不上老板，要求退还预付卡余额"


@pytest.fixture
def taker():
    return make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU)


def ask(viewer, topic):
    answer = make.client(viewer).get(f"/api/v1/questions/?topic={topic}")
    assert answer.status_code == 200
    return answer.json()


def file(viewer, *answers, text=PREPAID):
    body = {"text": text, "region": make.XIHU, "answers": [{"question": pk, "value": value} for pk, value in answers]}
    return make.client(viewer).post("/api/v1/cases/", body, format="json")


def test_shipped_questions_are_well_formed():
    for question in Question.objects.all():
        question.full_clean()
        fields = {field for field, _value in vocabulary()}
        if question.kind == QuestionKind.CHOICE and question.field in fields:
            known = [value for value, _label in question.options if (question.field, value) in vocabulary()]
            assert known, question.label


def test_every_field_that_rules_of_a_topic_read_is_asked_or_told_by_its_place():
    """`profile` is a local arrangement of duties, which no caller knows."""
    sub_fields = {field for field, _value in vocabulary()} - {"profile"}
    read = {
        (rule.topic_id, condition["field"])
        for rule in RoutingRule.objects.exclude(conditions=[])
        for condition in rule.conditions
        if condition["field"] in sub_fields
    }
    asked = {(topic, one.field) for topic, _field in read for one in Question.objects.about(topic)}
    assert len(read) > 25
    assert sorted(read - asked) == TOLD_BY_THE_WORDS


# second to another question of the same topic, and the words of the complaint tell them well (field_phrases.csv)
TOLD_BY_THE_WORDS = [("P12", "stage"), ("S04", "issue"), ("S09", "issue")]


def test_required_ones_come_first_and_only_those_of_the_topic(taker):
    rows = ask(taker, "S04")
    assert [row["required"] for row in rows] == sorted((row["required"] for row in rows), reverse=True)
    assert rows[0]["field"] == "trade"
    assert {"value": "gym", "label": "健身"} in rows[0]["choices"]
    assert "stage" not in {row["field"] for row in rows}
    assert ask(taker, "") == []
    assert make.client(make.officer()).get("/api/v1/questions/?topic=S04").status_code == 403


def test_an_answer_decides_where_the_words_do_not(taker):
    plain = settled(actions.submit(taker, actions.Intake(text=PREPAID, region=make.XIHU)).case)
    assert plain.topic == "S04"
    question = Question.objects.get(topics="S04", field="trade")
    case = settled(plain.__class__.objects.get(number=file(taker, (question.pk, "gym")).json()["number"]))
    assert case.lead_unit_id != plain.lead_unit_id
    assert case.lead_unit.bureau_id == "sport"
    shown = make.client(taker).get(f"/api/v1/cases/{case.number}/").json()["answers"]
    assert shown == [{"field": "trade", "question": question.label, "answer": "健身"}]


@pytest.mark.parametrize(("kind", "value"), [("choice", "moon"), ("number", "三个"), ("date", "昨天")])
def test_an_answer_of_another_form_is_refused_at_its_place(taker, kind, value):
    question = Question.objects.filter(kind=kind).first()
    refused = file(taker, (question.pk, value))
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == [f"answers.{question.pk}"]
    assert file(taker, (question.pk, " ")).status_code == 201
    assert file(taker, (0, "x")).status_code == 400
