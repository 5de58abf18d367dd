"""Accounts in the admin, and cases to look at. Cases are changed by actions only, never here."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from complaints import exchange
from complaints.actions.deadlines import RECOUNT_JOB
from complaints.actions.watchdog import BY_CODE
from complaints.clocks.policies import changed, missing_years
from complaints.lifecycle import MOVES
from complaints.models import (
    Article,
    CalendarDay,
    Case,
    Clock,
    ClockPolicy,
    ClockProfile,
    DocumentCounter,
    FollowUpQuestion,
    Ground,
    Question,
    ReplyTemplate,
    RewardLevel,
    SamplingRule,
    User,
    WaitingLimit,
)
from complaints.models.clock import CONDITION_WORDS
from routing.admin import LoadedAdmin
from routing.admin.exchange import ExchangeMixin


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look for rows: no form here adds, changes or deletes one."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class AccountAdmin(ExchangeMixin, UserAdmin):
    """Role, unit and region decide what an account may see."""

    resource = exchange.UserResource
    list_display = ["username", "display_name", "role", "unit", "region", "is_active"]
    list_filter = ["role", "is_active"]
    list_select_related = ["unit", "region"]
    autocomplete_fields = ["unit", "region"]
    search_fields = ["username", "display_name", "unit__name", "extension"]
    fieldsets = [
        (None, {"fields": ["username", "password", "display_name", "role", "unit", "region", "extension"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2", "display_name", "role", "unit", "region"]}),
    ]


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
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


@admin.register(Question)
class QuestionAdmin(ExchangeMixin, admin.ModelAdmin):
    """What call-takers ask by topic; a field of the routing vocabulary is read by the rules."""

    resource = exchange.QuestionResource
    list_display = ["label", "topics", "field", "kind", "required", "position", "active"]
    list_editable = ["required", "position", "active"]
    list_filter = ["kind", "required", "active"]
    search_fields = ["label", "topics", "field"]


@admin.register(DocumentCounter)
class DocumentCounterAdmin(admin.ModelAdmin):
    """The sign before a unit's document numbers may be changed, the numbers never."""

    list_display = ["unit", "year", "sign", "last"]
    list_select_related = ["unit"]
    search_fields = ["unit__name", "sign"]
    readonly_fields = ["unit", "year", "last"]

    def has_add_permission(self, request: HttpRequest) -> bool:
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
class CalendarDayAdmin(ExchangeMixin, DeadlineAdmin):
    """Holidays and make-up days; says which coming years have no official calendar yet."""

    resource = exchange.CalendarResource
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
class ClockProfileAdmin(ExchangeMixin, DeadlineAdmin):
    """Office hours, colours, and after how many days which step follows."""

    resource = exchange.ProfileResource
    moves_deadlines = True
    list_display = [
        "code", "region", "opens", "noon_from", "noon_to", "closes", "late_is_next_day", "amber_below", "red_below",
        "remind_after", "supervise_after", "superior_after", "origin",
    ]  # fmt: skip
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    search_fields = ["code", "region__full_name"]


@admin.register(ClockPolicy)
class ClockPolicyAdmin(ExchangeMixin, DeadlineAdmin):
    """What runs when and how long. Clocks that run keep their amount; new ones take the new."""

    resource = exchange.PolicyResource
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


@admin.register(Ground)
class GroundAdmin(ExchangeMixin, admin.ModelAdmin):
    """Coded reasons: of returns, refusals, the end of a mediation, decisions on reports. One that was used stays."""

    resource = exchange.GroundResource
    list_display = ["label", "kind", "code", "ruleset", "valid_from", "valid_to", "source", "position"]
    list_filter = ["kind", "ruleset"]
    search_fields = ["label", "code", "source"]


@admin.register(RewardLevel)
class RewardLevelAdmin(ExchangeMixin, admin.ModelAdmin):
    """By which share, between which amounts, a report is rewarded. Rewards already proposed keep their figures."""

    resource = exchange.RewardLevelResource
    list_display = ["label", "percent", "floor", "cap", "finance_from", "valid_from", "valid_to", "source"]
    search_fields = ["label", "code", "source"]


@admin.register(SamplingRule)
class SamplingRuleAdmin(ExchangeMixin, admin.ModelAdmin):
    """Which answers the hotline asks about; read at the next answer."""

    resource = exchange.SamplingResource
    list_display = ["position", "name", "share", "urgencies", "intents", "channels", "reworked", "valid_from"]
    list_display_links = ["name"]


@admin.register(WaitingLimit)
class WaitingLimitAdmin(ExchangeMixin, LoadedAdmin):
    """After how long the watchdog calls something stuck; read at its next look. The steps themselves are fixed."""

    resource = exchange.WaitingLimitResource
    list_display = ["name", "step", "amount", "unit", "source", "origin"]
    list_display_links = ["name"]

    @admin.display(description=_("step"))
    def name(self, limit: WaitingLimit) -> str:
        """As the page of the watchdog calls it."""
        return str(BY_CODE[limit.step].name) if limit.step in BY_CODE else limit.step

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(FollowUpQuestion)
class FollowUpQuestionAdmin(ExchangeMixin, admin.ModelAdmin):
    """The script beyond grade, solved and comment."""

    resource = exchange.ScriptResource
    list_display = ["position", "text", "kind", "intents", "active"]
    list_display_links = ["text"]


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(ExchangeMixin, admin.ModelAdmin):
    """Words for answers; supervisors keep them on a page of their own."""

    resource = exchange.ReplyTemplateResource
    list_display = ["title", "verb", "topics", "intents", "unit", "position", "active"]
    list_editable = ["position", "active"]
    list_filter = ["verb", "active"]
    list_select_related = ["unit"]
    autocomplete_fields = ["unit"]
    search_fields = ["title", "body", "topics"]

    def save_model(self, request: HttpRequest, obj: ReplyTemplate, form: Any, change: bool) -> None:
        obj.changed_by, obj.changed_at = cast(User, request.user), timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(Article)
class ArticleAdmin(ExchangeMixin, ReadOnlyAdmin):
    """To look for and to exchange as a file; articles are written and released on the pages of the knowledge base."""

    resource = exchange.ArticleResource
    list_display = ["code", "title", "unit", "state", "review_due", "hits"]
    list_filter = ["state"]
    list_select_related = ["unit", "latest"]
    search_fields = ["code", "latest__title"]
    readonly_fields = fields = ("code", "title", "unit", "state", "review_due", "hits")

    @admin.display(description=_("title"))
    def title(self, article: Article) -> str:
        """Of the newest version."""
        return article.latest.title if article.latest else ""
