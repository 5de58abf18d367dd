"""What happens beside the states: requests that somebody has to decide, rulings, links between cases, outcomes."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.lifecycle import ruleset_on
from complaints.models.case import Case
from complaints.models.sealed import SealedText
from complaints.models.user import User
from routing.models import Unit


class GroundKind(models.TextChoices):
    RETURN = "return", pgettext_lazy("ground", "return")
    REFUSAL = "refusal", _("refusal")
    MEDIATION = "mediation", pgettext_lazy("ground", "end of mediation")
    FILE = "file", pgettext_lazy("ground", "penalty case opened")
    NO_FILE = "no_file", pgettext_lazy("ground", "no penalty case")
    UNSOLVED = "unsolved", _("why not solved")


class GroundQuerySet(models.QuerySet["Ground"]):
    def in_force(self, received_on: date) -> GroundQuerySet:
        """Those that may be named for a case received on that day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=received_on),
            Q(valid_to=None) | Q(valid_to__gte=received_on),
            ruleset__in=["", ruleset_on(received_on)],
        )


class Ground(models.Model):
    """A coded reason that people choose from: why a case is returned or not accepted. Data, dated, with its source.

    ruleset: "" for all, else the rules by date of receipt (samr_2020, samr_2026) to which it belongs.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=GroundKind.choices)
    code = models.SlugField(_("code"), max_length=30)
    label = models.CharField(_("wording"), max_length=120)
    ruleset = models.CharField(_("ruleset"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = GroundQuerySet.as_manager()

    class Meta:
        verbose_name = _("ground")
        verbose_name_plural = _("grounds")
        ordering = ["kind", "position", "code"]
        constraints = [models.UniqueConstraint("kind", "code", "ruleset", name="one_ground_per_code")]

    def __str__(self) -> str:
        return self.label


class RequestKind(models.TextChoices):
    EXTENSION = "extension", _("extension")
    SUSPENSION = "suspension", _("suspension")


class Decided(models.TextChoices):
    ASKED = "asked", _("asked")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class Request(models.Model):
    """The lead unit asks the hotline body for more time or for a pause; at most one of a kind is open.

    working_days: asked for, and after the decision granted (extension only). until: end of the pause, if known.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=12, choices=RequestKind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    working_days = models.PositiveSmallIntegerField(null=True)
    until = models.DateField(null=True)
    reason = SealedText(default="")
    state = models.CharField(max_length=8, choices=Decided.choices, default=Decided.ASKED)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "kind", condition=Q(state="asked"), name="one_open_request_of_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=RequestKind.values), name="request_kind_known"),
            models.CheckConstraint(condition=Q(state__in=Decided.values), name="request_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"


class Ruling(models.Model):
    """Who is responsible, decided by the hotline body when units disagree (裁定). Binding, with its basis."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rulings")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    participant_units = models.JSONField(default=list)
    topic = models.CharField(max_length=3)
    basis = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.lead_unit_id} for {self.case_id}"


class LinkKind(models.TextChoices):
    MERGED_INTO = "merged_into", _("merged into")
    SPLIT_FROM = "split_from", _("split from")
    TWIN = "twin", _("report beside the complaint")
    PREVIOUS = "previous", _("filed again after it was closed")


class CaseLink(models.Model):
    """How one case belongs to another: `case` was merged into, split from, or is the report beside, `other`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=LinkKind.choices)
    active = models.BooleanField(default=True, help_text=_("false once a merge was undone"))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "other", "kind", name="one_link_of_a_kind"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="no_link_to_itself"),
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="link_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class Solved(models.TextChoices):
    YES = "yes", _("solved")
    PARTLY = "partly", _("partly solved")
    NO = "no", _("not solved")


class Outcome(models.Model):
    """What became of the matter, as the lead unit states it when closing. Amounts in yuan."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="outcome")
    solved = models.CharField(max_length=6, choices=Solved.choices)
    ground = models.ForeignKey(Ground, null=True, on_delete=models.PROTECT, related_name="+")
    why_not = SealedText(default="")
    claimed = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    recovered = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    advance_compensation = models.BooleanField(default=False)
    sanction_number = models.CharField(max_length=60, blank=True)
    mediation_number = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(solved__in=Solved.values), name="outcome_solved_known"),
            models.CheckConstraint(
                condition=Q(solved="yes", ground=None) | (~Q(solved="yes") & Q(ground__isnull=False)),
                name="outcome_unsolved_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(claimed__isnull=True) | Q(claimed__gte=0), name="outcome_claimed_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(recovered__isnull=True) | Q(recovered__gte=0), name="outcome_recovered_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.solved} for {self.case_id}"


class Satisfaction(models.Model):
    """What the citizen thinks of it: grade 1 (very dissatisfied) to 5 (very satisfied), by themselves or on the phone.

    solved: "" when not asked. One row for each answer; the newest counts.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="satisfactions")
    at = models.DateTimeField(default=timezone.now)
    by_phone = models.BooleanField(default=False)
    grade = models.PositiveSmallIntegerField(null=True, validators=[MinValueValidator(1), MaxValueValidator(5)])
    solved = models.CharField(max_length=6, choices=Solved.choices, blank=True)
    reached = models.BooleanField(default=True)
    comment = SealedText(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__range=(1, 5)), name="satisfaction_grade_of_five"
            ),
            models.CheckConstraint(condition=Q(reached=True) | Q(grade__isnull=True), name="satisfaction_needs_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.grade} for {self.case_id}"
