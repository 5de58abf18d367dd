"""People who work here: one role each, in one unit, over one region."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from routing.models import Region, Unit


class Role(models.TextChoices):
    CALL_TAKER = "call_taker", _("call-taker")
    DISPATCHER = "dispatcher", _("dispatcher")
    OFFICER = "officer", _("bureau officer")
    SUPERVISOR = "supervisor", _("supervisor")
    PARTNER = "partner", _("partner system")


class User(AbstractUser):
    """An account. No role: sees nothing. An officer works for a unit; the hotline's people cover a region."""

    display_name = models.CharField(_("name shown"), max_length=50, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region covered"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    extension = models.CharField(
        pgettext_lazy("telephone", "extension"),
        max_length=20,
        blank=True,
        help_text=_("By which the exchange names this seat"),
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role="officer") | models.Q(unit__isnull=False), name="officer_has_unit"
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=["call_taker", "dispatcher", "supervisor"])
                | models.Q(region__isnull=False),
                name="hotline_covers_region",
            ),
            models.UniqueConstraint("extension", condition=~models.Q(extension=""), name="one_seat_per_extension"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username
