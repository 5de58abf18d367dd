"""What became of a matter: coded, in yuan, and never half stated."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from complaints import actions
from complaints.models import Case, Ground, GroundKind, Outcome
from tests import make
from tests.complaints.planted import ended

pytestmark = pytest.mark.django_db


def replied() -> Case:
    case = make.dispatched()
    officer = make.officer()
    actions.sign(officer, case.number, case.version)
    actions.start(officer, case.number, case.version + 1)
    actions.reply(officer, case.number, case.version + 2, "已核实处理。")
    case.refresh_from_db()
    return case


def close(case: Case, **body):
    body = {"version": case.version, "reason": "办结", **body}
    return make.client(make.officer()).post(f"/api/v1/cases/{case.number}/close/", body, format="json")


def test_the_whole_outcome_is_stored_and_shown():
    case = replied()
    facts = {
        "claimed": "1000.00", "recovered": "300.50", "advance_compensation": True,
        "sanction_number": "杭西市监罚〔2026〕9号", "mediation_number": "杭西市监调〔2026〕3号",
    }  # fmt: skip
    told = close(case, solved="partly", ground="respondent_refuses", why_not="只肯退部分货款", **facts).json()
    shown = {
        "solved": "partly",
        "solved_name": "部分解决",
        "ground": "被诉方拒绝调解或不履行",
        "why_not": "只肯退部分货款",
    }
    assert told["outcome"] == facts | shown
    assert Outcome.objects.get().recovered == Decimal("300.50")
    case.refresh_from_db()
    assert case.closed_at == case.events.get(kind="close").at
    assert case.events.get(kind="close").data == {"solved": "partly", "ground": "respondent_refuses"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"solved": "no", "ground": "no_evidence"}, "why_not"),
        ({"solved": "no", "why_not": "x"}, "ground"),
        ({"solved": "partly", "why_not": "x", "ground": "not_our_duty"}, "ground"),
        ({"solved": "yes", "claimed": "-1"}, "claimed"),
        ({"solved": "yes", "recovered": "1.005"}, "recovered"),
    ],
)
def test_half_an_outcome_is_refused_at_its_field(facts, field):
    case = replied()
    answer = close(case, **facts)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    case.refresh_from_db()
    assert (case.state, case.closed_at, Outcome.objects.count()) == ("replied", None, 0)


def test_what_is_solved_has_no_reason_why_not():
    case = replied()
    assert close(case, solved="yes", why_not="旧的说明", ground="no_evidence").status_code == 200
    outcome = Outcome.objects.get()
    assert (outcome.ground, outcome.why_not) == (None, "")


def test_the_database_keeps_ground_and_answer_together():
    ground = Ground.objects.get(kind=GroundKind.UNSOLVED, code="other")
    for solved, why in (("yes", ground), ("no", None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Outcome.objects.create(case=make.case(), solved=solved, ground=why)


def test_a_reopened_case_is_not_closed_any_more_and_a_second_outcome_replaces_the_first():
    case = ended("no")
    officer = make.officer()
    actions.reopen(make.dispatcher(), case.number, case.version, "没有解决")
    case.refresh_from_db()
    assert case.closed_at is None
    actions.reply(officer, case.number, case.version, "已退款。")
    actions.close(officer, case.number, case.version + 1, "办结", actions.Result(solved="yes"))
    case.refresh_from_db()
    assert case.closed_at is not None
    assert Outcome.objects.get(case=case).solved == "yes"
    actions.archive(make.user("supervisor", region=make.HANGZHOU), case.number, case.version)
    assert Case.objects.get(pk=case.pk).closed_at == case.closed_at


def test_the_reasons_are_offered_to_forms():
    offered = make.client(make.officer()).get("/api/v1/grounds/", {"kind": "unsolved"}).json()
    assert [row["code"] for row in offered][:2] == ["no_evidence", "respondent_gone"]
    assert len(offered) == 9
