"""Reports (举报): their verification, what was decided, who was told, and the reward (奖励)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Least, Round
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.case import Case
from complaints.models.mediation import By
from complaints.models.proceedings import Ground
from complaints.models.sealed import SealedText
from complaints.models.user import User


class Verification(models.Model):
    """What the authority found out about a report (核查) and whether it opened a penalty case (立案); null: undecided.

    told_*: the notice to a named reporter. result_*: the notice of the result, with the rule that demands it.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="verifications")
    begun_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    filed = models.BooleanField(null=True)
    ground = models.ForeignKey(Ground, null=True, on_delete=models.PROTECT, related_name="+")
    penalty_number = models.CharField(max_length=60, blank=True)
    findings = SealedText(default="")
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=10, choices=By.choices, blank=True)
    result_told_at = models.DateTimeField(null=True)
    result_how = models.CharField(max_length=10, choices=By.choices, blank=True)
    result_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", condition=Q(decided_at=None), name="one_open_verification_of_a_case"),
            models.CheckConstraint(
                condition=Q(decided_at=None, filed=None, ground=None)
                | Q(decided_at__isnull=False, filed__isnull=False, ground__isnull=False),
                name="verification_decided_on_a_ground",
            ),
            models.CheckConstraint(
                condition=~Q(filed=True) | ~Q(penalty_number=""), name="verification_filed_has_number"
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(decided_at__isnull=False, told_how__in=By.values),
                name="verification_told_after_decision",
            ),
            models.CheckConstraint(
                condition=Q(result_told_at=None)
                | (Q(decided_at__isnull=False, result_how__in=By.values) & ~Q(result_basis="")),
                name="verification_result_told_by_law",
            ),
        ]

    def __str__(self) -> str:
        return f"verification of {self.case_id}"


class RewardLevelQuerySet(models.QuerySet["RewardLevel"]):
    def in_force(self, day: date) -> RewardLevelQuerySet:
        """The levels by which a reward proposed on that day is reckoned."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


class RewardLevel(models.Model):
    """A level of reward, as data: share of the fine in percent, least and greatest amount in yuan, and from which
    amount the finance department has to approve."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    label = models.CharField(_("wording"), max_length=120)
    percent = models.DecimalField(_("percent of the fine"), max_digits=5, decimal_places=2)
    floor = models.DecimalField(_("least amount"), max_digits=14, decimal_places=2)
    cap = models.DecimalField(_("greatest amount"), max_digits=14, decimal_places=2)
    finance_from = models.DecimalField(_("finance approval from"), max_digits=14, decimal_places=2)
    source = models.CharField(_("source"), max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = RewardLevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("reward level")
        verbose_name_plural = _("reward levels")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="reward_percent_is_a_share"),
            models.CheckConstraint(condition=Q(floor__gt=0, floor__lte=F("cap")), name="reward_floor_below_cap"),
        ]

    def __str__(self) -> str:
        return self.label

    def amount(self, fine: Decimal, insider_bonus: Decimal) -> Decimal:
        """Yuan: the share of the fine, at least the floor, with the bonus of an insider, at most the cap."""
        share = (fine * self.percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return min(self.cap, max(self.floor, share) + insider_bonus)


class RewardState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", pgettext_lazy("reward", "approved")
    REFUSED = "refused", pgettext_lazy("reward", "refused")
    PAID = "paid", pgettext_lazy("reward", "paid")


class RewardProposal(models.Model):
    """A reward for a verified report, in yuan. The level's figures are kept as they were when it was proposed.

    Nobody but the reporter knows the collection code (privacy.collection_code); who pays it learns no name.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rewards")
    level = models.ForeignKey(RewardLevel, on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    floor = models.DecimalField(max_digits=14, decimal_places=2)
    cap = models.DecimalField(max_digits=14, decimal_places=2)
    finance_from = models.DecimalField(max_digits=14, decimal_places=2)
    sanction_number = models.CharField(max_length=60)
    fine = models.DecimalField(max_digits=14, decimal_places=2)
    insider_bonus = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=8, choices=RewardState.choices, default=RewardState.PROPOSED)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    finance_approval = models.CharField(max_length=100, blank=True)
    paid_at = models.DateTimeField(null=True)
    paid_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("case", condition=~Q(state="refused"), name="one_reward_of_a_case"),
            models.CheckConstraint(condition=Q(state__in=RewardState.values), name="reward_state_known"),
            models.CheckConstraint(condition=Q(fine__gte=0, insider_bonus__gte=0), name="reward_nothing_negative"),
            models.CheckConstraint(
                condition=Q(
                    amount=Least(
                        F("cap"),
                        Greatest(F("floor"), Round(F("fine") * F("percent") / Value(100), 2)) + F("insider_bonus"),
                    )
                ),
                name="reward_amount_by_its_level",
            ),
            models.CheckConstraint(condition=~Q(sanction_number=""), name="reward_has_a_decision"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="reward_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="reward_decided_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"])
                | Q(amount__lt=F("finance_from"))
                | ~Q(finance_approval=""),
                name="reward_large_needs_finance",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False, paid_by__isnull=False)
                | (~Q(state="paid") & Q(paid_at=None, paid_by=None)),
                name="reward_paid_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"reward for {self.case_id}"
