"""Filing: durable, idempotent, tolerant of everything people paste, silent about nothing."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from complaints import privacy
from complaints.models import Case, Event, IntakeKey, Requester, Respondent, Role, TriageTask
from tests import make

pytestmark = pytest.mark.django_db
URL = "/api/v1/cases/"
FULL = {
    "text": make.MILK + "，我的电话13812345678，身份证330106199001011233",
    "title": "过期牛奶",
    "region": "330106",
    "place": "西湖区文三路90号世纪联华",
    "event_at": "2026-11-20T10:30:00+08:00",
    "requester": {
        "name": "张三丰",
        "phone": "138 1234 5678",
        "id_number": "11010519491231002x",
        "address": "西湖区文三路90号3幢201室",
    },
    "respondent": {"name": "某某超市", "phone": "0571-88881234", "uscc": "91330100MA0000001F"},
    "declared": {"consents": ["notice", "sensitive"]},
}


def rows() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        jobs = cursor.fetchone()[0]
    return (*(m.objects.count() for m in (Case, Event, Requester, Respondent, TriageTask, IntakeKey)), jobs)


def test_a_citizen_gets_a_receipt_and_everything_waits_in_one_transaction():
    answer = make.client().post(URL, FULL, format="json")
    assert answer.status_code == 201
    receipt = answer.json()
    assert set(receipt) == {"number", "query_code", "state", "state_name", "received_at", "twin"}
    assert receipt["state"] == "registered"
    assert receipt["state_name"] == "已登记"
    assert rows() == (1, 1, 1, 1, 1, 0, 1)
    case = Case.objects.get(number=receipt["number"])
    assert (case.channel, case.region_id, case.version, case.place) == ("web", "330106", 1, FULL["place"])
    assert case.original_text == FULL["text"]
    event = case.events.get()
    assert (event.kind, event.version, event.actor_kind, event.to_state) == (
        "register",
        1,
        "citizen",
        "registered",
    )


def test_personal_data_is_ciphertext_in_the_database_and_masked_in_answers():
    receipt = make.client().post(URL, FULL, format="json").json()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(c)::text || row_to_json(q)::text || row_to_json(p)::text FROM complaints_case c "
            "JOIN complaints_requester q ON q.case_id = c.id JOIN complaints_respondent p ON p.case_id = c.id"
        )
        stored = cursor.fetchone()[0]
    for secret in ("13812345678", "张三丰", "11010519491231002", "3幢201", "文三路", "某某超市", "88881234"):
        assert secret not in stored
        assert secret.encode().hex() not in stored
    assert Requester.objects.get(phone_index=privacy.phone_index("+86 13812345678")).name == "张三丰"
    seen = make.client(X_Case_Code=receipt["query_code"]).get(f"{URL}{receipt['number']}/").json()
    assert seen["requester"] == {
        "name": "张**",
        "phone": "138****5678",
        "id_number": "110*************2X",
        "address": "西湖区文三路***",
        "anonymous": False,
    }
    assert seen["text"] == make.MILK + "，我的电话138****5678，身份证330***********33"
    assert seen["respondent"]["phone"] == "**********34"


def test_the_same_key_makes_no_second_case():
    first = make.client(Idempotency_Key="k-1").post(URL, FULL, format="json")
    again = make.client(Idempotency_Key="k-1").post(URL, FULL, format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    before = rows()
    other = make.client(Idempotency_Key="k-1").post(URL, {"text": "另一件事"}, format="json")
    assert other.status_code == 409
    assert other.json()["code"] == "key_reused"
    assert rows() == before == (1, 1, 1, 1, 1, 1, 1)


def test_a_key_belongs_to_its_owner():
    make.client(Idempotency_Key="same").post(URL, {"text": "网上的"}, format="json")
    taken = make.client(make.user(Role.PARTNER), Idempotency_Key="same").post(URL, {"text": "接口的"}, format="json")
    assert taken.status_code == 201
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n\t\u3000"}, "text"),
        ({"text": "\x00\x07"}, "text"),
        ({"text": "字" * 10_001}, "text"),
        ({"text": None}, "text"),
        ({"text": ["列表"]}, "text"),
        ({"text": "好", "region": "999999"}, "region"),
        ({"text": "好", "region": "33010"}, "region"),
        ({"text": "好", "region": "'; DROP TABLE"}, "region"),
        ({"text": "好", "event_at": "昨天"}, "event_at"),
        ({"text": "好", "channel": "fax"}, "channel"),
        ({"text": "好", "channel": "12315"}, "channel"),
        ({"text": "好", "requester": "张三"}, "requester"),
        ({"text": "好", "requester": {"phone": "<script>alert(1)</script>"}}, "requester.phone"),
        ({"text": "好", "requester": {"phone": "12"}}, "requester.phone"),
        ({"text": "好", "requester": {"id_number": "330106199001011234"}}, "requester.id_number"),
        ({"text": "好", "requester": {"name": "长" * 51}}, "requester.name"),
        ({"text": "好", "respondent": {"uscc": "91330100MA0000001A"}}, "respondent.uscc"),
    ],
)
def test_bad_input_is_named_at_its_field_in_chinese_and_changes_nothing(body, field):
    before = rows()
    answer = make.client().post(URL, body, format="json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert list(problem["errors"]) == [field]
    message = problem["errors"][field][0]
    assert any("\u4e00" <= char <= "\u9fff" for char in message), message
    assert problem["detail"] == message
    assert rows() == before


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "👨‍👩‍👧‍👦 孩子吃坏了",
        "a",
        "\u202e倒写的字",
        "零宽\u200b字符",
        "'; DROP TABLE complaints_case; --",
        "<script>alert('x')</script><img src=x onerror=alert(1)>",
        "NUL\x00在中间",
        "半个代理\ud800字",
        "換行\r\n换行\r换行",
        "字" * 10_000,
        "{{ 7*7 }} ${7*7} %s %(a)s",
    ],
)
def test_odd_text_becomes_a_durable_case(text):
    body = json.dumps(
        {
            "text": text,
            "title": text[:200],
            "place": text[:300],
            "requester": {"name": text[:50]},
            "source_line": text[:50],
        }
    )
    answer = make.client().post(URL, body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    case = Case.objects.get(number=answer.json()["number"])
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\ud800", "")
    assert case.original_text == kept
    assert case.requester.name == kept[:50]


def test_a_body_that_is_no_json_is_refused_in_words():
    answer = make.client().post(URL, b'{"text": ', content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"
    assert rows()[0] == 0


def test_staff_file_for_a_caller_and_own_the_case():
    call_taker = make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU)
    answer = make.client(call_taker).post(URL, {"text": "电话里说的", "channel": "12345"}, format="json")
    assert answer.status_code == 201
    case = Case.objects.get()
    assert (case.channel, case.taken_by, case.taken_by_unit) == ("12345", call_taker, call_taker.unit)
    assert case.events.get().actor == call_taker


def test_an_officer_does_not_take_complaints_in():
    answer = make.client(make.officer()).post(URL, {"text": "我来登记"}, format="json")
    assert answer.status_code == 403
    assert rows()[0] == 0


def test_a_danger_phrase_marks_the_case_before_any_model_has_run():
    make.client().post(URL, {"text": "我妈被困在电梯里出不来了，快点来人"}, format="json")
    assert Case.objects.get().urgency == "U1"


def test_filing_costs_a_fixed_number_of_queries(django_assert_num_queries):
    client = make.client()
    make.case()  # what a process keeps in memory is there
    with django_assert_num_queries(15):
        client.post(URL, FULL, format="json")
