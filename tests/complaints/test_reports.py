"""Reports: verification, decision, notice to the reporter, and an identity that no bureau learns on any surface."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from complaints import actions, feed, privacy
from complaints.clocks.calendar import ZONE
from complaints.models import Case, ClockState, Declared, Requester, Role, Verification
from complaints.models.embedding import _known
from tests import make
from tests.complaints.at_work import Desk, citizen, clock, day, hotline, lead
from tests.complaints.papers import words

pytestmark = pytest.mark.django_db
NAME, PHONE, ADDRESS = "欧阳静怡", "13712345678", "文三路90号7幢"
TEXT = f"我叫{NAME}，住{ADDRESS}，电话{PHONE}。隔壁作坊无证生产熟食，请立案查处"
REPORTER = actions.Person(name=NAME, phone=PHONE, address=ADDRESS, id_number="110101199003077758")


def report(*, person: actions.Person = REPORTER, received: str = "2026-09-02T10:00", text: str = TEXT) -> Case:
    """A report that the citizen ticked as one, given to the market regulator."""
    agreed = Declared(consents=("sensitive",))
    case = make.case(text, requester=person, asks=("report",), place=ADDRESS, declared=agreed)
    Case.objects.filter(pk=case.pk).update(received_at=datetime.fromisoformat(received).replace(tzinfo=ZONE))
    lead_unit = make.unit().pk
    actions.dispatch(
        make.user(Role.DISPATCHER, region=make.ZHEJIANG), case.number, case.version, lead=lead_unit, reason="属地管辖"
    )
    case.refresh_from_db()
    return case


def under_verification(**more) -> Case:
    case = report(**more)
    lead(case).do("sign")
    lead(case).do("begin_verification")
    return case


DECISION = {
    "filed": True,
    "ground": "violation",
    "text": "现场查实无证生产",
    "penalty_number": "西市监立〔2026〕第31号",
}


def test_a_report_from_verification_to_its_end():
    case = report()
    office = lead(case)
    office.do("sign")
    assert "begin_verification" in office.see()["actions"]
    assert clock(case, "hot.handle").state == ClockState.RUNNING
    seen = office.do("begin_verification")
    assert (seen["state"], clock(case, "hot.handle").state) == ("in_progress", ClockState.CANCELLED)
    assert "reply" not in seen["actions"]
    office.refused("reply", 409, "report_verified", text="已处理")
    office.refused("begin_verification", 409, "verification_open")
    office.refused("tell_reporter", 409, "not_decided", how="phone", text="已立案")
    office.refused("close_report", 409, "not_decided", reason="办结")
    assert clock(case, "samr.verify").state == ClockState.RUNNING
    office.do("decide_report", **DECISION)
    assert clock(case, "samr.verify").state == ClockState.MISSED  # received in September
    assert (clock(case, "samr.tell_reporter").amount, clock(case, "samr.tell_reporter").unit) == (5, "wd")
    assert "decide_report" not in [step["kind"] for step in citizen(case).steps()]
    assert citizen(case).see()["verification"] is None
    office.refused("close_report", 409, "reporter_not_told", reason="办结")
    told = office.do("tell_reporter", how="sms", text="您举报的问题已立案调查。")
    assert told["verification"]["told_how_name"] == "短信"
    assert clock(case, "samr.tell_reporter").state == ClockState.MET
    office.refused("tell_reporter", 409, "told_already", how="sms", text="再告知一次")
    office.do("tell_result", how="letter", basis="市场监督管理投诉举报处理办法", text="已作出行政处罚决定")
    closed = office.do("close_report", reason="已立案并告知举报人")
    assert (closed["state"], closed["verification"]["filed"]) == ("closed", True)
    notes = {step["kind"]: step["note"] for step in citizen(case).steps()}
    assert (notes["tell_reporter"], notes["tell_result"]) == ("您举报的问题已立案调查。", "已作出行政处罚决定")


def test_a_decision_needs_its_own_ground_and_a_number():
    case = under_verification()
    office = lead(case)
    for kind in ("file", "no_file"):
        assert office.client.get(f"/api/v1/grounds/?kind={kind}").json()
    office.refused("decide_report", 400, "unknown_ground", **(DECISION | {"ground": "minor"}))
    office.refused("decide_report", 400, "unknown_ground", **(DECISION | {"filed": False}))
    office.refused("decide_report", 400, "no_penalty_number", **(DECISION | {"penalty_number": " "}))
    hotline(case).refused("decide_report", 403, "not_allowed", **DECISION)
    office.do("decide_report", filed=False, ground="minor", text="已当场改正，没有危害后果")
    shown = office.see()["verification"]
    assert (shown["filed"], shown["ground"]) == (False, "违法行为轻微并及时改正，没有造成危害后果")
    office.refused("decide_report", 409, "no_verification", **DECISION)


def test_only_reports_are_verified():
    complaint = make.dispatched("samr")
    office = lead(complaint)
    office.do("sign")
    office.refused("begin_verification", 409, "not_a_report")
    assert "begin_verification" not in office.see()["actions"]


@pytest.mark.parametrize(("received", "due", "longer"), [
    # 20 September and 10 October are worked, 25 September and 1 to 7 October are not
    ("2026-09-02T10:00", "2026-09-22", "2026-10-20"),
    # 28 September and 11 October are worked, 1 to 8 October is not
    ("2025-09-01T10:00", "2025-09-22", "2025-10-17"),
])  # fmt: skip
def test_verification_has_fifteen_working_days_and_fifteen_more_with_approval(received, due, longer):
    case = under_verification(received=received)
    assert day(clock(case, "samr.verify").due_at) == due
    lead(case).do("request_extension", working_days=15, reason="需要检验")
    hotline(case).do("grant_extension", working_days=15, reason="同意")
    assert day(clock(case, "samr.verify").due_at) == longer
    lead(case).refused("request_extension", 409, "extended_already", working_days=1, reason="还不够")


@pytest.mark.parametrize("filed_by", ["web", "phone"])
def test_an_anonymous_report_has_number_and_code_and_nobody_to_tell(filed_by):
    client = make.client(make.user(Role.CALL_TAKER, "data12345", make.HANGZHOU) if filed_by == "phone" else None)
    body = {
        "text": "隔壁作坊无证生产熟食，请立案查处",
        "region": make.XIHU,
        "requester": {"anonymous": True},
        "asks": ["report"],
    }
    receipt = client.post("/api/v1/cases/", body, format="json").json()
    assert privacy.is_query_code(receipt["number"], receipt["query_code"])
    assert receipt["twin"] is None
    case = Case.objects.get(number=receipt["number"])
    assert (case.sealed, case.intent, case.requester.is_named) == (True, "report", False)
    boss = make.user(Role.DISPATCHER, region=make.ZHEJIANG)
    actions.dispatch(boss, case.number, case.version, lead=make.unit().pk, reason="属地管辖")
    office = lead(case)
    office.do("sign")
    office.do("begin_verification")
    office.do("decide_report", **DECISION)
    assert not case.clocks.filter(policy__clock="samr.tell_reporter").exists()
    assert not {"tell_reporter", "tell_result"} & set(office.see()["actions"])
    office.refused("tell_reporter", 409, "anonymous_reporter", how="phone", text="已立案")
    office.refused("tell_result", 409, "anonymous_reporter", how="phone", basis="办法", text="已处罚")
    assert office.do("close_report", reason="已立案，匿名举报不告知")["state"] == "closed"
    assert citizen(case).see()["state"] == "closed"


def test_an_anonymous_person_cannot_complain():
    body = {"text": make.MILK, "requester": {"anonymous": True}, "asks": ["complaint", "report"]}
    answer = make.client().post("/api/v1/cases/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "anonymous_complaint")
    assert not Case.objects.exists()


def surfaces(viewer, case: Case) -> dict[str, str]:
    """Everything that this viewer can read of the case, as text."""
    client = make.client(viewer)
    base = f"/api/v1/cases/{case.number}/"
    said = {
        name: client.get(url).content.decode()
        for name, url in {
            "list": "/api/v1/cases/", "detail": base, "events": f"{base}events/", "similar": f"{base}similar/",
            "matters": f"{base}matters/", "why-here": f"{base}why-here/", "print": f"{base}why-here.html",
            "counts": "/api/v1/cases/counts/",
        }.items()
    }  # fmt: skip
    for word in (NAME, PHONE, ADDRESS):
        said[f"search {word}"] = str(client.get("/api/v1/cases/", {"q": word}).json().get("results"))
    said["pushes"] = str(feed.replay(viewer, "0.0"))
    return said


def test_no_surface_tells_a_bureau_who_reported(shipped):
    case = under_verification()
    officer, dispatcher = make.officer(), make.dispatcher()
    made = citizen(case)
    made.do("supplement", text=f"我是{NAME}，补充：晚上也在生产")
    upload = SimpleUploadedFile(f"{NAME}的证据.png", b"\x89PNG\r\n\x1a\n" + b"0" * 30)
    made.client.post(f"/api/v1/cases/{case.number}/attachments/", {"file": upload})
    hotline(case).do("note", text=f"已回电{NAME}（{PHONE}），家住{ADDRESS}")
    actions.invite(
        dispatcher, case.number, case.version, participants=[make.unit("nhc").pk], reason=f"{NAME}称有人生病"
    )
    Desk(case, make.officer("nhc")).do("reply_part", text=f"已联系{NAME}")
    lead(case).do("decide_report", **(DECISION | {"text": f"举报人{NAME}反映属实"}))
    for viewer in (officer, make.officer("nhc")):
        for where, said in surfaces(viewer, case).items():
            for word in (NAME, PHONE, ADDRESS, "静怡", "110101199003077758"):
                assert word not in said.replace(f"q={word}", ""), (viewer.unit, where, word)
        assert not any(
            said for where, said in surfaces(viewer, case).items() if where.startswith("search") and said != "[]"
        )
        seen = make.client(viewer).get(f"/api/v1/cases/{case.number}/").json()
        assert seen["requester"] == {"name": "", "phone": "", "id_number": "", "address": "", "anonymous": False}
        assert "reveal" not in seen["actions"]
        refused = make.client(viewer).post(f"/api/v1/cases/{case.number}/reveal/", {"reason": "想知道"}, format="json")
        assert refused.status_code == 403
    stored = Case.objects.get(pk=case.pk)
    assert NAME not in stored.text + stored.title
    assert len(stored.text) == len(stored.original_text)
    # those who must know: the citizen reads their own words, the hotline may reveal with a reason
    assert NAME in citizen(case).client.get(f"/api/v1/cases/{case.number}/events/").content.decode()
    revealed = make.client(dispatcher).post(f"/api/v1/cases/{case.number}/reveal/", {"reason": "核实"}, format="json")
    assert (revealed.json()["name"], revealed.json()["text"]) == (NAME, TEXT)


def test_neither_a_files_name_nor_a_paper_tells_a_bureau_who_reported(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = under_verification()
    key = make.client(X_Case_Code=privacy.query_code(case.number))
    upload = SimpleUploadedFile(f"{NAME}的证据.png", b"\x89PNG\r\n\x1a\n" + b"0" * 30)
    added = key.post(f"/api/v1/cases/{case.number}/attachments/", {"file": upload})
    assert added.status_code == 201
    opened = make.client(make.officer()).get(added.json()["url"])
    assert b"".join(opened.streaming_content).endswith(b"0" * 30)
    assert unquote(opened["Content-Disposition"]).count("的证据.png") == 1
    assert NAME not in unquote(opened["Content-Disposition"])
    made, _new = actions.make_document(make.officer(), case.number, "work_order", {})
    paper = make.client(make.officer()).get(f"/api/v1/cases/{case.number}/documents/{made.pk}/").content
    assert "无证生产熟食" in words(paper)
    assert [word for word in (NAME, PHONE, "****5678", ADDRESS) if word in words(paper)] == []


def test_the_admin_shows_neither_words_nor_people():
    case = report()
    boss = make.user("", is_superuser=True, is_staff=True, region=None)
    for url in (
        f"/admin/complaints/case/{case.pk}/change/",
        "/admin/complaints/case/",
        f"/admin/complaints/case/?q={NAME}",
    ):
        page = make.client(boss).get(url)
        assert page.status_code == 200
        content = page.content.decode().replace(f'value="{NAME}"', "")
        assert not any(word in content for word in (PHONE, ADDRESS)), url
        assert "无证生产熟食" not in content


def test_likeness_by_phone_does_not_tell_who_reported():
    sealed, plain = report(), make.case(requester=REPORTER, declared=Declared(consents=("sensitive",)))
    assert sealed.requester.phone_index == plain.requester.phone_index
    assert Requester.objects.filter(phone_index=privacy.phone_index(PHONE)).count() == 2
    assert _known(sealed)[2] == ""
    assert _known(plain)[2] == plain.requester.phone_index


def test_the_database_itself_refuses_half_decisions():
    case = under_verification()
    for broken in ({"filed": True}, {"told_how": "sms", "told_at": datetime(2026, 9, 9, tzinfo=ZONE)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Verification.objects.filter(case=case).update(**broken)
    lead(case).do("decide_report", **DECISION)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verification.objects.filter(case=case).update(penalty_number="")
