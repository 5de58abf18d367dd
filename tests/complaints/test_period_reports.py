"""Daily, weekly and monthly reports: page, Excel and PDF say the same, of the cases that the viewer may see."""

from __future__ import annotations

import io
import logging
import unicodedata
from datetime import date, timedelta

import openpyxl
import pytest
from django.utils import timezone
from pypdfium2 import PdfDocument

from complaints import actions, documents, figures
from complaints.models import Case, Role
from tests import make
from tests.complaints.planted import ended
from tests.complaints.test_wall import filters_in, listed

pytestmark = pytest.mark.django_db
API = "/api/v1/reports/"


@pytest.fixture
def planted() -> list[Case]:
    """This month: three closed (one not solved), one open and urgent, one of another city."""
    phone = actions.Person(name="张三", phone="13812345678")
    cases = [
        ended(days_ago=0, grade=5, recovered="88.50", requester=phone),
        ended(days_ago=0, grade=2, recovered="11.50"),
        ended("no", days_ago=0, topic="P02"),
        make.dispatched(),
        make.dispatched(region=make.YINZHOU),
    ]
    Case.objects.update(received_at=timezone.now(), domain="product", intent="complaint", urgency="U4")
    Case.objects.filter(pk=cases[3].pk).update(urgency="U2", topic="P01")
    return cases


def supervisor(region: str = make.ZHEJIANG):
    return make.client(make.user(Role.SUPERVISOR, region=region))


def asked(client, kind: str = "daily", **more):
    answer = client.get(API, {"kind": kind, "day": str(timezone.localdate())} | more)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def section(told: dict, key: str) -> dict:
    return next(one for one in told["sections"] if one["key"] == key)


def texts(told: dict, key: str) -> list[list[str]]:
    return [[cell["text"] for cell in row] for row in section(told, key)["rows"]]


def cells(told: dict):
    """As figures, so that each cell with a filter is held against its list."""
    for one in told["sections"]:
        for row in one["rows"]:
            for cell in row:
                if cell["filter"] is not None and cell["number"] is not None:
                    yield f"{one['key']}: {row[0]['text']}", cell["number"], cell["filter"]


def test_a_report_counts_what_was_planted(planted):
    told = asked(supervisor())
    overview = dict(texts(told, "overview"))
    assert list(overview.values()) == [
        "5", "0", "5", "0", "0", "0", "0", "1", "2", "0", "0", "0", "3", "100.00",
    ]  # fmt: skip
    assert [row[1] for row in texts(told, "rates")] == ["100.0%（3/3）", "66.7%（2/3）", "66.7%（2/3）", "50.0%（1/2）"]
    assert [row[1:] for row in texts(told, "kinds") if row[1] != "0"] == [["5", "100.0%（5/5）"]]
    xihu, yinzhou = texts(told, "units")
    assert xihu[1:] == ["4", "0.0%（0/4）", "1", "0", "100.0%（3/3）", "66.7%（2/3）", "50.0%（1/2）", "100.00"]
    assert yinzhou[1:4] == ["1", "0.0%（0/1）", "1"]
    assert [row[:2] for row in texts(told, "urgent")] == [["紧急", planted[3].number]]


@pytest.mark.parametrize("kind", figures.KINDS)
@pytest.mark.parametrize("region", [make.ZHEJIANG, make.HANGZHOU])
def test_every_number_shows_exactly_its_cases(planted, kind, region):
    client = supervisor(region)
    found = list(cells(asked(client, kind)))
    assert len(found) > 25
    assert {where: n for where, n, shown in found if len(listed(client, shown)) != n} == {}
    assert list(filters_in(asked(client, kind, region=make.XIHU))) == []  # cells are not figures of the wall


def test_excel_has_the_sentences_and_every_cell(planted):
    client = supervisor()
    told = asked(client)
    answer = client.get(f"{API}xlsx/", {"kind": "daily", "day": told["since"]})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    first, *sheets = book.worksheets
    assert first["A1"].value == told["title"]
    assert [first.cell(row, 1).value for row in range(4, 4 + len(told["sentences"]))] == told["sentences"]
    assert [sheet.title for sheet in sheets] == [one["title"] for one in told["sections"]]
    for sheet, one in zip(sheets, told["sections"], strict=True):
        head, *rows = sheet.iter_rows(max_row=len(one["rows"]) + 1, max_col=len(one["columns"]), values_only=True)
        assert list(head) == one["columns"]
        shown = [[cell["text"] if cell["number"] is None else cell["number"] for cell in row] for row in one["rows"]]
        assert [["" if value is None else value for value in row] for row in rows] == shown


def test_no_text_becomes_a_formula():
    told = {
        "title": "=1+1", "since": date(2026, 2, 9), "until": date(2026, 2, 15), "at": timezone.now(),
        "sentences": ["=HYPERLINK(1)"], "sections": [],
    }  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(documents.report_xlsx(told))).worksheets[0]
    assert [(sheet[at].value, sheet[at].data_type) for at in ("A1", "A4")] == [("=1+1", "s"), ("=HYPERLINK(1)", "s")]


def test_the_paper_says_the_same(planted):
    client = supervisor()
    told = asked(client)
    answer = client.get(f"{API}pdf/", {"kind": "daily", "day": told["since"]})
    assert answer["Content-Type"] == "application/pdf"
    paper = _words("".join(page.get_textpage().get_text_range() for page in PdfDocument(answer.content)))
    assert _words(told["title"]) in paper
    missing = [sentence for sentence in told["sentences"] if _words(sentence) not in paper]
    assert missing == []
    for one in told["sections"]:
        assert _words(one["title"]) in paper
        for row in one["rows"]:
            assert [cell["text"] for cell in row if _words(cell["text"]) not in paper] == []
    # the rows of one table, cell after cell, so that equal numbers elsewhere do not stand in for a wrong one
    assert "".join(_words("".join(row)) for row in texts(told, "rates")) in paper


def _words(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).replace("\ufffe", "").replace("\x02", "").split())


def test_nobody_is_named_in_a_file(planted):
    client = supervisor()
    told = str(asked(client))
    paper = client.get(f"{API}pdf/", {"kind": "daily", "day": str(timezone.localdate())})
    pages = "".join(page.get_textpage().get_text_range() for page in PdfDocument(paper.content))
    for secret in ("张三", "13812345678", make.MILK, "证据不足"):
        assert secret not in told
        assert secret not in pages


def test_who_took_it_out_is_logged_by_account_number(planted, caplog):
    viewer = make.user(Role.SUPERVISOR, region=make.HANGZHOU)
    with caplog.at_level(logging.INFO, "complaints.exports"):
        make.client(viewer).get(f"{API}xlsx/", {"kind": "monthly", "day": "2026-02-11"})
    assert caplog.messages == [f"account {viewer.pk} exported report monthly-2026-02-01-{make.HANGZHOU}.xlsx"]


def test_the_scope_is_the_viewers_own(planted):
    told = asked(supervisor(make.HANGZHOU))
    assert texts(told, "overview")[0][1] == "4"
    for path in ("", "xlsx/", "pdf/"):
        for viewer in (make.officer(), make.dispatcher()):
            assert make.client(viewer).get(API + path, {"kind": "daily"}).status_code == 403
        refused = supervisor(make.XIHU).get(API + path, {"kind": "daily", "region": make.ZHEJIANG})
        assert refused.status_code == 403
    assert supervisor().get(API, {"kind": "hourly"}).status_code == 400


@pytest.mark.parametrize(
    ("kind", "first", "last", "said"),
    [("daily", date(2026, 2, 11), date(2026, 2, 11), "2026年2月11日"),
     ("weekly", date(2026, 2, 9), date(2026, 2, 15), "2026年2月9日至2026年2月15日"),
     ("monthly", date(2026, 2, 1), date(2026, 2, 28), "2026年2月1日至2026年2月28日")],
)  # fmt: skip
def test_periods(kind, first, last, said):
    assert figures.period_of(kind, date(2026, 2, 11)) == (first, last)
    told = asked(supervisor(), kind, day="2026-02-11")
    assert (told["since"], told["until"], told["over"]) == (str(first), str(last), True)
    assert told["sentences"][0].startswith(f"{said}，浙江省共登记诉求 0 件")
    book = openpyxl.load_workbook(
        io.BytesIO(supervisor().get(f"{API}xlsx/", {"kind": kind, "day": "2026-02-11"}).content)
    )
    assert book.worksheets[0]["A2"].value.startswith(f"{said}，")
    without_day = supervisor().get(API, {"kind": kind}).json()
    assert without_day["until"] < str(timezone.localdate())
    assert without_day["over"] is True


def test_a_running_period_says_so_and_a_hot_spot_is_told(planted):
    for _ in range(4):
        Case.objects.filter(pk=make.case().pk).update(topic="P02")
    assert texts(asked(supervisor(), "weekly"), "hot") == []  # there is no usual yet
    Case.objects.filter(pk=make.case().pk).update(topic="S01", received_at=timezone.now() - timedelta(days=7))
    told = asked(supervisor(), "weekly")
    assert told["over"] is False
    assert [[row[0], row[2]] for row in texts(told, "hot")] == [["杭州市", "5"], ["杭州市", "3"]]


def test_the_number_of_queries_does_not_grow_with_the_units(planted, django_assert_max_num_queries):
    today = timezone.localdate()
    viewer = make.user(Role.SUPERVISOR, region=make.ZHEJIANG)
    scope = figures.Scope.of(viewer, today - timedelta(days=30), today)
    with django_assert_max_num_queries(22):
        figures.report(scope, "monthly")
