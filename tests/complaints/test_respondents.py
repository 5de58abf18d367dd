"""The register of respondents: exact matches only, people decide the rest, merges keep history and come undone."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from complaints import actions, numbers, privacy, register
from complaints.models import Case, Company, CompanyChange, Lot, Product, Role
from complaints.models.respondent import name_key
from tests import make
from tests.complaints.planted import CODE, OTHER_CODE, THIRD_CODE, ended

pytestmark = pytest.mark.django_db
GTIN = "6901234567892"


def company(name: str = "杭州甲乙食品有限公司", uscc: str = CODE, region: str = make.XIHU) -> Company:
    return actions.register_company(make.dispatcher(), actions.CompanyFacts(name, uscc, region=region))


def about(**respondent) -> Case:
    return make.case(respondent=actions.RespondentFacts(**respondent))


def linked(case: Case) -> tuple[int | None, str]:
    case.respondent.refresh_from_db()
    return case.respondent.company_id, case.respondent.linked_by


def post(viewer, path: str, **body):
    return make.client(viewer).post(f"/api/v1/respondents/{path}", body, format="json")


def test_intake_links_by_code_or_by_the_very_name_at_the_very_place_and_keeps_what_was_told():
    entry = company()
    by_code = about(name="甲乙家的店", uscc=CODE)
    by_name = about(name="杭州甲乙（食品） 有限公司")
    assert linked(by_code) == (entry.pk, "code")
    assert by_code.respondent.name == "甲乙家的店"
    assert linked(by_name) == (entry.pk, "name")
    assert linked(about(name="杭州甲乙食品")) == (None, "")
    assert linked(about(name="杭州甲乙食品有限公司", uscc=OTHER_CODE)) == (None, "")
    elsewhere = make.case(region=make.YINZHOU, respondent=actions.RespondentFacts(name="杭州甲乙食品有限公司"))
    assert linked(elsewhere) == (None, "")


def test_two_of_one_name_are_a_question_for_a_person():
    company()
    company(uscc=OTHER_CODE)
    assert linked(about(name="杭州甲乙食品有限公司")) == (None, "")


def test_triage_links_once_it_knows_the_place(shipped):
    entry = company()
    case = make.case(
        region="", place="杭州市西湖区文三路90号", respondent=actions.RespondentFacts(name="杭州甲乙食品有限公司")
    )
    assert linked(case) == (None, "")
    while actions.triage_waiting():
        pass
    assert linked(case) == (entry.pk, "name")


def test_a_product_is_linked_by_its_number_and_lot():
    product = Product.objects.create(gtin=GTIN, name="纯牛奶")
    case = about(gtin=GTIN, lot_number="20261101A", product_name="牛奶")
    assert (case.respondent.product, case.respondent.lot.number) == (product, "20261101A")
    again = about(gtin=GTIN, lot_number="20261101A")
    assert again.respondent.lot == case.respondent.lot
    body = {"text": "过期", "respondent": {"gtin": "6901234567893"}}
    answer = make.client().post("/api/v1/cases/", body, format="json")
    assert (answer.status_code, "respondent.gtin" in answer.json()["errors"]) == (400, True)


def test_a_person_links_and_unlinks_and_others_may_not():
    entry = company()
    case = make.dispatched(respondent=actions.RespondentFacts(name="甲乙家"))
    address = f"/api/v1/cases/{case.number}/link_respondent/"
    lead = make.client(make.officer())
    body = {"version": case.version, "reason": "营业执照照片", "company": entry.pk, "gtin": GTIN, "lot_number": "L1"}
    told = lead.post(address, body, format="json").json()
    shown = told["respondent"]["linked"]
    assert shown["company"] == {"id": entry.pk, "name": entry.name, "uscc": CODE}
    assert (shown["how"], shown["gtin"], shown["lot"]) == ("person", GTIN, "L1")
    assert told["respondent"]["name"] == "甲乙家"
    citizen = make.client(X_Case_Code=privacy.query_code(case.number))
    assert citizen.get(f"/api/v1/cases/{case.number}/").json()["respondent"]["linked"] is None
    assert citizen.post(address, body, format="json").status_code == 403
    wrong = lead.post(address, {**body, "version": told["version"], "company": 10**9}, format="json")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "unknown_company")
    wrong = lead.post(
        address, {"version": told["version"], "reason": "x", "company": entry.pk, "lot_number": "L1"}, format="json"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "lot_without_product")
    assert linked(case) == (entry.pk, "person")
    told = lead.post(address, {"version": told["version"], "reason": "弄错了", "company": None}, format="json").json()
    assert told["respondent"]["linked"] is None
    assert case.events.filter(kind="link_respondent").count() == 2


def test_a_merge_counts_with_the_other_keeps_history_and_comes_undone():
    keeper = make.dispatcher(make.HANGZHOU)
    one, other = company(), company("杭州甲乙食品厂", OTHER_CODE)
    cases = [about(uscc=CODE), about(uscc=OTHER_CODE), about(uscc=OTHER_CODE)]
    assert register.year_count(keeper, one.pk) == 1
    told = post(keeper, f"{other.pk}/merge/", into=one.pk, reason="同一家，换了执照").json()
    assert (told["company"]["id"], told["counts"]["cases"], told["total"]) == (one.pk, 3, 3)
    assert linked(cases[1]) == (other.pk, "code")
    assert linked(about(uscc=OTHER_CODE)) == (other.pk, "code")
    detail = make.client(keeper).get(f"/api/v1/cases/{cases[1].number}/").json()
    assert detail["respondent"]["linked"]["company"]["id"] == one.pk
    refused = post(keeper, f"{one.pk}/merge/", into=other.pk, reason="循环")
    assert refused.status_code == 400
    third = company("丙", THIRD_CODE)
    assert post(keeper, f"{one.pk}/merge/", into=third.pk, reason="再并").status_code == 409
    told = post(keeper, f"{other.pk}/separate/", reason="是两家").json()
    assert told["counts"]["cases"] == 3
    assert register.year_count(keeper, one.pk) == 1
    assert [row["step"] for row in told["company"]["changes"]] == ["separated", "merged", "registered"]


def test_corrections_and_other_names_are_for_keepers_and_found_afterwards():
    entry = company()
    keeper, officer = make.dispatcher(), make.officer()
    facts = {"name": "杭州丙丁食品有限公司", "uscc": CODE.lower(), "region": make.XIHU, "reason": "更名"}
    address = f"/api/v1/respondents/{entry.pk}/"
    assert make.client(officer).put(address, facts, format="json").status_code == 403
    assert post(officer, f"{entry.pk}/aliases/", name="甲乙小店").status_code == 403
    assert (Company.objects.get().name, CompanyChange.objects.count()) == ("杭州甲乙食品有限公司", 1)
    assert make.client(keeper).put(address, facts, format="json").status_code == 200
    told = post(keeper, f"{entry.pk}/aliases/", name="甲乙小店").json()
    assert {row["name"] for row in told["company"]["aliases"]} == {"杭州甲乙食品有限公司", "甲乙小店"}
    for words in ("丙丁", "甲乙小店", "杭州甲乙食品集团公司", CODE[:6].lower()):
        found = make.client(officer).get("/api/v1/respondents/", {"q": words}).json()["results"]
        assert [row["company"]["id"] for row in found] == [entry.pk], words
    assert linked(about(name="甲乙小店")) == (entry.pk, "name")
    alias = next(row["id"] for row in told["company"]["aliases"] if row["name"] == "甲乙小店")
    assert make.client(keeper).delete(f"{address}aliases/{alias}/").status_code == 200
    assert linked(about(name="甲乙小店")) == (None, "")


def test_wrong_codes_are_refused_by_the_api_the_action_and_the_database():
    viewer = make.dispatcher()
    for wrong in (CODE[:-1] + "G", "91330100MA000000IF", "123"):
        assert post(viewer, "", name="某公司", uscc=wrong).status_code == 400
    company()
    assert post(viewer, "", name="另一家", uscc=CODE).status_code == 409
    for facts in ({"uscc": "I" * 18}, {"uscc": CODE}, {"name_key": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Company.objects.create(**{"name": "x", "name_key": "x", **facts})
    case = make.case()
    case.respondent.lot = Lot.objects.create(product=Product.objects.create(name="x"), number="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        case.respondent.save()
    assert Company.objects.count() == 1


def test_figures_match_raw_counts_over_what_the_viewer_sees(django_assert_max_num_queries):
    company()
    respondent = actions.RespondentFacts(uscc=CODE)
    ended("yes", respondent=respondent)
    ended("no", respondent=respondent, topic="P02")
    make.case(region=make.YINZHOU, respondent=respondent)
    province, xihu = make.user(Role.SUPERVISOR, region=make.ZHEJIANG), make.user(Role.SUPERVISOR, region=make.XIHU)
    entry = Company.objects.get()
    client = make.client(province)
    with django_assert_max_num_queries(16):
        shown = client.get(f"/api/v1/respondents/{entry.pk}/").json()
    assert shown["counts"] == {"cases": 3, "closed": 2, "solved": 1, "refiled": 0, "repeat_offender": True}
    assert {row["key"]: row["count"] for row in shown["by_topic"]} == {"": 1, "P01": 1, "P02": 1}
    assert {row["key"]: row["count"] for row in shown["by_outcome"]} == {"yes": 1, "no": 1, "open": 1}
    assert sum(row["count"] for row in shown["by_month"]) == shown["total"] == len(shown["recent"]) == 3
    assert make.client(xihu).get(f"/api/v1/respondents/{entry.pk}/").json()["total"] == 2
    top = make.client(xihu).get("/api/v1/respondents/").json()["results"]
    assert [(row["company"]["id"], row["counts"]["cases"]) for row in top] == [(entry.pk, 2)]
    listed = make.client(province).get("/api/v1/cases/", {"company": entry.pk}).json()["results"]
    assert len(listed) == 3
    assert make.client(make.user(Role.PARTNER)).get("/api/v1/respondents/").status_code == 403


def test_lists_go_on_by_cursor_in_a_fixed_number_of_queries(monkeypatch, django_assert_num_queries):
    Company.objects.bulk_create([Company(name=f"甲{n}店", name_key=name_key(f"甲{n}店")) for n in range(5)])
    viewer = make.dispatcher()
    with django_assert_num_queries(2):
        first, following = register.entries(viewer, "甲", "", 2)
    assert [entry.company.name for entry in first] == ["甲4店", "甲3店"]
    rest, following = register.entries(viewer, "甲", following or "", 3)
    assert following is None
    assert [entry.company.name for entry in rest] == ["甲2店", "甲1店", "甲0店"]


def test_an_import_tells_its_errors_in_chinese_tries_out_and_runs_twice(tmp_path):
    file = tmp_path / "companies.csv"
    file.write_text(
        "统一社会信用代码,名称,区划代码,总公司信用代码,别名\n"
        f"{OTHER_CODE},甲乙西湖店,330106,{CODE},甲乙小店；甲乙外卖\n{CODE},甲乙总店,330100,,\n"
        f"{CODE[:-1]}A,错码店,,,\n{THIRD_CODE},无此地,999999,,\n,无码店,,,\n",
        encoding="utf-8",
    )

    def run(*more: str) -> tuple[str, str]:
        out, err = StringIO(), StringIO()
        call_command("import_companies", str(file), *more, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    out, err = run("--dry-run")
    assert "2" in out
    assert Company.objects.count() == 0
    assert len(err.splitlines()) == 3
    assert all(any("\u4e00" <= char <= "\u9fff" for char in line) for line in err.splitlines())
    run()
    branch = Company.objects.get(uscc=OTHER_CODE)
    assert (branch.parent.uscc, branch.aliases.count(), CompanyChange.objects.count()) == (CODE, 2, 2)
    out, _err = run()
    assert out.startswith("新增 0 条，更新 0 条，未变 2 条")
    assert (Company.objects.count(), CompanyChange.objects.count()) == (2, 2)


def identity(prefix: str, birthday: str) -> str:
    body = f"{prefix}{birthday}123"
    remainder = sum(int(digit) * weight for digit, weight in zip(body, numbers._ID_WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[remainder]


@pytest.mark.parametrize("prefix", ["330113", "330114", "330103", "110101"])
def test_identity_numbers_of_new_and_abolished_counties_are_valid(prefix):
    good = identity(prefix, "19900228")
    assert numbers.is_identity_number(good)
    assert not numbers.is_identity_number(good[:-1] + ("0" if good[-1] != "0" else "1"))
    assert not numbers.is_identity_number(identity(prefix, "19900230"))
