"""Rewards for reports (举报奖励): proposed by the office, approved by another person, collected with a code, no name.

Interim Measures on rewards for reports of serious violations in market regulation (2021); figures are rows of
RewardLevel.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import privacy
from complaints.actions.record import Change, change, required_text
from complaints.errors import Conflict, Invalid
from complaints.models import RewardLevel, RewardProposal, RewardState, User, Viewer


def propose_reward(
    viewer: Viewer,
    number: str,
    version: int,
    *,
    level: str,
    fine: Decimal,
    sanction_number: str,
    natural_person: bool,
    insider_bonus: Decimal = Decimal(0),
    reason: str,
) -> None:
    """Propose a reward for a verified report that led to a penalty case. level: code of a RewardLevel in force;
    fine and insider_bonus in yuan. Natural persons only."""
    with change(viewer, number, "propose_reward", version) as doing:
        case = doing.case
        doing.reason = required_text(reason, "reason")
        verified = case.verifications.order_by("-pk").first()
        if case.intent != "report" or verified is None or not verified.filed:
            raise Conflict("not_filed", _("Only a report that led to a penalty case can be rewarded."))
        if not natural_person:
            message = _("Only natural persons are rewarded.")
            raise Invalid("not_a_person", message, {"natural_person": message})
        decision = required_text(sanction_number, "sanction_number")
        known = RewardLevel.objects.in_force(timezone.localdate()).filter(code=level).first()
        if known is None:
            message = _("There is no such reward level.")
            raise Invalid("unknown_level", message, {"level": message})
        if case.rewards.exclude(state=RewardState.REFUSED).exists():
            raise Conflict("rewarded_already", _("A reward was already proposed for this report."))
        reward = RewardProposal.objects.create(
            case=case,
            level=known,
            percent=known.percent,
            floor=known.floor,
            cap=known.cap,
            finance_from=known.finance_from,
            sanction_number=decision,
            fine=fine,
            insider_bonus=insider_bonus,
            amount=known.amount(fine, insider_bonus),
            proposed_by=cast(User, viewer),
        )
        doing.data = {"level": known.code, "amount": str(reward.amount)}


def approve_reward(viewer: Viewer, number: str, version: int, *, finance_approval: str = "", reason: str) -> None:
    """Approve it. From the level's threshold on, the finance department's approval is named as well."""
    with change(viewer, number, "approve_reward", version) as doing:
        doing.reason = required_text(reason, "reason")
        reward = _in_state(doing, RewardState.PROPOSED)
        reward.finance_approval = finance_approval.strip()
        if reward.amount >= reward.finance_from and not reward.finance_approval:
            message = _("From %(amount)s yuan on, the finance department has to approve: name its approval.")
            message %= {"amount": reward.finance_from}
            raise Invalid("finance_missing", message, {"finance_approval": message})
        _decide(viewer, reward, RewardState.APPROVED)
        doing.data = {"amount": str(reward.amount)}


def refuse_reward(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """No reward, for a reason; another may be proposed."""
    with change(viewer, number, "refuse_reward", version) as doing:
        doing.reason = required_text(reason, "reason")
        _decide(viewer, _in_state(doing, RewardState.PROPOSED), RewardState.REFUSED)


def pay_reward(viewer: Viewer, number: str, version: int, *, code: str) -> None:
    """Pay it to whoever brings the collection code that only the reporter can see; no name is asked."""
    with change(viewer, number, "pay_reward", version) as doing:
        reward = _in_state(doing, RewardState.APPROVED)
        if not privacy.is_collection_code(doing.case.number, code):
            message = _("This collection code does not belong to the report.")
            raise Invalid("wrong_code", message, {"code": message})
        reward.state, reward.paid_at, reward.paid_by = RewardState.PAID, timezone.now(), cast(User, viewer)
        reward.save()
        doing.data = {"amount": str(reward.amount)}


def _decide(viewer: Viewer, reward: RewardProposal, state: RewardState) -> None:
    by = cast(User, viewer)
    if by.pk == reward.proposed_by_id:
        raise Conflict("own_proposal", _("Somebody else has to decide on your proposal."))
    reward.state, reward.decided_at, reward.decided_by = state, timezone.now(), by
    reward.save()


def _in_state(doing: Change, state: RewardState) -> RewardProposal:
    reward = doing.case.rewards.filter(state=state).select_for_update().first()
    if reward is None:
        raise Conflict("no_reward", _("There is no reward that waits for this."))
    return reward
