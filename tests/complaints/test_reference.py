"""Lists and suggestions that forms choose from."""

from __future__ import annotations

import pytest

from classifier import registry
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1"


def test_topics_regions_and_units():
    anyone, staff = make.client(), make.client(make.dispatcher())
    topics = {topic["code"]: topic for topic in anyone.get(f"{API}/topics/").json()}
    assert len([code for code in topics if code[0] in "PESV"]) == 46
    assert topics["P01"]["domain"] == "product"
    assert topics["X01"]["domain"] == ""
    regions = {region["code"]: region for region in anyone.get(f"{API}/regions/").json()}
    assert regions["330106"] == {"code": "330106", "name": "西湖区", "level": "county", "parent": "330100"}
    assert anyone.get(f"{API}/units/").status_code == 401
    units = staff.get(f"{API}/units/?region=330106&q=市场监督").json()
    assert [unit["name"][:3] for unit in units] == ["杭州市", "杭州市", "浙江省"]
    assert [unit["region"] for unit in units] == ["330106", "330100", "330000"]


def test_a_suggestion_names_lead_participants_and_reasons():
    staff = make.client(make.dispatcher())
    suggested = staff.get(f"{API}/suggestion/?topic=P02&region=330106").json()
    assert suggested["lead"] == {"id": make.unit("samr").pk, "name": "杭州市西湖区市场监督管理局"}
    assert suggested["reasons"][0]["text"]
    nothing = staff.get(f"{API}/suggestion/?topic=X01&region=330106").json()
    assert nothing["lead"] is None
    assert nothing["participants"] == []
    for query in ("", "?topic=Z99&region=999999", "?topic='&region=%27%3B--"):
        assert staff.get(f"{API}/suggestion/{query}").json()["lead"] is None


@pytest.mark.parametrize("path", ["suggestion/?topic=P01&region=%00", "cases/?state=%00", "units/?q=%00"])
def test_a_nul_in_an_address_is_bad_input_not_a_crash(path):
    answer = make.client(make.dispatcher()).get(f"{API}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_value")


def test_login_says_who_i_am_and_refuses_in_words():
    officer = make.officer()
    officer.set_password("Ein-langes-Wort-9")
    officer.save()
    client = make.client()
    assert client.get(f"{API}/session/").json() == {"user": None}
    wrong = client.post(f"{API}/session/", {"username": officer.username, "password": "x"}, format="json")
    assert (wrong.status_code, wrong.json()["detail"]) == (400, "用户名或密码不正确。")
    assert client.get(f"{API}/session/").json() == {"user": None}
    right = {"username": officer.username, "password": "Ein-langes-Wort-9"}
    me = client.post(f"{API}/session/", right, format="json").json()["user"]
    assert (me["role"], me["unit"]["name"]) == ("officer", "杭州市西湖区市场监督管理局")
    assert client.delete(f"{API}/session/").status_code == 204
    assert client.get(f"{API}/cases/").status_code == 401


def test_the_classifier_over_http():
    staff = make.client(make.dispatcher())
    body = {"items": [{"id": "1", "text": make.MILK}, {"id": "2", "text": ""}]}
    first, second = staff.post(f"{API}/classify/", body, format="json").json()["results"]
    assert (first["id"], first["domain"], first["topic"]) == ("1", "product", "P01")
    assert (second["domain"], second["needs_review"]) == (None, True)
    assert make.client().post(f"{API}/classify/", body, format="json").status_code == 401


def test_without_a_classifier_the_answer_is_503_and_try_again(monkeypatch, tmp_path):
    staff = make.client(make.dispatcher())
    registry.forget()
    with monkeypatch.context() as nowhere:
        nowhere.setattr(registry, "SHIPPED", tmp_path / "none")
        nowhere.setattr(registry, "BASELINE", tmp_path / "none")
        answer = staff.post(f"{API}/classify/", {"items": [{"id": "1", "text": make.MILK}]}, format="json")
    registry.forget()
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"] == "5"
