"""What does not fit is refused in Chinese, and nothing changes: codes, order, days. (Rules: tests/routing/test_rules.py
and test_rule_editor.py; a holiday year that is missing: test_calendar.py and test_clock_data.py.)"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.actions.record import change
from complaints.errors import Conflict
from complaints.lifecycle import MOVES, State
from complaints.models import Case, CaseKey, Clock, Event, Role
from routing.models import Unit
from tests import make
from tests.complaints.test_life import Desk, hotline, in_progress, lead

pytestmark = pytest.mark.django_db
FAR = 10**8


def in_words(said: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in said)


def in_dispute() -> Case:
    case = make.dispatched("samr")
    hotline(case).do("open_adjudication", reason="两家都说不是自己的")
    return case


@pytest.mark.parametrize(
    ("begin", "verb", "body", "code", "field"),
    [
        (make.case, "dispatch", {"topic": "Z99"}, "unknown_topic", "topic"),
        (make.case, "dispatch", {"topic": "P99"}, "unknown_topic", "topic"),
        (make.case, "dispatch", {"lead": FAR}, "unknown_unit", "lead"),
        (make.case, "dispatch", {"participants": [FAR]}, "unknown_unit", "participants"),
        (in_dispute, "adjudicate", {"topic": "Z99", "basis": "三定规定"}, "unknown_topic", "topic"),
        (in_dispute, "adjudicate", {"topic": "P01", "lead": FAR, "basis": "三定规定"}, "unknown_unit", "lead"),
        (in_progress, "invite", {"participants": [FAR]}, "unknown_unit", "participants"),
    ],
)
def test_an_unknown_topic_or_unit_is_named_at_its_field(begin, verb, body, code, field):
    case = begin()
    given = {"lead": make.unit().pk, "reason": "试试", **body}
    told = hotline(case).refused(verb, 400, code, **given)
    assert list(told["errors"]) == [field]
    assert all(in_words(said) for said in told["errors"][field])


def test_a_unit_that_receives_nothing_any_more_is_not_given_a_case():
    case, unit = make.case(), make.unit()
    Unit.objects.filter(pk=unit.pk).update(active=False)
    told = hotline(case).refused("dispatch", 400, "unknown_unit", lead=unit.pk, topic="P01", reason="试试")
    assert list(told["errors"]) == ["lead"]


@pytest.mark.parametrize("region", ["999999", "330103", "33", "", "３３０１０６"])
def test_an_unknown_region_makes_no_case(region):
    before = Case.objects.count()
    answer = make.client().post("/api/v1/cases/", {"text": "牛奶过期", "region": region}, format="json")
    if region == "":  # no region: somebody is asked, nothing is guessed
        assert answer.status_code == 201
        return
    assert answer.status_code == 400
    assert in_words(answer.json()["errors"]["region"][0])
    assert Case.objects.count() == before


def _players(case: Case) -> dict:
    return {
        "citizen": CaseKey(case.number),
        "call_taker": None,
        "dispatcher": make.dispatcher(),
        "supervisor": make.user(Role.SUPERVISOR, region=make.ZHEJIANG),
        "lead": make.officer(),
        "participant": make.officer("nhc"),
    }


def test_every_move_out_of_order_is_refused_and_leaves_no_trace():
    case = make.dispatched("samr", ("nhc",))
    players = _players(case)
    tried = 0
    for verb, move in MOVES.items():
        viewer = next((players[part] for part in move.who if players.get(part)), None)
        if viewer is None:
            continue  # a step of the system, or of a call-taker for the citizen
        for state in State.values:
            if state in move.sources:
                continue
            Case.objects.filter(pk=case.pk).update(state=state)
            before = list(Case.objects.filter(pk=case.pk).values()), Event.objects.count(), list(Clock.objects.values())
            with pytest.raises(Conflict) as refusal, change(viewer, case.number, verb):
                pytest.fail(f"{verb} begun from {state}")
            assert (refusal.value.code, str(State(state).label) in refusal.value.message) == ("wrong_state", True)
            assert in_words(refusal.value.message)
            after = list(Case.objects.filter(pk=case.pk).values()), Event.objects.count(), list(Clock.objects.values())
            assert after == before, (verb, state)
            tried += 1
    assert tried > 300


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


PAST = {
    "supplement": (lead, "ask_supplement", {"text": "请提供小票", "until": day(-1)}, "until"),
    "supplement in years": (lead, "ask_supplement", {"text": "请提供小票", "until": day(61)}, "until"),
    "pause": (lead, "request_suspension", {"reason": "等待法院", "until": day(-1)}, "until"),
    "pause today": (lead, "request_suspension", {"reason": "等待法院", "until": day(0)}, "until"),
    "order": (
        lambda case: Desk(case, make.user(Role.SUPERVISOR, region=make.HANGZHOU)),
        "order_supervision",
        {"level": "city", "text": "限期办结", "until": day(-1)},
        "until",
    ),
    "consent": (
        lead,
        "begin_mediation",
        {"complainant_how": "phone", "complainant_on": day(1), "respondent_how": "phone", "respondent_on": day(0)},
        "complainant_on",
    ),
}


@pytest.mark.parametrize("what", PAST)
def test_a_day_on_the_wrong_side_of_today_is_refused_at_its_field(what):
    desk, verb, body, field = PAST[what]
    case = in_progress()
    answer = desk(case).post(verb, **body)
    version = case.version
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert in_words(answer.json()["errors"][field][0])
    case.refresh_from_db()
    assert case.version == version


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "2026-02-30T08:00:00+08:00"])
def test_a_moment_at_the_end_of_all_days_breaks_nothing(at):
    before = Case.objects.count()
    answer = make.client().post("/api/v1/cases/", {"text": "牛奶过期", "event_at": at}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["event_at"])
    assert in_words(answer.json()["errors"]["event_at"][0])
    assert Case.objects.count() == before
