"""Documents over HTTP: lists, PDFs, printing in clear, batches, the public check, and numbers without gaps."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from complaints import actions, documents, tasks
from complaints.models import BatchState, Case, Document, DocumentBatch, Event, Role
from tests import make
from tests.complaints import papers

pytestmark = pytest.mark.django_db
API = "/api/v1"


def url(case: Case, rest: str = "") -> str:
    return f"{API}/cases/{case.number}/documents/{rest}"


def chinese(problem: dict[str, str]) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in problem["detail"])


def test_the_list_says_what_can_be_made_and_what_is_missing(django_assert_max_num_queries):
    officer = make.officer()
    case = papers.mediated(officer)
    client = make.client(officer)
    with django_assert_max_num_queries(24):
        answer = client.get(url(case))
    forms = {form["code"]: form for form in answer.json()["forms"]}
    assert {code for code, form in forms.items() if not form["missing"]} == {
        "complaint_form", "identity_notice", "acceptance", "work_order", "routing_card",
    }  # fmt: skip
    assert forms["mediation_notice"]["missing"] == ["已安排的调解时间和地点"]
    assert [ask["name"] for ask in forms["identity_notice"]["asks"]] == ["until", "materials"]
    assert forms["refusal"]["basis"] == "《市场监督管理投诉举报处理办法》第十六条"
    assert answer.json()["may_reveal"] is True
    assert not {"report_form", "report_result", "transfer_notice"} & set(forms)


def test_make_then_print(django_assert_max_num_queries):
    officer = make.officer()
    case = papers.accepted(officer)
    client = make.client(officer)
    answer = client.post(url(case), {"form": "acceptance"}, format="json")
    assert answer.status_code == 201
    assert client.post(url(case), {"form": "acceptance"}, format="json").status_code == 200
    made = client.get(url(case)).json()["made"]
    assert [row["number"] for row in made] == [answer.json()["number"]]
    paper = client.get(url(case, f"{made[0]['id']}/"))
    assert (paper.status_code, paper["Content-Type"], paper["Cache-Control"]) == (
        200, "application/pdf", "private, no-store",
    )  # fmt: skip
    assert paper["Content-Disposition"].startswith("inline")
    assert papers.read(paper.content).pages
    assert Event.objects.filter(case=case, kind="make_document").count() == 1


def test_refusals_are_problems_at_their_fields():
    case = papers.complaint()
    client = make.client(make.officer())
    answer = client.post(url(case), {"form": "identity_notice", "given": {"until": "x"}}, format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"until", "materials"})
    answer = client.post(url(case), {"form": "mediation_end"}, format="json")
    assert (answer.status_code, answer.json()["code"], chinese(answer.json())) == (409, "facts_missing", True)
    stranger = make.client(make.officer("mee"))
    assert stranger.get(url(case)).status_code == 404
    assert stranger.post(url(case), {"form": "work_order"}, format="json").status_code == 404
    assert make.client().get(url(case)).status_code == 401
    assert not Document.objects.exists()


def test_printing_in_clear_wants_a_reason_and_is_recorded():
    officer = make.officer()
    case = papers.accepted(officer)
    document, _new = actions.make_document(officer, case.number, "work_order", {})
    client = make.client(officer)
    before = case.events.count()
    assert client.post(url(case, f"{document.pk}/clear/"), {}, format="json").status_code == 400
    assert case.events.count() == before
    paper = client.post(url(case, f"{document.pk}/clear/"), {"reason": "上门送达"}, format="json")
    text = papers.words(paper.content)
    for shown in (papers.NAME, papers.PHONE, papers.IDENTITY, papers.HOME, "13700001111"):
        assert shown in text
    assert "个人信息已脱敏" not in text
    event = case.events.get(kind="reveal")
    assert (event.reason, event.data, event.actor) == ("上门送达", {"document": document.pk}, officer)


def test_a_reporter_stays_sealed_from_the_bureau_on_paper_too():
    officer = make.officer()
    case = papers.report()
    document, _new = actions.make_document(officer, case.number, "report_form", {})
    answer = make.client(officer).post(url(case, f"{document.pk}/clear/"), {"reason": "核实"}, format="json")
    assert (answer.status_code, chinese(answer.json())) == (403, True)
    assert not case.events.filter(kind="reveal").exists()
    assert make.client(officer).get(url(case)).json()["may_reveal"] is False
    text = papers.words(make.client(make.dispatcher()).get(url(case, f"{document.pk}/")).content)
    assert papers.NAME[0] + "**" not in text
    clear = make.client(make.dispatcher()).post(url(case, f"{document.pk}/clear/"), {"reason": "核实"}, format="json")
    assert papers.NAME in papers.words(clear.content)


def test_a_case_sealed_later_hides_what_was_made_before():
    officer = make.officer()
    case = papers.accepted(officer)
    document, _new = actions.make_document(officer, case.number, "work_order", {})
    Case.objects.filter(pk=case.pk).update(sealed=True)
    text = papers.words(make.client(officer).get(url(case, f"{document.pk}/")).content)
    assert "138****5678" not in text


def test_the_stored_facts_are_sealed_and_can_be_read_again():
    document, _new = actions.make_document(make.officer(), papers.complaint().number, "work_order", {})
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM complaints_document WHERE id = %s", [document.pk])
        stored = bytes(cursor.fetchone()[0])
    assert papers.NAME.encode() not in stored
    again = Document.objects.get(pk=document.pk)
    content = json.loads(again.facts)["content"]
    assert content["requester"]["name"] == papers.NAME
    assert documents.freeze(content)[1] == again.sha256


def test_a_batch_prints_its_cases_in_order_and_names_what_it_left_out():
    officer = make.officer()
    cases = [papers.complaint() for _ in range(3)]
    foreign = make.dispatched("mee")
    wanted = [cases[2].number, foreign.number, cases[0].number, cases[1].number, cases[2].number]
    client = make.client(officer)
    answer = client.post(f"{API}/documents/batch/", {"form": "work_order", "numbers": wanted}, format="json")
    assert (answer.status_code, answer.json()["done"], answer.json()["made"]) == (201, 4, 3)
    assert [refused["number"] for refused in answer.json()["refused"]] == [foreign.number]
    paper = client.get(f"{API}/documents/batch/{answer.json()['id']}/pdf/").content
    pages = ["".join(page.extract_text().split()) for page in papers.read(paper).pages]
    order = [cases[2].number, cases[0].number, cases[1].number]
    assert [number for page, number in zip(pages, order, strict=True) if number in page and "共1页" in page] == order
    assert papers.PHONE not in "".join(pages)
    other = make.client(make.officer())
    assert other.get(f"{API}/documents/batch/{answer.json()['id']}/").status_code == 404
    assert other.get(f"{API}/documents/batch/{answer.json()['id']}/pdf/").status_code == 404


def test_a_big_batch_is_the_workers_and_shows_progress():
    officer = make.officer()
    numbers = [papers.complaint().number for _ in range(21)]
    client = make.client(officer)
    answer = client.post(f"{API}/documents/batch/", {"form": "work_order", "numbers": numbers}, format="json")
    address = f"{API}/documents/batch/{answer.json()['id']}/"
    assert (answer.status_code, answer.json()["state"], answer.json()["done"]) == (202, "waiting", 0)
    early = client.get(f"{address}pdf/")
    assert (early.status_code, early.json()["code"]) == (409, "not_done")
    tasks.make_documents(answer.json()["id"])
    now = client.get(address).json()
    assert (now["state"], now["done"], now["total"], now["refused"]) == ("done", 21, 21, [])
    tasks.make_documents(answer.json()["id"])  # a second worker finds it done
    assert Document.objects.count() == 21
    assert len(papers.read(client.get(f"{address}pdf/").content).pages) == 21


@pytest.mark.parametrize(
    ("form", "count", "field"),
    [("work_order", 101, "numbers"), ("work_order", 0, "numbers"), ("identity_notice", 1, "form"), ("x", 1, "form")],
)
def test_bad_batches_are_refused_whole(form: str, count: int, field: str):
    client = make.client(make.officer())
    numbers = [f"20261122-{running:06d}-1" for running in range(count)]
    answer = client.post(f"{API}/documents/batch/", {"form": form, "numbers": numbers}, format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {field})
    assert not DocumentBatch.objects.exists()


def test_a_silent_worker_is_not_taken_for_alive():
    batch = DocumentBatch.objects.create(owner=make.officer(), form="work_order", numbers=["a"], state="running")
    assert batch.state_now == BatchState.RUNNING
    batch.beat_at = batch.beat_at.replace(year=2020)
    assert batch.state_now == BatchState.FAILED


def test_everybody_may_check_a_paper_and_learns_nothing_else():
    officer = make.officer()
    document, _new = actions.make_document(officer, papers.accepted(officer).number, "acceptance", {})
    document.refresh_from_db()
    code = documents.code_of(document)
    typed = f" {code.lower().replace('-', '－')} "
    answer = make.client().get(f"{API}/documents/check/", {"code": typed}).json()
    assert answer == {
        "genuine": True,
        "title": "投诉受理决定书",
        "number": document.number,
        "unit": "杭州市西湖区市场监督管理局",
        "made_on": answer["made_on"],
    }
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    other_number = code.replace("-1-", "-2-")
    for forged in (wrong, other_number, "", "x", "9" * 60, code + "A", "１-2026-1-ABCDEF"):
        assert make.client().get(f"{API}/documents/check/", {"code": forged}).json() == {"genuine": False}
    Document.objects.filter(pk=document.pk).update(form="refusal")  # the code belongs to what was made
    assert make.client().get(f"{API}/documents/check/", {"code": code}).json() == {"genuine": False}


def test_call_takers_register_and_citizens_make_nothing():
    taker = make.user(Role.CALL_TAKER, region=make.HANGZHOU)
    case = make.case(papers.TEXT, viewer=taker, requester=papers.PERSON, respondent=papers.SHOP, declared=papers.SAID)
    document, _new = actions.make_document(taker, case.number, "complaint_form", {})
    assert "诉登" in document.number
    answer = make.client(taker).post(url(case), {"form": "transfer_notice"}, format="json")
    assert (answer.status_code, chinese(answer.json())) == (403, True)
