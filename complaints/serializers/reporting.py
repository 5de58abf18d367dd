"""Reports and rewards: what is sent, and what people see of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints import privacy
from complaints.models import By, Case, CaseKey, RewardLevel, RewardProposal, RewardState, Verification, Viewer
from complaints.serializers.fields import MaskedText, PlainText
from complaints.serializers.incoming import MoveIn, VersionIn


class DecideReportIn(VersionIn):
    """filed: a penalty case was opened; ground: of that kind (file or no_file); text: the findings, for the file."""

    filed = serializers.BooleanField()
    ground = serializers.CharField(source="ground_code", max_length=30, help_text="code of a ground, /grounds/")
    text = PlainText(max_length=5000)
    penalty_number = PlainText(max_length=60, required=False, allow_blank=True, default="")


class TellReporterIn(VersionIn):
    how = serializers.ChoiceField(choices=By.choices)
    text = PlainText(max_length=5000)


class TellResultIn(TellReporterIn):
    basis = PlainText(max_length=200, help_text="the rule that demands it")


class ProposeRewardIn(MoveIn):
    """Amounts in yuan; level: a code of /reward-levels/."""

    level = PlainText(max_length=30)
    fine = serializers.DecimalField(14, 2, min_value=0)
    insider_bonus = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True, default=None)
    sanction_number = PlainText(max_length=60)
    natural_person = serializers.BooleanField(required=False, default=False)

    def validate_insider_bonus(self, value: Decimal | None) -> Decimal:
        return value or Decimal(0)


class ApproveRewardIn(MoveIn):
    finance_approval = PlainText(max_length=100, required=False, allow_blank=True, default="")


class PayRewardIn(VersionIn):
    code = PlainText(max_length=30, help_text="the collection code, from the reporter")


class RewardLevelOut(serializers.ModelSerializer[RewardLevel]):
    class Meta:
        model = RewardLevel
        fields = ["code", "label", "percent", "floor", "cap", "finance_from", "source"]


class VerificationOut(serializers.ModelSerializer[Verification]):
    """The latest verification of a report, for staff; ground: in words."""

    ground = serializers.CharField(source="ground.label", default="")
    findings = MaskedText()
    told_how_name = serializers.CharField(source="get_told_how_display")
    result_how_name = serializers.CharField(source="get_result_how_display")

    class Meta:
        model = Verification
        fields = [
            "begun_at", "decided_at", "filed", "ground", "penalty_number", "findings", "told_at", "told_how_name",
            "result_told_at", "result_how_name", "result_basis",
        ]  # fmt: skip


class RewardOut(serializers.ModelSerializer[RewardProposal]):
    """A reward, in yuan. code: the collection code, for the reporter only and until it is paid."""

    level = serializers.CharField(source="level.label")
    state_name = serializers.CharField(source="get_state_display")
    code = serializers.SerializerMethodField()

    class Meta:
        model = RewardProposal
        fields = [
            "level", "percent", "fine", "insider_bonus", "amount", "sanction_number", "finance_from",
            "finance_approval", "state", "state_name", "proposed_at", "decided_at", "paid_at", "code",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField())
    def get_code(self, reward: RewardProposal) -> str:
        citizen = isinstance(self.context["viewer"], CaseKey) and reward.state == RewardState.APPROVED
        return privacy.collection_code(reward.case.number) if citizen else ""


def unsaid(case: Case, viewer: Viewer) -> tuple[str, ...]:
    """Words that may not appear in anything this viewer reads of the case: those that name a sealed reporter."""
    return case.requester.telltales() if case.sealed and not isinstance(viewer, CaseKey) else ()


def latest_verification(case: Case, viewer: Viewer) -> Any:
    """What staff see of the last verification, or None; the rows are prefetched."""
    found = max(case.verifications.all(), key=lambda row: row.pk, default=None)
    if found is None or isinstance(viewer, CaseKey):
        return None
    return VerificationOut(found, context={"unsaid": unsaid(case, viewer)}).data


def latest_reward(case: Case, viewer: Viewer) -> Any:
    """The last reward, or None; the citizen hears of it once it is approved."""
    found = max(case.rewards.all(), key=lambda row: row.pk, default=None)
    granted = (RewardState.APPROVED, RewardState.PAID)
    if found is None or (isinstance(viewer, CaseKey) and found.state not in granted):
        return None
    return RewardOut(found, context={"viewer": viewer}).data
