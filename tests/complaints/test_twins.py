"""Complaint and report in one text: two linked cases with their own rules, and no bureau that can connect them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import classifier
from complaints import actions, privacy
from complaints.models import Case, CaseLink, LinkKind, Role, TriageTask
from tests import make
from tests.complaints.at_work import Desk, citizen, hotline, lead

pytestmark = pytest.mark.django_db
BOTH = "超市卖给我过期牛奶，孩子喝了拉肚子，要求退一赔十，同时请市场监管局依法查处这家超市。我叫欧阳静怡"
PERSON = actions.Person(name="欧阳静怡", phone="13712345678")


def settled() -> None:
    while actions.triage_waiting():
        pass


def pair() -> tuple[Case, Case]:
    """The complaint and the report beside it."""
    link = CaseLink.objects.select_related("case", "other").get(kind=LinkKind.TWIN)
    return link.other, link.case


@pytest.mark.parametrize(("text", "asked", "named"), [
    ("要求退款并赔偿损失，并依法查处这家黑店", {"remedy", "punishment"}, {"remedy", "punishment"}),
    ("我要求对商家进行处罚，并赔偿我的损失", {"remedy", "punishment"}, {"remedy", "punishment"}),
    ("希望商家退款。工作人员说会查处的", {"remedy"}, {"remedy", "punishment"}),
    ("请依法查处无证经营，不要求赔偿", {"punishment"}, {"punishment"}),
    ("退款一直没有给我，老板还说随便你们处罚", set(), {"remedy", "punishment"}),
    ("要求商家退货退款，否则我要投诉处罚他", {"remedy"}, {"remedy", "punishment"}),
    (make.MILK, {"remedy"}, {"remedy"}),
    ("", set(), set()),
])  # fmt: skip
def test_a_demand_counts_only_where_somebody_asks_for_it(text, asked, named):
    found = classifier.demands_of(text)
    assert (set(found.asked), set(found.named)) == (asked, named)
    assert (found.both_asked, found.both_named) == (len(asked) == 2, len(named) == 2)


def test_a_text_that_clearly_asks_both_becomes_two_cases_by_itself():
    case = make.case(BOTH, requester=PERSON)
    settled()
    complaint, report = pair()
    assert complaint.pk == case.pk
    assert (complaint.intent, complaint.sealed, report.intent, report.sealed) == ("complaint", False, "report", True)
    assert (complaint.state, report.state) == ("dispatched", "dispatched")
    assert complaint.number != report.number
    assert report.received_at == complaint.received_at
    clocks = {
        name: set(one.clocks.values_list("policy__clock", flat=True)) for name, one in (("c", complaint), ("r", report))
    }
    assert "samr.accept" in clocks["c"] - clocks["r"]
    assert "samr.verify" in clocks["r"] - clocks["c"]
    assert "欧阳静怡" in complaint.text
    assert "欧阳静怡" not in report.text
    assert report.original_text == BOTH
    assert not TriageTask.objects.exists()
    assert Case.objects.count() == 2


def test_both_ticks_make_both_cases_at_once_and_the_receipt_shows_them():
    body = {
        "text": make.MILK, "region": make.XIHU, "requester": {"name": "欧阳静怡", "phone": "13712345678"},
        "asks": ["report", "complaint"],
    }  # fmt: skip
    client = make.client(Idempotency_Key="both-ticks")
    receipt = client.post("/api/v1/cases/", body, format="json").json()
    complaint, report = pair()
    assert (receipt["number"], receipt["twin"]["number"]) == (complaint.number, report.number)
    assert receipt["twin"]["query_code"] == privacy.query_code(report.number)
    assert client.post("/api/v1/cases/", body, format="json").json() == receipt
    settled()
    assert Case.objects.count() == 2
    for one, other in ((complaint, report), (report, complaint)):
        [linked] = citizen(one).see()["linked"]
        assert (linked["kind"], linked["number"]) == ("twin", other.number)
        assert linked["query_code"] == privacy.query_code(other.number)


@pytest.mark.parametrize(
    ("asks", "intent", "sealed"), [(["complaint"], "complaint", False), (["report"], "report", True)]
)
def test_one_tick_is_the_citizens_own_word_whatever_the_model_thinks(asks, intent, sealed):
    case = make.case(BOTH, requester=PERSON, asks=tuple(asks))
    settled()
    case.refresh_from_db()
    assert (case.intent, case.sealed, Case.objects.count()) == (intent, sealed, 1)


def test_an_anonymous_text_stays_one_report():
    make.case(BOTH, requester=actions.Person(anonymous=True))
    settled()
    assert Case.objects.count() == 1


def separable() -> Case:
    text = "超市卖给我过期牛奶，孩子喝了拉肚子，要求退一赔十。工作人员说会处罚超市的"
    case = make.dispatched("samr", text=text, requester=PERSON)
    Case.objects.filter(pk=case.pk).update(intent="complaint")
    case.refresh_from_db()
    return case


def test_a_dispatcher_separates_with_one_click_where_the_page_suggests_it():
    case = separable()
    desk = hotline(case)
    seen = desk.see()
    assert seen["suggests_report"]
    assert "separate_report" in seen["actions"]
    desk.refused("separate_report", 400, "invalid", reason=" ")
    after = desk.do("separate_report", reason="既要求退款，又要求处罚")
    complaint, report = pair()
    assert (complaint.pk, report.sealed, report.intent) == (case.pk, True, "report")
    assert [row["number"] for row in after["linked"]] == [report.number]
    assert not after["suggests_report"]
    desk.refused("separate_report", 409, "has_twin", reason="再分一次")
    lead(case).refused("separate_report", 403, "not_allowed", reason="我来分")
    settled()
    report.refresh_from_db()
    assert report.intent == "report"


def test_a_case_read_as_a_report_gets_the_complaint_beside_it():
    case = make.case(BOTH, requester=PERSON, asks=("report",))
    settled()
    hotline(case).do("separate_report", reason="同时要求赔偿")
    settled()
    complaint, report = pair()
    assert (report.pk, complaint.intent, complaint.sealed, complaint.text) == (case.pk, "complaint", False, BOTH)


def test_an_anonymous_reporter_is_never_made_a_complainant():
    case = make.dispatched("samr", text=BOTH, requester=actions.Person(anonymous=True))
    hotline(case).refused("separate_report", 409, "anonymous_reporter", reason="分开")
    assert "separate_report" not in hotline(case).see()["actions"]
    assert not hotline(case).see()["suggests_report"]


def test_no_bureau_learns_that_the_two_belong_together():
    case = separable()
    hotline(case).do("separate_report", reason="分开")
    settled()
    complaint, report = pair()
    officer = make.officer()
    assert report.lead_unit == complaint.lead_unit == officer.unit
    for one, other in ((complaint, report), (report, complaint)):
        desk = Desk(one, officer)
        assert desk.see()["linked"] == []
        assert "separate_report" not in [step["kind"] for step in desk.steps()]
        said = desk.client.get(f"/api/v1/cases/{one.number}/").content.decode()
        assert other.number not in said + str(desk.steps())
    assert "separate_report" in [step["kind"] for step in hotline(complaint).steps()]
    assert "separate_report" in [step["kind"] for step in citizen(complaint).steps()]


def test_the_report_has_the_evidence_of_the_complaint_and_not_the_other_way_round():
    make.case(make.MILK, requester=PERSON, asks=("complaint", "report"))
    settled()
    complaint, report = pair()

    def upload(case: Case, name: str) -> None:
        file = SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + name.encode())
        answer = citizen(case).client.post(f"/api/v1/cases/{case.number}/attachments/", {"file": file})
        assert answer.status_code == 201, answer.json()

    upload(complaint, "小票.png")
    upload(report, "作坊.png")
    officer = make.client(make.officer())
    shown = officer.get(f"/api/v1/cases/{report.number}/").json()["attachments"]
    assert [file["name"] for file in shown] == ["小票.png", "作坊.png"]
    for file, name in zip(shown, ("小票.png", "作坊.png"), strict=True):
        assert report.number in file["url"]
        assert b"".join(officer.get(file["url"]).streaming_content).endswith(name.encode())
    [only] = officer.get(f"/api/v1/cases/{complaint.number}/").json()["attachments"]
    assert only["name"] == "小票.png"
    assert officer.get(f"/api/v1/cases/{complaint.number}/attachments/{shown[1]['id']}/").status_code == 404


def test_each_of_the_two_ends_for_itself():
    make.case(make.MILK, requester=PERSON, asks=("complaint", "report"))
    settled()
    complaint, report = pair()
    citizen(complaint).do("withdraw", reason="已和解")
    report.refresh_from_db()
    assert report.state == "dispatched"
    assert not Case.objects.visible_to(make.user(Role.PARTNER)).exists()
