"""Official documents made from cases: the frozen facts behind each sheet, its number, and batches of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.sealed import SealedText
from complaints.models.user import User
from routing.models import Unit

SILENT_AFTER: Final = timedelta(minutes=2)  # a batch under way reports with every case


class DocumentCounter(models.Model):
    """The last number that a unit gave in a year, and the sign (机关代字) that stands before its numbers."""

    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)
    sign = models.CharField(_("sign of the unit"), max_length=20)

    class Meta:
        verbose_name = _("numbering of documents")
        verbose_name_plural = _("numbering of documents")
        constraints = [models.UniqueConstraint("unit", "year", name="one_counter_per_unit_and_year")]

    def __str__(self) -> str:
        return f"{self.sign} {self.year}: {self.last}"


class Document(models.Model):
    """One sheet as it was made. Everything on the paper comes from this row, so printing again gives the same.

    facts: JSON of what the paper says, in clear and encrypted; masked only when printed. sha256: of that content,
    hex, so that making the same sheet again brings this one back instead of a new number.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    form = models.CharField(max_length=24)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    facts = SealedText()

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", "year", "serial", name="one_document_per_number"),
            models.CheckConstraint(condition=models.Q(serial__gt=0), name="document_numbers_begin_at_one"),
        ]
        indexes = [models.Index("case", "form", name="document_of_case")]

    def __str__(self) -> str:
        return self.number


class BatchState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class DocumentBatch(models.Model):
    """One form for many cases, asked for by one person. numbers: of the cases, in the order of printing.

    documents: keys of those made so far. refused: [{number, reason}] of cases for which there is none.
    """

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=24)
    numbers = models.JSONField()
    documents = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=BatchState.values), name="document_batch_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.form} for {self.total} cases"

    @property
    def total(self) -> int:
        return len(self.numbers)

    @property
    def done(self) -> int:
        """Cases dealt with so far, made or refused."""
        return len(self.documents) + len(self.refused)

    @property
    def state_now(self) -> str:
        """The state, or `failed` when the worker fell silent."""
        silent = self.state == BatchState.RUNNING and timezone.now() - self.beat_at > SILENT_AFTER
        return BatchState.FAILED.value if silent else self.state
