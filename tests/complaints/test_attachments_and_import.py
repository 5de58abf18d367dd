"""Evidence files, and complaints from files of other systems."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from complaints import privacy
from complaints.models import Attachment, Case, Role
from tests import make

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(case: Case, content: bytes, name: str = "小票.png", kind: str = "image/png", client=None):
    client = client or make.client(X_Case_Code=privacy.query_code(case.number))
    file = SimpleUploadedFile(name, content, kind)
    return client.post(f"/api/v1/cases/{case.number}/attachments/", {"file": file})


def test_a_citizen_adds_a_photo_and_those_who_see_the_case_can_open_it(tmp_path):
    case = make.dispatched()
    added = upload(case, PNG)
    assert added.status_code == 201
    assert added.json()["name"] == "小票.png"
    stored = Attachment.objects.get()
    assert "小票" not in stored.stored_as
    assert (tmp_path / stored.stored_as).read_bytes() == PNG
    url = added.json()["url"]
    opened = make.client(make.officer()).get(url)
    assert b"".join(opened.streaming_content) == PNG
    assert opened["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert make.client(make.officer("hurd")).get(url).status_code == 404
    assert make.client().get(url).status_code == 404
    case.refresh_from_db()
    assert case.events.get(kind="attach").data == {"attachment": stored.pk}


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<html><script>", "a.png"), (b"MZ\x90", "照片.jpg"), (b"", "空.png"), (b"#!/bin/sh", "../../etc/passwd.png")],
)
def test_what_is_not_a_picture_inside_is_refused_whatever_it_is_called(content, name, tmp_path):
    case = make.dispatched()
    answer = upload(case, content, name)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["file"]
    assert not Attachment.objects.exists()
    assert not list(tmp_path.rglob("*.*"))


def test_a_stranger_adds_nothing_and_a_closed_case_takes_nothing():
    case = make.dispatched()
    assert upload(case, PNG, client=make.client(X_Case_Code="AAAAAAAA")).status_code == 404
    withdraw = {"version": case.version, "reason": ""}
    make.client(X_Case_Code=privacy.query_code(case.number)).post(
        f"/api/v1/cases/{case.number}/withdraw/", withdraw, format="json"
    )
    assert upload(case, PNG).status_code == 409
    assert not Attachment.objects.exists()


def run_import(file: Path, account: str) -> str:
    out = io.StringIO()
    call_command("import_cases", file, account=account, stdout=out)
    return out.getvalue()


def test_a_file_is_imported_once_and_what_cannot_be_read_is_kept_with_its_reason(tmp_path):
    partner = make.user(Role.PARTNER)
    rows = [
        json.dumps({"id": "a1", "title": "油烟", "text": "楼下饭店油烟直排", "region": "330106"}, ensure_ascii=False),
        "这不是 JSON",
        json.dumps({"id": "a2", "text": ""}),
        json.dumps({"id": "a3", "text": "路灯不亮", "region": "999999"}, ensure_ascii=False),
        json.dumps({"id": "a4", "text": "路灯不亮"}, ensure_ascii=False),
    ]
    file = tmp_path / "in.jsonl"
    file.write_bytes("\ufeff".encode() + "\n".join(rows).encode() + b"\n\xff\xfe broken")
    assert "已导入 2 件" in run_import(file, partner.username)
    assert set(Case.objects.values_list("channel", "text")) == {("import", "楼下饭店油烟直排"), ("import", "路灯不亮")}
    rejects = [json.loads(line) for line in (tmp_path / "in.rejects.jsonl").read_text().splitlines()]
    assert [reject["line"] for reject in rejects] == [2, 3, 4, 6]
    assert "地区" in rejects[2]["reason"]["region"]
    assert "已导入 0 件" in run_import(file, partner.username)
    assert Case.objects.count() == 2


def test_a_spreadsheet_is_imported(tmp_path):
    partner = make.user(Role.PARTNER)
    file = tmp_path / "台账.csv"
    file.write_text(
        "id,text,region,name,phone,respondent\n1,牛奶过期,330106,张三,13812345678,某超市\n", encoding="utf-8-sig"
    )
    run_import(file, partner.username)
    case = Case.objects.get()
    assert (case.text, case.requester.name, case.respondent.name) == ("牛奶过期", "张三", "某超市")


def test_an_unknown_account_or_file_is_said(tmp_path):
    with pytest.raises(CommandError, match="没有账号"):
        run_import(tmp_path / "x.jsonl", "nobody")
    with pytest.raises(CommandError, match="没有文件"):
        run_import(tmp_path / "x.jsonl", make.user(Role.PARTNER).username)
