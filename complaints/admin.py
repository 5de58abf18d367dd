"""Accounts in the admin, and cases to look at. Cases are changed by actions only, never here."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from complaints.actions.deadlines import RECOUNT_JOB
from complaints.clocks.policies import changed, missing_years
from complaints.lifecycle import MOVES
from complaints.models import CalendarDay, Case, Clock, ClockPolicy, ClockProfile, User
from complaints.models.clock import CONDITION_WORDS
from routing.admin import LoadedAdmin


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Role, unit and region decide what an account may see."""

    list_display = ["username", "display_name", "role", "unit", "region", "is_active"]
    list_filter = ["role", "is_active"]
    list_select_related = ["unit", "region"]
    autocomplete_fields = ["unit", "region"]
    search_fields = ["username", "display_name", "unit__name"]
    fieldsets = [
        (None, {"fields": ["username", "password", "display_name", "role", "unit", "region"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2", "display_name", "role", "unit", "region"]}),
    ]


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    """Read only, without words or personal data: for administrators who look for a case, not into it."""

    list_display = ["number", "state", "channel", "topic", "urgency", "region", "lead_unit", "received_at"]
    list_filter = ["state", "channel", "urgency"]
    list_select_related = ["region", "lead_unit"]
    search_fields = ["number"]
    readonly_fields = fields = (
        "number", "state", "channel", "domain", "topic", "intent", "urgency", "region", "lead_unit", "received_at",
        "updated_at", "version",
    )  # fmt: skip
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DeadlineAdmin(LoadedAdmin):
    """Data that decide deadlines: a change reaches every process at once; a changed calendar moves open deadlines."""

    moves_deadlines = False

    def _follow(self) -> None:
        changed(calendar=self.moves_deadlines)
        if self.moves_deadlines:
            with suppress(AlreadyEnqueued), transaction.atomic():  # one that waits will see this change too
                jobs.configure_task(RECOUNT_JOB, queueing_lock="recount").defer(timestamp=0)


@admin.register(CalendarDay)
class CalendarDayAdmin(DeadlineAdmin):
    """Holidays and make-up days; says which coming years have no official calendar yet."""

    moves_deadlines = True
    list_display = ["date", "kind", "name", "source", "origin"]
    list_filter = ["kind", "origin", "name"]
    search_fields = ["date", "name", "source"]
    date_hierarchy = "date"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if missing := missing_years():
            counted = Clock.objects.filter(provisional=True, stopped_at=None).count()
            messages.warning(
                request,
                _("No official calendar for %(years)s yet: only weekends count as rest days; %(count)d deadlines.")
                % {"years": "、".join(map(str, missing)), "count": counted},
            )
        return super().changelist_view(request, extra_context)


@admin.register(ClockProfile)
class ClockProfileAdmin(DeadlineAdmin):
    """Office hours, colours, and after how many days which step follows."""

    moves_deadlines = True
    list_display = [
        "code", "region", "opens", "noon_from", "noon_to", "closes", "late_is_next_day", "amber_below", "red_below",
        "remind_after", "supervise_after", "superior_after", "origin",
    ]  # fmt: skip
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    search_fields = ["code", "region__full_name"]


@admin.register(ClockPolicy)
class ClockPolicyAdmin(DeadlineAdmin):
    """What runs when and how long. Clocks that run keep their amount; new ones take the new."""

    list_display = [
        "code", "label", "amount", "unit", "ruleset", "intents", "bureaus", "region", "confidence", "origin",
    ]  # fmt: skip
    list_filter = ["ruleset", "party", "confidence", "origin"]
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    search_fields = ["code", "label", "source", "region__full_name"]
    fieldsets = [
        (None, {"fields": ["code", "clock", "label", "ruleset", "valid_from", "valid_to", "source", "confidence"]}),
        (
            _("For which cases"),
            {"fields": ["intents", "channels", "domains", "bureaus", "urgencies", "region", "priority"]},
        ),
        (
            _("How it runs"),
            {
                "fields": [
                    "party", "public", "starts_on", "counts_from", "ends_on", "cancelled_on", "pauses", "amount",
                    "unit", "extension_limit", "is_window", "outlives_case", "origin",
                ],
            },
        ),
    ]  # fmt: skip

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Steps that no case can make are pointed out: a misspelt one would never start or end anything."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in ("starts_on", "ends_on", "cancelled_on", "pauses"):
            field.help_text = _("Steps: %(steps)s") % {"steps": " ".join(sorted(MOVES))}
        elif field is not None and db_field.name in CONDITION_WORDS:
            words = " ".join(CONDITION_WORDS[db_field.name])
            field.help_text = _("Any of: %(words)s. Empty: all.") % {"words": words}
        return field
