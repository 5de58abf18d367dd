"""Units that give a case back, and whose matter it is in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from complaints import actions
from complaints.lifecycle import State
from complaints.models import (
    Assignment,
    Case,
    Clock,
    Event,
    PartyStatus,
    Ruling,
)
from tests import make
from tests.complaints.test_life import Desk, citizen, hotline, lead, snapshot

pytestmark = pytest.mark.django_db


def test_a_return_needs_a_ground_that_exists_and_evidence():
    case = make.dispatched()
    lead(case).refused("return", 400, "unknown_ground", ground="because", reason="不归我管")
    lead(case).refused("return", 400, "invalid", ground="not_our_duty")
    back = lead(case).do("return", ground="not_our_duty", reason="该店属综合执法管辖")
    assert (back["state"], back["lead"]) == ("needs_triage", None)
    returned = Event.objects.get(case=case, kind="return")
    assert (returned.reason, returned.note) == ("不属本单位职责", "该店属综合执法管辖")
    assert Assignment.objects.get(case=case).status == PartyStatus.RETURNED
    assert give(case, "nhc")["participants"] == []
    assert citizen(case).see()["participants"] == []


def test_the_time_for_returning_ends():
    case = make.dispatched()
    Clock.objects.filter(case=case, policy__clock="hot.return").update(due_at=timezone.now() - timedelta(minutes=1))
    lead(case).refused("return", 409, "window_closed", ground="not_our_duty", reason="不属本局")


def give(case: Case, bureau: str):
    return hotline(case).do("dispatch", lead=make.unit(bureau).pk, reason="转办")


def test_the_third_return_opens_the_adjudication_and_the_ruling_binds():
    case = make.dispatched()
    lead(case).do("return", ground="not_our_duty", reason="不属本局")
    give(case, "nhc")
    Desk(case, make.officer("nhc")).do("return", ground="not_our_duty", reason="不属本局")
    give(case, "agri")
    Desk(case, make.officer("agri")).do("return", ground="not_our_duty", reason="不属本局")
    case.refresh_from_db()
    assert case.state == State.ADJUDICATION
    hotline(case).refused("dispatch", 409, "wrong_state", lead=make.unit().pk, reason="再派")
    hotline(case).refused("adjudicate", 400, "invalid", lead=make.unit().pk, reason="属食品")
    ruled = hotline(case).do(
        "adjudicate", lead=make.unit().pk, participants=[make.unit("nhc").pk], topic="P02", basis="食品安全法第六条",
        reason="餐饮环节由市场监管部门负责",
    )  # fmt: skip
    assert (ruled["state"], ruled["topic"]["code"]) == ("dispatched", "P02")
    ruling = Ruling.objects.get(case=case)
    assert (ruling.lead_unit, ruling.basis, ruling.topic) == (make.unit(), "食品安全法第六条", "P02")
    lead(case).refused("return", 409, "ruling_binds", ground="not_our_duty", reason="还是不属本局")


def test_a_third_return_whose_adjudication_cannot_be_opened_did_not_happen():
    case = make.dispatched()
    for bureau, following in (("samr", "nhc"), ("nhc", "agri")):
        Desk(case, make.officer(bureau)).do("return", ground="not_our_duty", reason="不属本局")
        give(case, following)
    before = snapshot(case)
    with connection.cursor() as cursor:  # the database refuses the second event of the pair
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE complaints_event ADD CONSTRAINT no_opening CHECK (kind <> 'open_adjudication') NOT VALID"
        )
    third = make.officer("agri")
    with pytest.raises(IntegrityError):
        actions.return_case(third, case.number, case.version, ground_code="not_our_duty", reason="不属本局")
    assert snapshot(case) == before


def test_sending_it_in_a_circle_opens_the_adjudication():
    case = make.dispatched()
    lead(case).do("return", ground="not_our_duty", reason="不属本局")
    give(case, "nhc")
    Desk(case, make.officer("nhc")).do("return", ground="not_our_duty", reason="不属本局")
    assert give(case, "samr")["state"] == "adjudication"
    opened = Event.objects.get(case=case, kind="open_adjudication")
    assert opened.data["returned_by"] == [make.unit().pk, make.unit("nhc").pk]
    assert not opened.public


def test_one_return_and_the_same_unit_again_is_no_circle():
    case = make.dispatched()
    lead(case).do("return", ground="unclear", reason="请补充地址")
    assert give(case, "samr")["state"] == "dispatched"
