"""The package for another authority: what is in it, what is not, and the number the receiver gave."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints import actions, documents, privacy
from complaints.models import Attachment, Case, Document, DocumentCounter, Event
from tests import make
from tests.complaints import papers

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PDF = b"%PDF-1.7 " + bytes(200)
COURT = "杭州市西湖区人民法院"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(case: Case, content: bytes, name: str, client) -> None:
    answer = client.post(f"/api/v1/cases/{case.number}/attachments/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 201, answer.json()


def with_files(case: Case) -> Case:
    """One picture by the citizen, one paper by the unit."""
    upload(case, PNG, "13812345678的小票.png", make.client(X_Case_Code=privacy.query_code(case.number)))
    upload(case, PDF, "检验报告.pdf", make.client(make.officer()))
    case.refresh_from_db()
    return case


def handed_over(case: Case | None = None) -> tuple[Case, int]:
    officer, case = make.officer(), with_files(case or papers.complaint())
    papers.step(officer, case, "sign")
    papers.step(officer, case, "hand_over", to="authority", to_name=COURT, text="双方已在法院立案。")
    return case, case.version


def url(case: Case, rest: str = "") -> str:
    return f"/api/v1/cases/{case.number}/handings/{rest}"


def take(viewer, case: Case, of: int, **asked) -> tuple[zipfile.ZipFile, bytes]:
    answer: Any = make.client(viewer).post(url(case, f"{of}/package/"), asked, format="json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Cache-Control"] == "private, no-store"
    content = b"".join(answer.streaming_content)
    return zipfile.ZipFile(io.BytesIO(content)), content


def listed() -> list[dict]:
    """The list of pieces in the latest letter."""
    content = json.loads(Document.objects.filter(form="handover_letter").latest("pk").facts)["content"]
    files: list[dict] = content["files"]
    return files


def snapshot(case: Case) -> tuple:
    case.refresh_from_db()
    counters = list(DocumentCounter.objects.values_list("unit", "last"))
    return case.version, case.state, Event.objects.count(), Document.objects.count(), counters


def test_the_package_holds_every_piece_under_its_hash_and_nothing_personal():
    case, of = handed_over()
    archive, content = take(make.officer(), case, of)
    names = archive.namelist()
    assert [name.split("-")[0] for name in names] == ["00", "01", "附件/01.png", "附件/02.pdf"]
    assert [piece["file"] for piece in listed()] == names[1:]
    assert [hashlib.sha256(archive.read(name)).hexdigest() for name in names[1:]] == [
        piece["sha256"] for piece in listed()
    ]
    assert (archive.read("附件/01.png"), archive.read("附件/02.pdf")) == (PNG, PDF)
    letter = papers.words(archive.read(names[0]))
    for said in (COURT, "双方已在法院立案。", "移送函", "回执", "材料清单", "检验报告.pdf", "办理经过", "过期牛奶"):
        assert said in letter
    assert [piece["sha256"] for piece in listed() if piece["sha256"] not in letter] == []
    for name in names[:2]:
        text = papers.words(archive.read(name))
        assert [word for word in (papers.NAME, papers.PHONE, papers.IDENTITY, papers.HOME) if word in text] == []
    event = case.events.latest("version")
    sheet = Document.objects.get(form="handover_letter")
    assert (event.kind, event.data) == ("make_document", {"form": "handover_letter", "document": sheet.pk, "of": of})
    _again, same = take(make.officer(), case, of)
    assert same == content  # the same pieces: the same letter, the same number, the same bytes
    assert case.events.filter(kind="make_document", data__of=of).count() == 2  # each taking is in the log


def test_in_clear_only_for_who_may_reveal_for_a_reason_and_as_a_reveal():
    case, of = handed_over()
    client = make.client(make.officer())
    before = snapshot(case)
    answer = client.post(url(case, f"{of}/package/"), {"clear": True, "reason": " "}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])
    assert snapshot(case) == before
    archive, _content = take(make.officer(), case, of, clear=True, reason="法院调取")
    letter = papers.words(archive.read("00-移送函和材料清单.pdf"))
    assert papers.NAME in letter
    assert papers.PHONE in letter
    event = case.events.get(kind="reveal")
    assert (event.reason, event.data["of"]) == ("法院调取", of)


def test_a_sealed_reporter_stays_sealed_and_their_own_files_stay_here():
    report = papers.report(actions.Person(name="欧阳静怡", phone=papers.PHONE, address=papers.HOME))
    Case.objects.filter(pk=report.pk).update(text=f"我是欧阳静怡，电话{papers.PHONE}。超市卖过期牛奶。")
    case = with_files(report)
    officer = make.officer()
    papers.step(officer, case, "sign")
    papers.step(officer, case, "refer_crime", to_name="西湖区公安分局", text="涉嫌生产、销售不符合安全标准的食品罪。")
    of = case.version
    before = snapshot(case)
    asked = {"clear": True, "reason": "移送"}
    answer = make.client(officer).post(url(case, f"{of}/package/"), asked, format="json")
    assert (answer.status_code, any(char >= "\u4e00" for char in answer.json()["detail"])) == (403, True)
    assert snapshot(case) == before
    archive, _content = take(officer, case, of)
    assert [name[:2] for name in archive.namelist()] == ["00", "01", "附件"]
    assert archive.namelist()[-1] == "附件/02.pdf"
    assert [piece["kept"] for piece in listed()] == [False, True, False]
    for name in archive.namelist()[:2]:
        text = papers.words(archive.read(name))
        assert [word for word in ("欧阳静怡", "138****5678", papers.PHONE, papers.HOME) if word in text] == []
    letter = papers.words(archive.read("00-移送函和材料清单.pdf"))
    assert "原件封存在本单位" in letter
    assert "第二十七条" in letter
    whole, _content = take(make.dispatcher(), case, of, clear=True, reason="公安机关依法调取")
    assert whole.read("附件/01.png") == PNG
    assert "欧阳静怡" in papers.words(whole.read("00-移送函和材料清单.pdf"))


def test_evidence_that_was_changed_or_lost_stops_the_package():
    case, of = handed_over()
    stored = Attachment.objects.earliest("pk").stored_as
    client = make.client(make.officer())
    with default_storage.open(stored, "wb") as file:
        file.write(PNG + b"x")
    before = snapshot(case)
    for _state in ("changed", "gone"):
        answer = client.post(url(case, f"{of}/package/"), {}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (409, "evidence_changed")
        assert snapshot(case) == before
        default_storage.delete(stored)


def test_the_receivers_number_is_recorded_and_reaches_the_citizen_only_for_a_hand_over():
    case = papers.complaint()
    officer = make.officer()
    papers.step(officer, case, "sign")
    papers.step(officer, case, "refer_crime", to="procuratorate", to_name="西湖区人民检察院", text="损害公共利益。")
    clue = case.version
    papers.step(officer, case, "hand_over", to="authority", to_name=COURT, text="已起诉。")
    handed = case.version
    client = make.client(officer)
    rows = client.get(url(case)).json()["handings"]
    assert [(row["version"], row["to"], row["receipt"]) for row in rows] == [
        (handed, "authority", None), (clue, "procuratorate", None),
    ]  # fmt: skip
    for of, number in ((clue, "杭西检公线〔2026〕5号"), (handed, "（2026）浙0106民初77号")):
        given = {"receipt_number": number, "text": "立案庭收"}
        answer = client.post(url(case, f"{of}/receipt/"), given, format="json")
        assert answer.status_code == 200
    rows = answer.json()["handings"]
    assert [row["receipt"]["number"] for row in rows] == ["（2026）浙0106民初77号", "杭西检公线〔2026〕5号"]
    seen = make.client(X_Case_Code=privacy.query_code(case.number)).get(f"/api/v1/cases/{case.number}/events/").json()
    assert [(row["kind"], row["reason"]) for row in seen][-1] == ("hand_over_receipt", "（2026）浙0106民初77号")
    assert "检察院" not in json.dumps(seen, ensure_ascii=False)
    case.refresh_from_db()
    assert case.state == "handed_over"


@pytest.mark.parametrize(
    ("who", "of", "body", "status"),
    [
        ("officer", 1, {"receipt_number": "5"}, 404),
        ("officer", None, {"receipt_number": " "}, 400),
        ("officer", None, {}, 400),
        ("stranger", None, {"receipt_number": "5"}, 404),
        ("participant", None, {"receipt_number": "5"}, 403),
    ],
)
def test_a_receipt_needs_a_hand_over_a_number_and_the_right(who, of, body, status):
    case, version = handed_over(papers.complaint(participants=("nhc",)))
    viewer = {"officer": "samr", "stranger": "mee", "participant": "nhc"}[who]
    client = make.client(make.officer(viewer))
    before = snapshot(case)
    answer = client.post(url(case, f"{of or version}/receipt/"), body, format="json")
    assert answer.status_code == status
    assert any("\u4e00" <= char <= "\u9fff" for char in answer.json()["detail"])
    if who == "participant":
        assert client.get(url(case)).status_code == 403
        assert client.post(url(case, f"{version}/package/"), {}, format="json").status_code == 403
    assert snapshot(case) == before


def test_nobody_makes_the_letter_without_its_package():
    case, _of = handed_over()
    forms = make.client(make.officer()).get(f"/api/v1/cases/{case.number}/documents/").json()["forms"]
    assert documents.HANDOVER_LETTER not in {form["code"] for form in forms}
    before = snapshot(case)
    answer = make.client(make.officer()).post(
        f"/api/v1/cases/{case.number}/documents/", {"form": documents.HANDOVER_LETTER}, format="json"
    )
    assert answer.status_code == 403
    assert snapshot(case) == before
