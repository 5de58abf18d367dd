"""The special report (专报) on a cluster: its cases and no others, as far as the viewer sees them."""

from __future__ import annotations

import io
import logging

import openpyxl
import pytest
from pypdfium2 import PdfDocument

from complaints import actions
from complaints.models import Case, Lot, Product, Respondent, RiskSignal, Role
from tests import make

pytestmark = pytest.mark.django_db
NAME = "大食代超市"


def about(name: str, region: str = make.XIHU) -> Case:
    phone = actions.Person(name="欧阳静怡", phone="13812345678")
    return make.dispatched(region=region, respondent=actions.RespondentFacts(name=name), requester=phone)


@pytest.fixture
def signal() -> RiskSignal:
    """Four cases in two counties and one of another city, and one about somebody else."""
    about("别家饭店")
    for region in (make.XIHU, make.XIHU, make.XIHU, "330102", make.YINZHOU):
        about(NAME, region)
    return RiskSignal.objects.get()


def supervisor(region: str = make.HANGZHOU):
    return make.client(make.user(Role.SUPERVISOR, region=region))


def url(signal: RiskSignal, form: str) -> str:
    return f"/api/v1/supervision/signals/{signal.pk}/report/{form}/"


def sheets(client, signal: RiskSignal) -> dict[str, list[list[object]]]:
    answer = client.get(url(signal, "xlsx"))
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def test_it_counts_the_cases_of_the_cluster_and_no_others(signal):
    told = sheets(supervisor(make.ZHEJIANG), signal)
    words = "".join(str(cell) for row in told["摘要"] for cell in row if cell)
    assert f"专报：{NAME}" in words
    assert "诉求 5 件，来自 3 个县" in words
    assert "已办结 0 件，在办 5 件" in words
    numbers = {row[0] for row in told["工单"][1:]}
    cluster = Case.objects.filter(respondent__name_index=signal.subject[5:])
    assert numbers == set(cluster.values_list("number", flat=True))
    assert sum(row[1] for row in told["按地区"][1:] if isinstance(row[1], int)) == 5


def test_what_the_viewer_does_not_see_is_not_in_it(signal):
    outside = Case.objects.get(region=make.YINZHOU)
    RiskSignal.objects.update(case=Case.objects.filter(region=make.XIHU).latest("pk"))
    told = sheets(supervisor(), signal)
    assert outside.number not in {row[0] for row in told["工单"]}
    assert len(told["工单"]) == 1 + 4
    for stranger, status in ((supervisor("330200"), 404), (make.client(make.officer()), 403), (make.client(), 401)):
        for form in ("pdf", "xlsx"):
            assert stranger.get(url(signal, form)).status_code == status
    assert supervisor().get("/api/v1/supervision/signals/999999/report/pdf/").status_code == 404


def test_one_page_without_personal_data_and_logged(signal, caplog):
    actions.settle_signal(make.user(Role.SUPERVISOR, region=make.ZHEJIANG), signal.pk, "已约谈，联系13812345678")
    with caplog.at_level(logging.INFO, "complaints.exports"):
        answer = supervisor(make.ZHEJIANG).get(url(signal, "pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert [record.name for record in caplog.records if "special-" in record.getMessage()] == ["complaints.exports"]
    paper = PdfDocument(answer.content)
    assert len(paper) == 1
    words = paper[0].get_textpage().get_text_range()
    assert "已约谈" in words
    for secret in ("欧阳静怡", "13812345678", make.MILK):
        assert secret not in words


def test_a_registered_lot_gives_its_name(signal):
    found = Case.objects.filter(respondent__name_index=signal.subject[5:]).first()
    lot = Lot.objects.create(product=Product.objects.create(name="纯牛奶"), number="20261101A")
    Respondent.objects.filter(case=found).update(product=lot.product, lot=lot)
    RiskSignal.objects.update(subject=f"lot:{lot.pk}", case=found)
    words = "".join(str(cell) for row in sheets(supervisor(make.ZHEJIANG), signal)["摘要"] for cell in row if cell)
    assert "专报：纯牛奶（批号 20261101A）" in words
    assert "诉求 1 件" in words
