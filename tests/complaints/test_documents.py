"""Each of the twelve documents from a real case: what stands on the paper, and what must not."""

from __future__ import annotations

import pytest
import zxingcpp
from django.conf import settings
from pypdfium2 import PdfDocument

from complaints import actions, documents
from complaints.documents.render import check_address
from complaints.errors import Conflict, Forbidden, Invalid, Missing
from complaints.models import Case, Document, DocumentCounter, Event, Role
from tests import make
from tests.complaints import papers

pytestmark = pytest.mark.django_db
A4 = (595, 842)  # points


def snapshot() -> tuple[int, int, list[int]]:
    return Document.objects.count(), Event.objects.count(), list(DocumentCounter.objects.values_list("last", flat=True))


def made(form: str) -> tuple[Document, Case]:
    officer = make.officer()
    story, given = papers.STORIES[form]
    case = story(officer)
    maker = make.dispatcher() if form == "transfer_notice" else officer
    document, new = actions.make_document(maker, case.number, form, given)
    assert new
    return Document.objects.select_related("case", "unit").get(pk=document.pk), case


@pytest.mark.parametrize("form", [form for form in documents.FORMS if form != documents.HANDOVER_LETTER])
def test_every_form_is_an_a4_paper_with_its_facts_and_without_personal_data(form: str, tmp_path):
    document, case = made(form)
    paper = documents.pdf([document])
    (tmp_path / f"{form}.pdf").write_bytes(paper)
    pages = papers.read(paper).pages
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {A4}
    text = papers.words(paper)
    assert documents.FORMS[form].title in text
    assert document.number in text
    assert case.number in text
    assert f"第1页，共{len(pages)}页" in text
    assert documents.code_of(document) in text
    for hidden in (papers.NAME, papers.PHONE, papers.IDENTITY, papers.HOME, "13700001111"):
        assert hidden not in text
    assert documents.pdf([document]) == paper


PLACES = {
    "complaint_form": [
        "欧**",
        "138****5678",
        "文三路***",
        "西湖区好又多超市",
        "退款并赔偿1000元",
        "35.50",
        "137****1111",
    ],
    "report_form": ["（举报人信息已封存）", "涉嫌违法线索", "西湖区好又多超市"],
    "transfer_notice": ["杭州市西湖区市场监督管理局：", "书面反馈", "过期牛奶"],
    "identity_notice": ["欧**：", "购物小票或者付款记录", "《市场监督管理投诉举报处理办法》第十条"],
    "acceptance": ["欧**：", "决定予以受理", "第四十六条", "自受理之日起六十日"],
    "refusal": ["第十六条第（二）项", "法院已经立案", "第三十九条"],
    "mediation_notice": ["文三路分局二楼调解室", "王建国", "欧**、西湖区好又多超市："],
    "mediation_end": ["第二十三条第一款", "一方明确表示无法达成协议"],
    "mediation_statement": ["退还货款35.50元", "一式三份", "1035.50元", "超过保质期三天"],
    "report_result": ["（举报人信息已封存）：", "予以立案", "罚款5000元", "第一百一十五条"],
    "work_order": ["诉求内容", "U4", "杭州市西湖区市场监督管理局", "138****5678"],
    "routing_card": ["牵头单位", "杭州市西湖区市场监督管理局", "匹配的事实"],
}


@pytest.mark.parametrize("form", PLACES)
def test_each_form_says_what_it_is_for(form: str):
    text = papers.words(documents.pdf([made(form)[0]]))
    assert [said for said in PLACES[form] if said not in text] == []


def test_an_older_case_cites_the_order_of_its_day():
    officer = make.officer()
    case = papers.ended(officer)
    Case.objects.filter(pk=case.pk).update(received_at="2026-03-01T09:00+08:00")
    document, _new = actions.make_document(officer, case.number, "mediation_end", {})
    text = papers.words(documents.pdf([document]))
    assert "《市场监督管理投诉举报处理暂行办法》第二十一条" in text
    document, _new = actions.make_document(officer, case.number, "acceptance", {})
    assert "《市场监督管理投诉举报处理暂行办法》第十四条" in papers.words(documents.pdf([document]))
    assert "自受理之日起四十五个工作日" in papers.words(documents.pdf([document]))
    with pytest.raises(Conflict) as refusal:  # that form came with the new order
        actions.make_document(officer, case.number, "identity_notice", {})
    assert refusal.value.code == "form_does_not_fit"


def test_the_square_code_leads_to_the_check():
    document, _case = made("acceptance")
    page = PdfDocument(documents.pdf([document]))[0]
    (square,) = zxingcpp.read_barcodes(page.render(scale=2, grayscale=True).to_numpy())
    assert square.text == f"{settings.PUBLIC_URL}/check?code={documents.code_of(document)}"
    assert square.text == check_address(f"{settings.PUBLIC_URL}/check", document)


def test_printing_is_of_the_day_it_was_made():
    document, case = made("work_order")
    paper = documents.pdf([document])
    Case.objects.filter(pk=case.pk).update(text="别的内容", title="别的")
    assert documents.pdf([Document.objects.select_related("case", "unit").get(pk=document.pk)]) == paper


def test_a_character_that_the_fonts_lack_does_not_stop_the_printer():
    officer = make.officer()
    case = make.dispatched(
        text="商家态度恶劣😡要求退款", requester=papers.PERSON, respondent=papers.SHOP, declared=papers.SAID
    )
    document, _new = actions.make_document(officer, case.number, "work_order", {})
    assert "要求退款" in papers.words(documents.pdf([document]))


def test_markup_in_peoples_words_is_only_words():
    officer = make.officer()
    words = '#read("/etc/passwd") *粗* $x$ @ref ]'
    case = make.dispatched(text=words, requester=papers.PERSON, respondent=papers.SHOP, declared=papers.SAID)
    document, _new = actions.make_document(officer, case.number, "work_order", {})
    assert "".join(words.split()) in papers.words(documents.pdf([document]))


def test_the_same_facts_are_one_sheet_and_new_facts_another():
    officer = make.officer()
    case = papers.accepted(officer)
    first, _new = actions.make_document(officer, case.number, "work_order", {})
    again, new = actions.make_document(officer, case.number, "work_order", {})
    assert (again.pk, new) == (first.pk, False)
    papers.step(officer, case, "reply", text="已责令整改。")
    later, new = actions.make_document(officer, case.number, "work_order", {})
    assert new
    assert (first.serial, later.serial) == (1, 2)
    assert later.number == f"杭西市监工单〔{later.year}〕第2号"
    kinds = [
        (event.kind, event.public, event.data.get("document")) for event in case.events.filter(kind="make_document")
    ]
    assert kinds == [("make_document", False, first.pk), ("make_document", False, later.pk)]


REFUSALS = {
    "no such form": ("nonsense", {}, Invalid, "unknown_form"),
    "not yet accepted": ("acceptance", {}, Conflict, "facts_missing"),
    "no mediation": ("mediation_end", {}, Conflict, "facts_missing"),
    "for reports": ("report_form", {}, Conflict, "form_does_not_fit"),
    "field missing": ("identity_notice", {"until": papers.SOON}, Invalid, "bad_fields"),
    "day past": ("identity_notice", {"until": "2020-01-01", "materials": "身份证"}, Invalid, "bad_fields"),
    "no day": ("identity_notice", {"until": "31.2.2026", "materials": "身份证"}, Invalid, "bad_fields"),
    "impossible day": ("identity_notice", {"until": "2026-02-31", "materials": "身份证"}, Invalid, "bad_fields"),
    "unknown field": ("work_order", {"colour": "red"}, Invalid, "bad_fields"),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refusal_says_what_is_missing_and_changes_nothing(why: str):
    form, given, kind, code = REFUSALS[why]
    officer, case = make.officer(), papers.complaint()
    before = snapshot()
    with pytest.raises(kind) as refusal:
        actions.make_document(officer, case.number, form, given)
    assert refusal.value.code == code
    assert any("\u4e00" <= char <= "\u9fff" for char in refusal.value.message)
    assert snapshot() == before


def test_the_registration_names_the_evidence_masked():
    case = papers.complaint()
    case.attachments.create(stored_as="evidence/a.png", name="13812345678的小票.png", content_type="image/png", size=1)
    document, _new = actions.make_document(make.officer(), case.number, "complaint_form", {})
    text = papers.words(documents.pdf([Document.objects.select_related("case", "unit").get(pk=document.pk)]))
    assert "138****5678的小票.png" in text
    assert papers.PHONE not in text


def test_what_is_missing_is_named():
    case = make.dispatched(text=papers.TEXT, requester=actions.Person(name="张三"))
    with pytest.raises(Conflict) as refusal:
        actions.make_document(make.officer(), case.number, "complaint_form", {})
    assert refusal.value.message == "还不能制作这份文书，缺少：投诉人电话、被投诉人名称。"


def test_nobody_makes_papers_of_cases_or_in_parts_that_are_not_theirs():
    case = papers.complaint(participants=("nhc",))
    before = snapshot()
    with pytest.raises(Missing):
        actions.make_document(make.officer("mee"), case.number, "work_order", {})
    with pytest.raises(Conflict):  # forms of the market regulator
        actions.make_document(make.officer("nhc"), case.number, "acceptance", {})
    with pytest.raises(Forbidden):  # decisions are the lead unit's
        actions.make_document(make.user(Role.SUPERVISOR, "samr"), case.number, "acceptance", {})
    assert snapshot() == before
    document, _new = actions.make_document(make.officer("nhc"), case.number, "work_order", {})
    assert document.number.startswith("杭西卫健工单")


def test_the_hotline_numbers_in_the_name_of_its_region():
    case = papers.complaint()
    document, _new = actions.make_document(make.dispatcher(), case.number, "transfer_notice", {"until": papers.SOON})
    assert document.number == f"杭热线分送〔{document.year}〕第1号"
    assert document.unit.bureau_id == "data12345"


def test_long_words_go_on_over_numbered_pages_with_the_proof_on_each():
    officer = make.officer()
    text = "\n".join(f"第{line}段，商家一再推脱，不肯退款，也不说明理由，已经往返多次。" for line in range(90))
    case = make.dispatched(text=text, requester=papers.PERSON, respondent=papers.SHOP, declared=papers.SAID)
    document, _new = actions.make_document(officer, case.number, "work_order", {})
    made_pages = papers.read(documents.pdf([document, document])).pages
    pages = ["".join(page.extract_text().split()) for page in made_pages]
    count = len(pages) // 2
    assert count > 1
    assert all(f"第{place % count + 1}页，共{count}页" in page for place, page in enumerate(pages))
    assert all(documents.code_of(document) in page for page in pages)
    assert not any("第0段" in page and "第89段" in page for page in pages)
    assert all(any(f"第{line}段" in page for page in pages[:count]) for line in range(90))
