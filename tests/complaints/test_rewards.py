"""Rewards for reports: reckoned by rows, approved by another person, collected with a code that names nobody."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from complaints import privacy
from complaints.models import Case, RewardLevel, RewardProposal, Role
from tests import make
from tests.complaints.at_work import Desk, citizen, lead
from tests.complaints.test_reports import DECISION, NAME, PHONE, under_verification

pytestmark = pytest.mark.django_db
PROPOSAL = {
    "level": "level_1", "fine": "200000.00", "sanction_number": "西市监罚〔2026〕第12号", "natural_person": True,
    "reason": "线索与查办事实完全一致",
}  # fmt: skip


def boss(case: Case) -> Desk:
    return Desk(case, make.user(Role.SUPERVISOR, region=make.ZHEJIANG))


def filed() -> Case:
    case = under_verification()
    lead(case).do("decide_report", **DECISION)
    return case


def proposed(**more) -> Case:
    case = filed()
    lead(case).do("propose_reward", **(PROPOSAL | more))
    return case


@pytest.mark.parametrize(("level", "fine", "bonus", "amount"), [
    ("level_1", "200000.00", None, "10000.00"), ("level_1", "0.00", None, "5000.00"),
    ("level_1", "99999.99", None, "5000.00"),
    ("level_2", "200000.00", None, "6000.00"), ("level_2", "10.00", None, "3000.00"),
    ("level_3", "200000.01", None, "2000.00"),
    ("level_3", "333333.33", "0.67", "3334.00"), ("level_1", "19999999.99", None, "1000000.00"),
    ("level_1", "20000000.00", "5000.00", "1000000.00"), ("level_2", "99999999999.99", None, "1000000.00"),
    ("level_1", "200000.00", "1500.50", "11500.50"), ("level_3", "100000.50", None, "1000.01"),
])  # fmt: skip
def test_the_amount_is_the_share_within_floor_and_cap(level, fine, bonus, amount):
    case = proposed(level=level, fine=fine, insider_bonus=bonus)
    assert lead(case).see()["reward"]["amount"] == amount
    assert RewardProposal.objects.get(case=case).amount == Decimal(amount)


def test_a_reward_from_proposal_to_payment_names_nobody():
    case = proposed()
    office, chief, person = lead(case), boss(case), citizen(case)
    assert person.see()["reward"] is None
    office.refused("approve_reward", 403, "not_allowed", reason="同意")
    office.refused("pay_reward", 409, "no_reward", code=privacy.collection_code(case.number))
    approved = chief.do("approve_reward", reason="同意")
    assert (approved["reward"]["state_name"], approved["reward"]["code"]) == ("已批准", "")
    code = person.see()["reward"]["code"]
    assert code == privacy.collection_code(case.number) != privacy.query_code(case.number)
    assert len(code) == 10
    told = office.refused("pay_reward", 400, "wrong_code", code="AAAAAAAAAA")
    assert "code" in told["errors"]
    office.refused("pay_reward", 400, "wrong_code", code=privacy.query_code(case.number))
    paid = office.do("pay_reward", code=f" {code.lower()} ")
    assert paid["reward"]["state"] == "paid"
    assert (person.see()["reward"]["state"], person.see()["reward"]["code"]) == ("paid", "")
    office.refused("pay_reward", 409, "no_reward", code=code)
    said = office.client.get(f"/api/v1/cases/{case.number}/").content.decode() + str(office.steps())
    assert not any(word in said for word in (NAME, PHONE, code))
    assert [step["kind"] for step in person.steps()][-2:] == ["approve_reward", "pay_reward"]


def test_large_rewards_need_the_finance_department():
    case = proposed(fine="10000000.00")
    chief = boss(case)
    told = chief.refused("approve_reward", 400, "finance_missing", reason="同意")
    assert "500000" in told["errors"]["finance_approval"][0]
    seen = chief.do("approve_reward", reason="同意", finance_approval="杭财行〔2026〕5号")
    assert (seen["reward"]["amount"], seen["reward"]["finance_approval"]) == ("500000.00", "杭财行〔2026〕5号")
    case = proposed(fine="9999999.00")
    boss(case).do("approve_reward", reason="同意")


def test_what_cannot_be_rewarded():
    case = under_verification()
    office = lead(case)
    office.refused("propose_reward", 409, "not_filed", **PROPOSAL)
    office.do("decide_report", filed=False, ground="no_violation", text="未发现违法行为")
    office.refused("propose_reward", 409, "not_filed", **PROPOSAL)
    assert "propose_reward" not in office.see()["actions"]
    office = lead(filed())
    told = office.refused("propose_reward", 400, "not_a_person", **(PROPOSAL | {"natural_person": False}))
    assert "natural_person" in told["errors"]
    office.refused("propose_reward", 400, "unknown_level", **(PROPOSAL | {"level": "level_9"}))
    office.refused("propose_reward", 400, "invalid", **(PROPOSAL | {"fine": "-1.00"}))
    office.refused("propose_reward", 400, "invalid", **(PROPOSAL | {"fine": "1.001"}))
    boss(office.case).refused("propose_reward", 403, "not_allowed", **PROPOSAL)
    complaint = make.dispatched("samr")
    lead(complaint).do("sign")
    lead(complaint).do("accept")
    lead(complaint).refused("propose_reward", 409, "not_filed", **PROPOSAL)


def test_a_refused_reward_may_be_proposed_anew_and_one_at_a_time():
    case = proposed()
    office = lead(case)
    office.refused("propose_reward", 409, "rewarded_already", **PROPOSAL)
    boss(case).do("refuse_reward", reason="等级不当")
    assert citizen(case).see()["reward"] is None
    assert office.do("propose_reward", **(PROPOSAL | {"level": "level_3"}))["reward"]["amount"] == "2000.00"


def test_levels_are_rows_with_source_and_validity():
    case = filed()
    office = lead(case)
    listed = office.client.get("/api/v1/reward-levels/").json()
    assert [(row["code"], row["percent"], row["floor"], row["cap"]) for row in listed] == [
        ("level_1", "5.00", "5000.00", "1000000.00"), ("level_2", "3.00", "3000.00", "1000000.00"),
        ("level_3", "1.00", "1000.00", "1000000.00"),
    ]  # fmt: skip
    assert all(row["source"] for row in listed)
    RewardLevel.objects.filter(code="level_1").update(valid_to="2025-12-31")
    office.refused("propose_reward", 400, "unknown_level", **PROPOSAL)
    RewardLevel.objects.filter(code="level_2").update(percent=Decimal(10))
    assert office.do("propose_reward", **(PROPOSAL | {"level": "level_2"}))["reward"]["amount"] == "20000.00"
    RewardLevel.objects.filter(code="level_2").update(percent=Decimal(1))
    assert office.see()["reward"]["amount"] == "20000.00"


def test_the_database_itself_refuses_wrong_rewards():
    case = proposed()
    kept = RewardProposal.objects.filter(case=case)
    for broken in (
        {"amount": Decimal("10000.01")}, {"fine": Decimal(-1)}, {"state": "approved"}, {"sanction_number": ""},
        {"decided_by": F("proposed_by")}, {"state": "paid"}, {"state": "lost"}, {"cap": Decimal(100)},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            kept.update(**broken)
    boss(case).do("approve_reward", reason="同意")
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.update(finance_from=Decimal(1))
    for broken in ({"percent": Decimal(0)}, {"percent": Decimal(101)}, {"floor": Decimal(2_000_000)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RewardLevel.objects.filter(code="level_1").update(**broken)
