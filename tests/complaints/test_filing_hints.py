"""While a citizen writes: what the page asks back, like cases nearby without their owners, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from complaints import actions, privacy
from complaints.actions import hints
from complaints.actions.attach import MAX_CASE_MB, MAX_MB, MAX_VIDEO_MB, MEGABYTE
from complaints.models import Attachment, Case, Declared, TopicLabel
from complaints.views.hints import HintThrottle
from tests import make
from tests.complaints.test_triage import settled

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"
TOPIC, NEARBY = "/api/v1/hints/topic/", "/api/v1/hints/nearby/"
FUME = "楼下烧烤店的油烟直接排到我家窗户里，晚上关着窗都呛人，店名叫老张烧烤，在文二路88号"
FUME_TOO = "老张烧烤油烟太大了，整栋楼都是味道，希望管一管"
NOISE = "夜里工地施工噪音很大，吵得睡不着"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


def post(path: str, body: dict, viewer=None):
    return make.client(viewer).post(path, body, format="json")


def near(text: str = FUME_TOO, region: str = make.XIHU) -> list[dict]:
    answer = post(NEARBY, {"text": text, "region": region})
    assert answer.status_code == 200
    rows: list[dict] = answer.json()["results"]
    return rows


def test_anybody_is_asked_about_the_topic_the_model_is_fairly_sure_of():
    answer = post(TOPIC, {"text": FUME})
    assert answer.status_code == 200
    assert answer.json()["topic"]["code"] == "V05"
    assert answer.json()["topic"]["name"]
    assert answer.json()["danger"] is False
    assert post(TOPIC, {"text": "有个事情想反映一下"}).json()["topic"] is None
    assert not Case.objects.exists()


def test_words_of_danger_to_life_are_said_so_at_once():
    assert post(TOPIC, {"text": "小区煤气泄漏了，已经有人晕倒，快来救人"}).json()["danger"] is True


@pytest.mark.parametrize(("path", "body"), [(TOPIC, {"text": " "}), (NEARBY, {"text": "好", "region": "33"})])
def test_bad_input_is_refused_at_the_field(path, body):
    answer = post(path, body)
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 1


def test_an_address_may_not_ask_without_end(monkeypatch):
    monkeypatch.setattr(HintThrottle, "THROTTLE_RATES", {"hint": "2/min"})
    assert [post(TOPIC, {"text": FUME}).status_code for _ in range(3)] == [200, 200, 429]
    assert post(NEARBY, {"text": FUME, "region": make.XIHU}).status_code == 429


def test_like_open_cases_of_the_county_are_offered_without_words_or_persons():
    case = settled(make.case(FUME, place="文二路88号", requester=actions.Person(name="李四", phone="13812341234")))
    settled(make.case(NOISE))
    settled(make.case(FUME, region=make.YINZHOU))
    [row] = near()
    assert set(row) == {"key", "topic", "region", "received_on"}
    assert (row["topic"]["code"], row["region"]["code"]) == (case.topic, make.XIHU)
    assert row["received_on"] == timezone.localdate(case.received_at).isoformat()
    assert not any(word in str(row) for word in ("老张", "文二路", "李四", case.number))
    assert len(near(region=make.HANGZHOU)) == 1
    assert near(region=make.ZHEJIANG) == []


@pytest.mark.parametrize(
    "hidden",
    [
        {"sealed": True},
        {"state": "closed"},
        {"topic": ""},
        {"received_at": timezone.now() - timedelta(days=61)},
    ],
    ids=["sealed", "ended", "not classified", "long ago"],
)
def test_what_is_nobodys_to_hint_at_is_not_offered(hidden):
    case = settled(make.case(FUME))
    assert near()
    Case.objects.filter(pk=case.pk).update(**hidden)
    assert near() == []


def test_an_anonymous_report_is_never_offered():
    settled(make.case(FUME, requester=actions.Person(anonymous=True)))
    assert near() == []


def test_the_same_here_reaches_the_dispatcher_as_the_citizens_word_and_changes_no_routing():
    first = settled(make.case(FUME))
    plain = settled(make.case(FUME_TOO))
    key = near(FUME_TOO)[0]["key"]
    said = {"consents": ["notice", "publish"], "topic": "P01", "topic_answer": "yes", "same_as": key}
    receipt = post(CASES, {"text": FUME_TOO, "region": make.XIHU, "declared": said}).json()
    case = settled(Case.objects.get(number=receipt["number"]))
    assert (case.topic, case.lead_unit_id) == (plain.topic, plain.lead_unit_id)
    assert not TopicLabel.objects.exists()
    url = f"{CASES}{case.number}/"
    shown = make.client(make.dispatcher()).get(url).json()["declared"]
    assert shown["topic"]["code"] == "P01"
    assert shown["topic_answer"] == "yes"
    assert shown["same_as"] in {first.number, plain.number}
    assert [one["code"] for one in shown["consents"]] == ["notice", "publish"]
    own = make.client(X_Case_Code=receipt["query_code"]).get(url).json()["declared"]
    assert own == shown | {"same_as": ""}
    assert case.events.get(version=1).data["declared"]["notice"]


def test_a_like_case_the_officer_may_not_see_is_not_named():
    other = make.dispatched("mee", text=FUME)
    mine = make.dispatched("samr", declared=Declared(same_as=hints.key_of(other)))
    url = f"{CASES}{mine.number}/"
    assert make.client(make.officer("samr")).get(url).json()["declared"]["same_as"] == ""
    assert make.client(make.dispatcher()).get(url).json()["declared"]["same_as"] == other.number


def test_a_made_up_or_old_key_refuses_no_complaint(monkeypatch):
    settled(make.case(FUME))
    key = near()[0]["key"]
    assert hints.same_as(key)
    monkeypatch.setattr("complaints.actions.hints.KEY_LASTS", timedelta(seconds=-1))
    for bad in (key, "x", key[:-8], "好"):
        answer = post(CASES, {"text": NOISE, "declared": {"same_as": bad}})
        assert answer.status_code == 201
        assert "declared" not in Case.objects.latest("pk").events.get().data


def test_an_identity_number_needs_its_own_consent():
    body = {"text": NOISE, "requester": {"name": "李四", "phone": "13812341234", "id_number": "11010519491231002x"}}
    refused = post(CASES, body | {"declared": {"consents": ["notice"]}})
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["requester.id_number"]
    assert not Case.objects.exists()
    assert post(CASES, body | {"declared": {"consents": ["notice", "sensitive"]}}).status_code == 201


def test_an_answer_is_published_only_with_the_citizens_consent():
    for consents, status in ((["notice"], 409), (["notice", "publish"], 200)):
        number = post(CASES, {"text": NOISE, "region": make.XIHU, "declared": {"consents": consents}}).json()["number"]
        case, desk = Case.objects.get(number=number), make.dispatcher()
        actions.dispatch(desk, number, case.version, lead=make.unit().pk, topic="V01", reason="职责明确")
        officer = make.officer()
        for act in (actions.sign, actions.start):
            case.refresh_from_db()
            act(officer, number, case.version)
        case.refresh_from_db()
        actions.reply(officer, number, case.version, "已责令停工整改")
        case.refresh_from_db()
        body = {"version": case.version, "text": "已整改"}
        assert post(f"{CASES}{number}/publish_reply/", body, desk).status_code == status
        assert case.events.filter(kind="publish_reply").exists() is (status == 200)


MP4, MOV = b"\x00\x00\x00\x18ftypisom" + bytes(64), b"\x00\x00\x00\x14ftypqt  " + bytes(64)
M4A, HEIC = b"\x00\x00\x00\x18ftypM4A " + bytes(64), b"\x00\x00\x00\x18ftypheic" + bytes(64)
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + bytes(64)
MATROSKA = WEBM.replace(b"\x84webm", b"\x88matroska")


def upload(case: Case, content: bytes):
    client = make.client(X_Case_Code=privacy.query_code(case.number))
    return client.post(f"{CASES}{case.number}/attachments/", {"file": SimpleUploadedFile("现场.mp4", content)})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (MP4, "video/mp4"),
        (MOV, "video/quicktime"),
        (WEBM, "video/webm"),
        (M4A, "audio/mp4"),
        (HEIC, ""),
        (MATROSKA, ""),
    ],
    ids=["mp4", "mov", "webm", "m4a", "heic", "matroska"],
)
def test_a_short_video_is_known_by_its_content(content, kind, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = make.case()
    answer = upload(case, content)
    assert answer.status_code == (201 if kind else 400)
    assert [one.content_type for one in Attachment.objects.all()] == ([kind] if kind else [])


def test_a_video_may_be_larger_than_a_picture_and_a_case_holds_only_so_much(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = make.case()
    picture = b"\xff\xd8\xff" + bytes(MAX_MB * MEGABYTE)
    assert str(MAX_MB) in upload(case, picture).json()["detail"]
    assert upload(case, MP4 + bytes(MAX_MB * MEGABYTE)).status_code == 201
    Attachment.objects.update(size=(MAX_CASE_MB - 1) * MEGABYTE)
    refused = upload(case, MP4 + bytes(2 * MEGABYTE))
    assert refused.status_code == 400
    assert str(MAX_CASE_MB) in refused.json()["detail"]
    assert Attachment.objects.count() == 1
    assert MAX_VIDEO_MB > MAX_MB
