"""Numbers of documents under load: no gap, no number twice, one sheet for one content."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

from complaints import actions
from complaints.errors import DomainError
from complaints.models import Case, Document, DocumentCounter, User
from tests import make
from tests.complaints import papers


def given_out(desk: User, **more: Any) -> Case:
    case = make.case(papers.TEXT, declared=papers.SAID, **more)
    actions.dispatch(desk, case.number, case.version, lead=make.unit().pk, reason="职责明确")
    return case


def test_numbers_have_no_gaps_when_many_make_at_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        before = list(User.objects.values_list("pk", flat=True))
        officer = make.officer()
        desk = make.dispatcher()
        cases = [given_out(desk, requester=papers.PERSON) for _ in range(16)]
        missing = given_out(desk)

        def attempt(number: str) -> str:
            try:
                form = "complaint_form" if number == missing.number else "work_order"
                return actions.make_document(officer, number, form, {})[0].number
            except DomainError as refusal:
                return type(refusal).__name__
            finally:
                connections.close_all()

        try:
            numbers = [case.number for case in cases for _ in range(2)] + [missing.number] * 4
            with ThreadPoolExecutor(8) as pool:
                came = list(pool.map(attempt, numbers))
            assert came.count("Conflict") == 4
            serials = sorted(Document.objects.filter(unit=officer.unit_id).values_list("serial", flat=True))
            assert serials == list(range(1, 17))
            assert DocumentCounter.objects.get(unit=officer.unit_id).last == 16
        finally:
            Document.objects.all().delete()
            DocumentCounter.objects.all().delete()
            make.take_away([*cases, missing])
            User.objects.exclude(pk__in=before).delete()
