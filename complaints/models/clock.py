"""Deadlines: the calendar, what runs when (policies), and the clocks of each case. docs/clocks.md tells the whole."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Assignment, Case, Channel, Domain, Urgency
from routing.models import Bureau, Region
from routing.models.dated import Dated, Loaded, in_order, one_of

INTENTS = ("complaint", "report", "consult", "suggest", "help", "praise", "follow_up", "withdraw")
CONDITION_WORDS: dict[str, Iterable[str]] = {  # what the conditions of a policy may name
    "intents": INTENTS, "channels": Channel.values, "domains": Domain.values, "urgencies": Urgency.values,
}  # fmt: skip
_KINDS = RegexValidator(r"^[a-z_]+( [a-z_]+)*$", _("Names of steps, separated by one blank."))
_PAUSES = RegexValidator(
    r"^[a-z_]+:[a-z_]+(\|[a-z_]+)*( [a-z_]+:[a-z_]+(\|[a-z_]+)*)*$",
    _("Pairs of steps “stops:goes on”, separated by one blank; several that go on are separated by |."),
)


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("holiday")
    MAKEUP = "makeup", _("make-up working day")


class CalendarDay(Loaded):
    """A day that is not what its weekday says, by the State Council's notice of the year."""

    date = models.DateField(_("day"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind.choices)
    name = models.CharField(_("name"), max_length=20)
    source = models.CharField(_("source"), max_length=80)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working calendar")
        ordering = ["-date"]
        constraints = [one_of("kind", DayKind, "calendar_kind")]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"

    def clean(self) -> None:
        """A holiday on a Sunday or a make-up day on a Monday says nothing, and is a slip of the pen."""
        super().clean()
        if self.date and (self.date.weekday() >= 5) != (self.kind == DayKind.MAKEUP):
            message = gettext("Holidays are entered for Monday to Friday, make-up days for Saturday and Sunday.")
            raise ValidationError({"date": message})


class ClockProfile(Loaded):
    """Office hours and thresholds of a region and all below it; the nearest region's profile counts."""

    code = models.SlugField(_("key"), max_length=20, primary_key=True)
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name=_("region"), null=True, blank=True, related_name="+",
        help_text=_("Only in this region and below; empty: everywhere"),
    )  # fmt: skip
    opens = models.TimeField(_("opens"), default=time(9))
    noon_from = models.TimeField(_("noon break from"), default=time(12))
    noon_to = models.TimeField(_("noon break to"), default=time(13, 30))
    closes = models.TimeField(_("closes"), default=time(17, 30))
    late_is_next_day = models.BooleanField(
        _("late is next day"), default=True,
        help_text=_("What comes after closing or on a rest day counts as received on the next working day."),
    )  # fmt: skip
    amber_below = models.PositiveSmallIntegerField(
        _("yellow below (%)"), default=50, validators=[MaxValueValidator(99), MinValueValidator(2)]
    )
    red_below = models.PositiveSmallIntegerField(
        _("red below (%)"), default=20, validators=[MaxValueValidator(98), MinValueValidator(1)]
    )
    remind_after = models.PositiveSmallIntegerField(_("reminder after (overdue working days)"), default=1)
    supervise_after = models.PositiveSmallIntegerField(_("supervision after (overdue working days)"), default=3)
    superior_after = models.PositiveSmallIntegerField(_("superior told after (overdue working days)"), default=5)
    source = models.CharField(_("source"), max_length=120)

    class Meta:
        verbose_name = _("office hours and reminders")
        verbose_name_plural = _("office hours and reminders")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint("region", nulls_distinct=False, name="profile_one_a_region"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("noon_from"), noon_from__lte=F("noon_to"), noon_to__lt=F("closes")),
                name="profile_hours",
                violation_error_message=_("Office hours must follow one another."),
            ),
            models.CheckConstraint(
                condition=Q(red_below__lt=F("amber_below"), red_below__gte=1, amber_below__lte=99),
                name="profile_colours",
                violation_error_message=_("Red must lie below yellow."),
            ),
            models.CheckConstraint(
                condition=Q(remind_after__gte=1)
                & Q(remind_after__lt=F("supervise_after"))
                & Q(supervise_after__lt=F("superior_after")),
                name="profile_steps",
                violation_error_message=_("The steps for overdue cases must follow one another."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class TimeUnit(models.TextChoices):
    WORKING_DAYS = "wd", _("working days")
    DAYS = "d", _("calendar days")
    HOURS = "h", pgettext_lazy("unit of time", "hours")
    MINUTES = "min", pgettext_lazy("unit of time", "minutes")


class ClockParty(models.TextChoices):
    CASE = "case", _("the case")
    LEAD = "lead", pgettext_lazy("part", "lead unit")
    PARTICIPANT = "participant", _("each participating unit")
    HOTLINE = "hotline", _("the hotline body")


class CountsFrom(models.TextChoices):
    EVENT = "event", _("the step that starts it")
    RECEIPT = "receipt", _("receipt of the case")


class ClockPolicy(Loaded, Dated):
    """One deadline: for which cases it runs, what starts, ends and pauses it, and how long it is.

    Several policies may say how long the same `clock` is: of those that fit, the nearest region's decides, then the
    smallest priority. In force for cases received from `valid_from` to `valid_to`. Conditions are lists separated by
    blanks, empty: any. `amount` in `unit`; working days may be halves.
    """

    code = models.CharField(_("policy"), max_length=60, unique=True, validators=[RegexValidator(r"^[a-z0-9_.-]+$")])
    clock = models.CharField(_("clock"), max_length=40, validators=[RegexValidator(r"^[a-z0-9_.]+$")])
    ruleset = models.CharField(_("ruleset"), max_length=20, blank=True)
    label = models.CharField(_("name"), max_length=40)
    party = models.CharField(_("runs for"), max_length=12, choices=ClockParty.choices, default=ClockParty.CASE)
    public = models.BooleanField(_("shown to the citizen"), default=False)

    intents = models.CharField(_("intents"), max_length=120, blank=True)
    channels = models.CharField(_("channels"), max_length=120, blank=True)
    domains = models.CharField(_("domains"), max_length=60, blank=True)
    bureaus = models.CharField(_("bureaus"), max_length=200, blank=True)
    urgencies = models.CharField(_("urgencies"), max_length=20, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, verbose_name=_("region"), null=True, blank=True, related_name="+",
        help_text=_("Only in this region and below; empty: everywhere"),
    )  # fmt: skip
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=100, help_text=_("The smallest that holds decides")
    )

    starts_on = models.CharField(_("starts on"), max_length=120, validators=[_KINDS])
    counts_from = models.CharField(_("counts from"), max_length=8, choices=CountsFrom.choices, default=CountsFrom.EVENT)
    ends_on = models.CharField(_("ends on"), max_length=160, validators=[_KINDS])
    cancelled_on = models.CharField(_("cancelled on"), max_length=120, blank=True, validators=[_KINDS])
    pauses = models.CharField(_("pauses"), max_length=200, blank=True, validators=[_PAUSES])
    amount = models.DecimalField(
        _("amount"), max_digits=5, decimal_places=1,
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(Decimal(1500))],
    )  # fmt: skip
    unit = models.CharField(_("unit"), max_length=3, choices=TimeUnit.choices)
    is_window = models.BooleanField(
        _("a right that lapses"), default=False, help_text=_("Nobody is late when it runs out, and nobody is reminded")
    )
    outlives_case = models.BooleanField(_("goes on after the case has ended"), default=False)
    extension_limit = models.PositiveSmallIntegerField(
        _("extension, at most"), default=0, help_text=_("In the unit of the policy; 0: cannot be extended")
    )
    source = models.CharField(_("source"), max_length=160)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=[("high", _("high")), ("medium", _("medium")), ("low", _("low"))]
    )

    class Meta:
        verbose_name = _("clock policy")
        verbose_name_plural = _("clock policies")
        ordering = ["clock", "code"]
        constraints = [
            one_of("unit", TimeUnit, "policy_unit"),
            one_of("party", ClockParty, "policy_party"),
            one_of("counts_from", CountsFrom, "policy_counts_from"),
            in_order("policy_days"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="policy_amount"),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """A misspelt condition would never hold, and nobody would notice: refuse it."""
        super().clean()
        wrong: dict[str, str] = {}
        for name, allowed in CONDITION_WORDS.items():
            if strange := [word for word in getattr(self, name).split() if word not in allowed]:
                wrong[name] = gettext("Not known: %(words)s") % {"words": " ".join(strange)}
        bureaus = set(self.bureaus.split())
        if strange := sorted(bureaus - set(Bureau.objects.filter(pk__in=bureaus).values_list("pk", flat=True))):
            wrong["bureaus"] = gettext("Not known: %(words)s") % {"words": " ".join(strange)}
        if self.amount is not None and self.amount % (Decimal("0.5") if self.unit == TimeUnit.WORKING_DAYS else 1):
            wrong["amount"] = gettext("Only working days can be halved.")
        if wrong:
            raise ValidationError(wrong)

    @cached_property
    def start_kinds(self) -> frozenset[str]:
        return frozenset(self.starts_on.split())

    @cached_property
    def end_kinds(self) -> frozenset[str]:
        return frozenset(self.ends_on.split())

    @cached_property
    def cancel_kinds(self) -> frozenset[str]:
        return frozenset(self.cancelled_on.split())

    @cached_property
    def pause_pairs(self) -> dict[str, frozenset[str]]:
        """The step that stops the clock -> those that let it go on."""
        pairs = (pair.split(":") for pair in self.pauses.split())
        return {stop: frozenset(goes_on.split("|")) for stop, goes_on in pairs}

    @cached_property
    def conditions(self) -> dict[str, frozenset[str]]:
        """Fact -> allowed values, only where something is asked."""
        named = {
            "intent": self.intents, "channel": self.channels, "domain": self.domains, "bureau": self.bureaus,
            "urgency": self.urgencies,
        }  # fmt: skip
        return {fact: frozenset(words.split()) for fact, words in named.items() if words}


class ClockState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("clock", "running")
    PAUSED = "paused", pgettext_lazy("clock", "paused")
    MET = "met", pgettext_lazy("clock", "met in time")
    MISSED = "missed", pgettext_lazy("clock", "met too late")
    CANCELLED = "cancelled", pgettext_lazy("clock", "no longer needed")


RUNS = (ClockState.RUNNING, ClockState.PAUSED)


class Clock(models.Model):
    """A deadline of one case, or of one unit at work on it. `amount` and `unit` are those of the policy at the start.

    due_at, amber_at and red_at follow from started_at, amount and `history` (complaints.clocks.due computes them);
    history: [{what, at, kind, version, due, ...}], the audit lines, oldest first. told: how many of the steps amber,
    red, overdue 1, 2, 3 were announced; next_at: when the next one falls due, null when none is left or it is paused.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    assignment = models.ForeignKey(Assignment, null=True, on_delete=models.CASCADE, related_name="clocks")
    policy = models.ForeignKey(ClockPolicy, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=ClockState.choices, default=ClockState.RUNNING)
    amount = models.DecimalField(max_digits=5, decimal_places=1)
    unit = models.CharField(max_length=3, choices=TimeUnit.choices)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField()
    red_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False, help_text="a year without its official calendar was counted")
    told = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    history = models.JSONField(default=list)

    class Meta:
        constraints = [
            one_of("state", ClockState, "clock_state"),
            one_of("unit", TimeUnit, "clock_unit"),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], stopped_at=None)
                | (~Q(state__in=["running", "paused"]) & Q(stopped_at__isnull=False)),
                name="clock_stopped",
            ),
            models.UniqueConstraint(
                "case", "policy", "assignment", condition=Q(stopped_at=None), nulls_distinct=False,
                name="one_open_clock",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index("next_at", name="clock_next", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} of {self.case_id}"

    @property
    def runs(self) -> bool:
        """Whether it still has an end ahead: running or paused."""
        return self.stopped_at is None


class ClockData(models.Model):
    """The one row that says which calendar, profiles and policies are in force: whoever changes them changes `token`.

    fingerprint: of the files loaded last. calendar_token: the token at the last change of calendar or profiles;
    counted_token: the one for which the open clocks were last counted anew.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField(default=uuid.uuid4)
    fingerprint = models.CharField(max_length=64, blank=True)
    calendar_token = models.UUIDField(null=True)
    counted_token = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clockdata_one_row")]

    def __str__(self) -> str:
        return str(self.token)
